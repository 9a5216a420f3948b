import Foundation
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// Moniker while others work on the same site.
    @Suite("Races") enum Races {}
}

/// The rows of the ledger, each the sum over all seeds of this run.
enum RaceLedger {
    private static let rows = Mutex<[String: (tried: Int, violations: Int)]>([:])

    /// Adds to a row and writes it down.
    static func add(_ name: String, tried: Int, violations: Int) throws {
        let sum = rows.withLock { rows in
            let old = rows[name] ?? (0, 0)
            rows[name] = (old.tried + tried, old.violations + violations)
            return (tried: old.tried + tried, violations: old.violations + violations)
        }
        print("\(name): \(tried) tried, \(violations) violations")
        try FaultLedger.record(
            layer: "L7", name, tried: sum.tried, violations: sum.violations)
    }
}

/// Counts what broke an invariant; each of these fails the test, too.
final class Tally {
    private(set) var violations = 0

    /// Counts a violation unless `holds`.
    func expect(
        _ holds: Bool, _ what: @autoclosure () -> String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard !holds else { return }
        violations += 1
        Issue.record("\(what())", sourceLocation: sourceLocation)
    }

    /// Expects that not one byte of a site differs from an earlier moment.
    func expectUnchanged(
        _ site: TestSite, since before: Snapshot, _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let now = try site.snapshot()
        expect(
            now == before,
            "changed: \(what)\n\(now.differences(from: before).joined(separator: "\n"))",
            sourceLocation: sourceLocation)
    }

    /// Expects a judge to find nothing wrong.
    func expectJudgement(
        _ site: TestSite, _ judge: String, _ arguments: [String], _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        struct Verdict: Decodable { var wrong: [String] }
        let result = try site.php(judge, arguments)
        let verdict = try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8))
        expect(
            verdict.wrong.isEmpty && result.status == 0,
            "\(what): \(judge): \(verdict.wrong.prefix(20).joined(separator: "\n"))",
            sourceLocation: sourceLocation)
    }

    /// Expects WordPress to find every file that it names.
    func expectWordPressIsContent(
        _ site: TestSite, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expectJudgement(
            site, "judge-wordpress.php", [], what, sourceLocation: sourceLocation)
    }

    /// Expects `verify` to find nothing.
    func expectVerified(
        _ site: TestSite, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let checked = try site.moniker(["verify", "--read-data"])
        expect(checked.status == 0, "\(what): \(checked.output)", sourceLocation: sourceLocation)
    }
}

/// Where the scripts of these tests are.
let raceScripts = TestSite.package.appendingPathComponent("Tests/Support/races")

/// Nanoseconds of CLOCK_MONOTONIC, which the scripts use too.
func monotonicNanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

/// Waits for a condition, for half a minute at most.
func wait(
    for what: String, seconds: Double = 30, until condition: () throws -> Bool
) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while try !condition() {
        guard clock.now < deadline else {
            throw HelperFailure(description: "waited in vain for \(what)")
        }
        usleep(1000)
    }
}

/// A file's two names and its content.
struct TwoNames: Codable {
    var attachment: Int
    var old: String
    var new: String
    var sha256: String
}

extension TestSite {
    /// The arguments that rename every attachment.
    func libraryRename(keepOld: String?) -> [String] {
        ["--json", "rename", "--map", libraryMap.path]
            + (keepOld.map { ["--keep-old", $0] } ?? [])
    }

    /// The names that a bulk rename gives, by its dry run, with the digests of the files as they are.
    func plannedNames() throws -> [TwoNames] {
        struct Plan: Decodable {
            struct Change: Decodable {
                var kind: String
                var attachment: Int?
                var before: String
                var after: String
            }
            var changes: [Change]
        }
        let dryRun = try moniker(["--json", "rename", "--map", libraryMap.path, "--dry-run"])
        let plan = try JSONDecoder().decode(Plan.self, from: Data(dryRun.output.utf8))
        let digests = try digests()
        let names = try plan.changes.filter { $0.kind == "file" }.map {
            TwoNames(
                attachment: try #require($0.attachment), old: $0.before, new: $0.after,
                sha256: try #require(digests[$0.before]))
        }
        try #require(names.count > 100)
        return names
    }

    /// The SHA-256 of every file below uploads, by sha256sum.
    func digests() throws -> [String: String] {
        var digests: [String: String] = [:]
        for line in try runHelper(Self.script, ["tree", root.path]).split(separator: "\n")
        where line.wholeMatch(of: /[0-9a-f]{64}  \.\/.*/) != nil {
            digests[String(line.dropFirst(68))] = String(line.prefix(64))
        }
        return digests
    }

    /// Whether the store of originals has this content, by sha256sum.
    func hasOriginal(_ sha256: String) throws -> Bool {
        let found = try runHelper(
            "find", [home.appendingPathComponent("originals").path, "-name", "\(sha256)*"])
        guard let file = found.split(separator: "\n").first else { return false }
        return try runHelper("sha256sum", [String(file)]).hasPrefix(sha256)
    }

    /// Starts one of the race scripts inside the site's WordPress.
    func startRaceScript(_ script: String, _ arguments: [String]) throws -> RunningCommand {
        try RunningCommand(Self.script, ["php", root.path, "../races/\(script)"] + arguments)
    }

    /// Runs one of the race scripts inside the site's WordPress and returns what it printed.
    @discardableResult
    func raceScript(_ script: String, _ arguments: [String]) throws -> String {
        try runHelper(Self.script, ["php", root.path, "../races/\(script)"] + arguments)
    }

    /// Every row that can be read, without a lock: one hash a table.
    func readableTables() throws -> String { try raceScript("fingerprint.php", []) }

    /// Whether the database holds the new names, by one attachment.
    func holdsNewNames() throws -> Bool {
        let attached = try sql(
            "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' "
                + "AND post_id = \(try id("photo"));")
        return attached == "2024/05/renamed-photo-file.jpg\n"
    }

    /// The code of a failed command.
    func code(of result: CommandResult) throws -> String {
        try FailureReport(json: result.output).error.code
    }
}
