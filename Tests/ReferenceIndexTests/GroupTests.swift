import Foundation
import Model
import ReferenceIndex
import TestSupport
import Testing

/// Rows that are asked for by their group.
@Suite(.serialized) struct GroupTests {
    /// The ids that the index tells for a title; nil where it tells none.
    private func told(_ site: IndexSite, _ titles: String...) throws -> Set<Int64>? {
        try site.index.rows(inGroups: titles.map { Array($0.utf8) }, of: "wp_posts").map { keys in
            Set(
                keys.compactMap {
                    if case .integer(let number) = $0.parts.first?.value { number } else { nil }
                })
        }
    }

    /// The ids of the rows with one of some titles, byte for byte, by the database.
    private func ids(_ site: IndexSite, _ titles: String...) throws -> Set<Int64> {
        let digits = titles.map { title in
            "'\(title.utf8.map { String(format: "%02X", $0) }.joined())'"
        }
        return Set(
            try site.sql(
                "SELECT id FROM wp_posts WHERE HEX(title) IN (\(digits.joined(separator: ", ")));"
            ).split(separator: "\n").compactMap { Int64($0) })
    }

    @Test(
        "every row of a group is told after any edits, and few others",
        arguments: SiteEngine.available,
        [.none, .between, .withQuestions] as [ReferenceIndex.Upkeep])
    func edits(engine: SiteEngine, upkeep: ReferenceIndex.Upkeep) throws {
        let site = try IndexSite(engine)
        var random = SplitMix64(seed: 5)
        let titles = ["a", "b", "", "a/b", "ä"]
        var next = 0
        func edits(_ count: Int) -> String {
            (0..<count).map { _ in
                let title = titles.randomElement(using: &random) ?? ""
                let id = Int.random(in: 0...next, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: return "UPDATE wp_posts SET title = '\(title)' WHERE id = \(id);"
                case 1: return "DELETE FROM wp_posts WHERE id = \(id);"
                default:
                    next += 1
                    return "INSERT INTO wp_posts VALUES (\(next), '\(title)', 'x');"
                }
            }.joined(separator: "\n")
        }
        try site.sql(edits(200))
        try site.index.turnOn()
        site.index.upkeep = upkeep
        for round in 0..<8 {
            try site.sql(edits(10))
            for title in titles {
                let expected = try ids(site, title)
                let answer = try #require(try told(site, title), "\(site.index.notes)")
                #expect(answer.isSuperset(of: expected), "round \(round), \(title)")
                #expect(answer.count <= expected.count + 80)
            }
            let both = try #require(try told(site, "a", "ä"))
            #expect(both.isSuperset(of: try ids(site, "a", "ä")))
            if upkeep != .none { try site.index.keepUp() }
        }
        if upkeep != .none {
            #expect(try told(site, "a") == (try ids(site, "a")))
            #expect(try told(site, "a").map(\.isEmpty) == false)
        }
        #expect(site.index.notes.isEmpty)
    }

    @Test(
        "a table that is altered between two questions is examined again",
        arguments: SiteEngine.available)
    func altered(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        let path = Storm.paths[0]
        try site.sql("INSERT INTO wp_posts VALUES (1, 'a', 'x');")
        try site.index.turnOn()
        #expect(try told(site, "a") == [1])
        try site.sql(
            """
            DROP TABLE wp_posts;
            CREATE TABLE wp_posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT, extra TEXT);
            INSERT INTO wp_posts VALUES (2, 'a', 'x', '/wp-content/uploads/\(path)');
            """)
        let answer = try #require(try site.lookUp([path]))
        #expect(answer == (try site.scan([path])))
        #expect(answer.count == 1)
        #expect(try told(site, "a") == nil)
    }

    @Test(
        "triggers that are missing are noticed by the second question after the first",
        arguments: SiteEngine.available)
    func missingTriggers(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.sql("INSERT INTO wp_posts VALUES (1, 'a', 'x');")
        try site.index.turnOn()
        let path = Storm.paths[0]
        #expect(try told(site, "a") == [1])
        #expect(try site.lookUp([path])?.count == 0)
        let names = try site.sql(
            engine == .sqlite
                ? "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'wp_posts';"
                : "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_TABLE = 'wp_posts' AND TRIGGER_SCHEMA = DATABASE();"
        ).split(separator: "\n")
        #expect(names.count == 3)
        try site.sql(names.map { "DROP TRIGGER \($0);" }.joined(separator: "\n"))
        try site.sql("INSERT INTO wp_posts VALUES (2, 'a', '/wp-content/uploads/\(path)');")
        // What the first question examined served the second, and no other.
        #expect(try site.lookUp([path])?.count == 1)
        #expect(try told(site, "a") == nil)
    }
}
