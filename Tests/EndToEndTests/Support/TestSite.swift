import Foundation
import Testing

/// The two kinds of database that the same WordPress site is on.
enum Engine: String, CaseIterable, CustomTestStringConvertible {
    case mariadb
    case sqlite

    var testDescription: String { rawValue }
}

/// A new name for an attachment.
struct NewName {
    var id: Int
    var name: String

    init(_ id: Int, _ name: String) {
        self.id = id
        self.name = name
    }
}

/// Every byte of a site's tables and every name, mode and time of its uploads.
struct Snapshot: Equatable {
    var tables: String
    var tree: String

    /// The first lines that differ, so that a failed comparison can be understood.
    func differences(from other: Snapshot) -> [String] {
        var found: [String] = []
        for (mine, theirs) in [(tables, other.tables), (tree, other.tree)] where mine != theirs {
            let mineLines = Set(mine.split(separator: "\n"))
            let theirLines = Set(theirs.split(separator: "\n"))
            found += mineLines.subtracting(theirLines).sorted().prefix(8)
                .map { "now:    \($0.prefix(400))" }
            found += theirLines.subtracting(mineLines).sorted().prefix(8)
                .map { "before: \($0.prefix(400))" }
        }
        return found
    }
}

/// A copy of the test site, with its server running while the test runs.
///
/// There is one at a time, always at the same path: the suite is serialized.
struct TestSite {
    let engine: Engine
    let root: URL
    /// Ids and names of the attachments by what the builder calls them.
    let attachments: [String: Attachment]

    struct Attachment: Decodable {
        var id: Int
        var folder: String
        var stem: String
        var names: [String: String]
    }

    /// The folder of the package.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let script = package.appendingPathComponent("Tests/Support/wordpress/site.sh").path
    private static let sites = package.appendingPathComponent(".test/site")

    /// Built once a run, and only when the builder changed.
    private static let built = Result {
        try runHelper(script, ["ensure", sites.path, "--attachments", "12", "--posts", "60"])
    }

    var live: URL { root.appendingPathComponent("live") }
    var wordpress: URL { live.appendingPathComponent("www") }
    var uploads: URL { wordpress.appendingPathComponent("wp-content/uploads") }
    var home: URL { live.appendingPathComponent("home") }
    /// The map file that renames every attachment.
    var libraryMap: URL { live.appendingPathComponent("rename-map.csv") }
    var database: URL { wordpress.appendingPathComponent("wp-content/database/.ht.sqlite") }

    /// Gives `body` a fresh copy of the site, and ends its server afterwards.
    static func with(_ engine: Engine, _ body: (TestSite) throws -> Void) throws {
        _ = try built.get()
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        try runHelper(script, ["restore", sites.path, engine.rawValue, owner])
        defer {
            do { try runHelper(script, ["stop", sites.path]) } catch { Issue.record(error) }
        }
        let files = try Data(contentsOf: sites.appendingPathComponent("live/files.json"))
        let site = TestSite(
            engine: engine, root: sites,
            attachments: try JSONDecoder().decode([String: Attachment].self, from: files))
        try body(site)
    }

    /// The id of an attachment by what the builder calls it.
    func id(_ alias: String) throws -> Int { try #require(attachments[alias]?.id) }

    // MARK: The program

    /// The arguments that name this site, before the command.
    var siteArguments: [String] {
        ["--site", wordpress.path, "--home", home.path]
    }

    /// Runs the program on this site.
    func moniker(_ arguments: [String], measuresMemory: Bool = false) throws -> CommandResult {
        try run(
            MonikerBinary.path, siteArguments + arguments, measuresMemory: measuresMemory)
    }

    /// Runs a writing command that has to succeed, and checks its report.
    @discardableResult
    func change(
        _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ChangeReport {
        let result = try moniker(["--json"] + arguments)
        try #require(
            result.status == 0 && !result.wasKilled,
            "\(arguments) ended with \(result.status): \(result.errors) \(result.output.prefix(2000))",
            sourceLocation: sourceLocation)
        let report = try ChangeReport(json: result.output)
        #expect(report.state == "done", sourceLocation: sourceLocation)
        return report
    }

    /// Renames attachments in one change set and returns its journal id.
    func rename(
        _ names: [NewName], keepOld: String = "none",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let map = try write(map: names)
        let report = try change(
            ["rename", "--map", map.path, "--keep-old", keepOld], sourceLocation: sourceLocation)
        return try #require(report.journal, sourceLocation: sourceLocation)
    }

    /// Writes a map file.
    func write(map names: [NewName]) throws -> URL {
        let lines = ["id,name"] + names.map { "\($0.id),\($0.name)" }
        let file = live.appendingPathComponent("map-\(UUID().uuidString).csv")
        try Data((lines.joined(separator: "\r\n") + "\r\n").utf8).write(to: file)
        return file
    }

    // MARK: Looking at it

    /// Every byte of tables and tree.
    func snapshot() throws -> Snapshot {
        Snapshot(
            tables: try runHelper(Self.script, ["dump", root.path]),
            tree: try runHelper(Self.script, ["tree", root.path]))
    }

    /// Expects that nothing differs from an earlier snapshot.
    func expectUnchanged(
        since before: Snapshot, _ what: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let now = try snapshot()
        guard now != before else { return }
        let differences = now.differences(from: before).joined(separator: "\n")
        Issue.record("changed \(what)\n\(differences)", sourceLocation: sourceLocation)
    }

    /// Expects every row and file to be what the renames in force make of it.
    func expectRenamed(
        _ names: [NewName], oldNamesStay: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let map = try write(map: names)
        let arguments =
            names.isEmpty ? [] : [map.path] + (oldNamesStay ? ["--old-names"] : [])
        try expectJudgement("judge-data.php", arguments, sourceLocation: sourceLocation)
    }

    /// Expects that WordPress finds every file that it names.
    ///
    /// Only WordPress on MariaDB can tell.
    func expectWordPressIsContent(
        _ arguments: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        guard engine == .mariadb else { return }
        try expectJudgement("judge-wordpress.php", arguments, sourceLocation: sourceLocation)
    }

    /// Expects a judge to find nothing wrong, and to have looked at something.
    func expectJudgement(
        _ judge: String, _ arguments: [String], sourceLocation: SourceLocation
    ) throws {
        let result = try php(judge, arguments)
        try #require(
            result.output.hasPrefix("{"), "\(judge): \(result.errors) \(result.output)",
            sourceLocation: sourceLocation)
        let judged = try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8))
        if !judged.wrong.isEmpty {
            let first = judged.wrong.prefix(20).joined(separator: "\n")
                .replacing("\0", with: "\\0")
            Issue.record(
                "\(judge) finds \(judged.wrong.count):\n\(first)", sourceLocation: sourceLocation)
        }
        #expect(judged.checked.values.allSatisfy { $0 > 10 }, sourceLocation: sourceLocation)
    }

    private struct Verdict: Decodable {
        var wrong: [String]
        var checked: [String: Int]
    }

    /// Runs a PHP script of the tests.
    func php(_ script: String, _ arguments: [String] = []) throws -> CommandResult {
        try run(Self.script, ["php", root.path, script] + arguments)
    }

    /// Runs SQL as the database's administrator and returns its rows.
    @discardableResult
    func sql(_ statements: String) throws -> String {
        try runHelper(Self.script, ["sql", root.path], input: statements)
    }
}

/// Where the program is that is tested.
enum MonikerBinary {
    static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["MONIKER_BINARY"] { return named }
        let candidates = ["release", "debug"].map {
            TestSite.package.appendingPathComponent(".build/\($0)/moniker").path
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? candidates[0]
    }()
}
