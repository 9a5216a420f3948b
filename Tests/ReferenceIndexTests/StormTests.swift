import Foundation
import Hashing
import Model
import ReferenceIndex
import SiteDatabase
import TestSupport
import Testing

/// The index answers as a full scan does, whatever happens to the site.
@Suite(.serialized) struct StormTests {
    @Test(
        "the index finds what a full scan finds after a storm of edits",
        arguments: SiteEngine.available, [11, 12] as [UInt64])
    func storm(engine: SiteEngine, seed: UInt64) throws {
        let site = try IndexSite(engine)
        var storm = Storm(engine, seed: seed)
        try site.sql(storm.edits(150))
        try site.index.turnOn()
        var found = 0
        for round in 0..<25 {
            try site.sql(storm.edits(Int.random(in: 1...30, using: &storm.random)))
            if round == 12 {
                let word = engine == .sqlite ? "DELETE FROM" : "TRUNCATE"
                try site.sql("\(word) wp_posts;\n" + storm.edits(60))
            }
            if round.isMultiple(of: 5) { try site.reopenIndex() }
            // Who does not take notes in, or not now, has to find as much.
            site.index.upkeep = [.none, .between, .withQuestions][round % 3]
            if round % 6 == 4 { try site.index.keepUp() }
            for _ in 0..<3 {
                let paths = storm.somePaths()
                let answer = try #require(
                    try site.lookUp(paths), "round \(round): \(site.index.notes)")
                let scanned = try site.scan(paths)
                #expect(answer == scanned, "round \(round) \(paths)")
                found += scanned.count
            }
        }
        #expect(found > 500)
        #expect(site.index.notes.isEmpty)
        #expect(!site.index.needsRepair)
    }

    @Test(
        "a question leaves a few changes to who keeps the index up, and finds their rows",
        arguments: SiteEngine.available)
    func upkeep(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        let path = Storm.paths[0]
        try site.index.turnOn()
        site.index.upkeep = .between
        func insert(_ ids: ClosedRange<Int>) throws {
            let rows = ids.map { "(\($0), '', '/wp-content/uploads/\(path)')" }
            try site.sql("INSERT INTO wp_posts VALUES \(rows.joined(separator: ", "));")
        }
        func pending() throws -> Int { try site.index.status().pending }
        try insert(1...64)
        #expect(try site.lookUp([path])?.count == 64)
        #expect(try pending() == 64)
        try site.index.keepUp()
        #expect(try pending() == 0)
        #expect(try site.lookUp([path])?.count == 64)
        try insert(201...265)
        #expect(try site.lookUp([path])?.count == 129)
        #expect(try pending() == 0)
        #expect(site.index.notes.isEmpty)
    }

    @Test("who keeps the index up notices that it is wrong", arguments: SiteEngine.available)
    func drift(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        let path = Storm.paths[0]
        try site.sql("INSERT INTO wp_posts VALUES (1, '', '/wp-content/uploads/\(path)');")
        try site.index.turnOn()
        site.index.upkeep = .between
        _ = try runProgram(
            ["sqlite3", site.indexFile, "DELETE FROM name; DELETE FROM known_row;"])
        #expect(try site.lookUp([path])?.count == 0)
        try site.index.keepUp()
        #expect(site.index.needsRepair)
        try site.index.repair()
        #expect(try site.lookUp([path])?.count == 1)
    }

    @Test(
        "the index misses nothing that is written while it reads", arguments: [21, 22] as [UInt64])
    func concurrency(seed: UInt64) throws {
        guard TestServer.socket != nil else { return }
        let site = try IndexSite(.mariadb)
        var storm = Storm(.mariadb, seed: seed)
        try site.sql(storm.edits(150))
        // Two editors whose transactions overlap, so that a note with a lower number is committed
        // after one with a higher.
        let scripts = (0..<2).map { _ in storm.edits(1_500) }
        let editors = scripts.map { script in
            let name = site.name
            return Thread { _ = try? IndexSite.client(name, script, isStubborn: true) }
        }
        for editor in editors { editor.start() }
        try site.index.turnOn()
        var lookups = 0
        while editors.contains(where: { !$0.isFinished }) {
            _ = try site.lookUp(storm.somePaths())
            lookups += 1
            if site.index.needsRepair { try site.index.repair() }
        }
        #expect(lookups > 3)
        for path in Storm.paths {
            let answer = try #require(try site.lookUp([path]), "\(site.index.notes)")
            #expect(answer == (try site.scan([path])))
        }
        #expect(site.index.notes.isEmpty)
    }

    @Test("a note that is committed late is taken in, whatever its number")
    func lateCommit() throws {
        guard TestServer.socket != nil else { return }
        let site = try IndexSite(.mariadb)
        try site.sql("INSERT INTO wp_posts VALUES (1, '', 'x'), (2, '', 'x');")
        try site.index.turnOn()
        let path = Storm.paths[0]
        let body = "/wp-content/uploads/\(path)"
        let table = try #require(try site.scannedTables().first { $0.name == "wp_posts" })
        let key = RowKey(
            parts: [RowKey.Part(column: "id", value: .integer(1))], isPrimary: true)
        let late = try MariaDBDatabase(IndexSite.options(site.name))
        var before: Int?
        var failure: (any Error)?
        try late.transaction { (transaction) throws(MonikerError) -> Void in
            let changed = try transaction.compareAndSwap(
                table: table, key: key, column: "body",
                expected: SHA256.digest(of: Array("x".utf8)), value: .string(body))
            guard changed else { return }
            do {
                try site.sql("UPDATE wp_posts SET body = '\(body)' WHERE id = 2;")
                before = try site.lookUp([path])?.count
            } catch { failure = error }
        }
        #expect(failure == nil)
        #expect(before == 1)
        #expect(try site.lookUp([path])?.count == 2)
        #expect(try site.lookUp([path]) == site.scan([path]))
    }
}
