import Foundation
import Testing

/// The command that is disturbed.
enum Direction: String, CaseIterable, CustomTestStringConvertible {
    case rename
    case revert

    var testDescription: String { rawValue }
}

/// A site with its two clean states, on which a command is disturbed again and again.
///
/// A change set that was disturbed must end in one of the two states, and from there back to the first.
final class FaultScene {
    let site: TestSite
    /// What is disturbed, in the forward direction.
    let rename: [String]
    let before: Snapshot
    let after: Snapshot
    /// How long an undisturbed rename takes.
    let length: Duration
    /// What was found so far, one line a violation.
    private(set) var violations: [String] = []
    private(set) var tried = 0
    /// The disk that the site is on, where it is one of its own.
    private let disk: Disk?
    /// The rename that is being taken back, while a revert is disturbed.
    private var renamed: String?

    /// Renames and reverts once undisturbed, to know both states.
    init(_ site: TestSite, rename: [String], on disk: Disk? = nil) throws {
        self.site = site
        self.disk = disk
        self.rename = rename
        before = try site.snapshot()
        let clock = ContinuousClock()
        let start = clock.now
        let report = try site.change(rename)
        length = clock.now - start
        after = try site.snapshot()
        try site.change(["revert", try #require(report.journal)])
        try site.expectUnchanged(since: before)
        try FileManager.default.createDirectory(at: states, withIntermediateDirectories: true)
        for (name, snapshot) in [("before", before), ("after", after)] {
            try Data(snapshot.tables.utf8).write(to: states.appendingPathComponent("\(name).dump"))
            try Data(snapshot.tree.utf8).write(to: states.appendingPathComponent("\(name).tree"))
        }
    }

    /// The family with references in every dress, in tables and text files, renamed alone.
    static func oneFamily(_ site: TestSite, on disk: Disk? = nil) throws -> FaultScene {
        try FaultScene(
            site, rename: ["rename", "\(try site.id("photo"))", "name-a", "--keep-old", "none"],
            on: disk)
    }

    /// Every attachment in one change set.
    static func library(_ site: TestSite) throws -> FaultScene {
        try FaultScene(
            site, rename: ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
    }

    /// Beside the copy of the site, which is replaced after a violation.
    private var states: URL { site.root.appendingPathComponent("fault-states") }

    // MARK: One disturbed command

    /// The arguments of the command to disturb; for a revert, after the rename that it takes back.
    func arguments(_ direction: Direction) throws -> [String] {
        renamed = direction == .rename ? nil : try site.change(rename).journal
        return renamed.map { ["revert", $0] } ?? rename
    }

    /// Tries one fault: `disturb` runs the command and says how it ended; nil when it was killed.
    func attempt(
        _ what: String, _ direction: Direction, afterRecovery: () throws -> Void = {},
        disturb: ([String]) throws -> CommandResult?
    ) throws {
        tried += 1
        var found: [String] = []
        let arguments = try arguments(direction)
        let result = try disturb(arguments)
        if let result { found += complaints(about: result) }
        found += try wrongNames()
        found += try settle(
            direction, after: result, afterRecovery: afterRecovery)
        guard !found.isEmpty else { return }
        let message = "\(what): " + found.joined(separator: "\n  ")
        violations.append(message)
        Issue.record("\(message)")
        try startAfresh()
    }

    /// What is wrong with the way a command ended that was not killed.
    private func complaints(about result: CommandResult) -> [String] {
        let said = "\(result.errors.prefix(1500))"
        if result.wasKilled { return ["ended by signal \(result.status): \(said)"] }
        if result.status == 124 { return ["did not end within a minute: \(said)"] }
        guard [0, 1, 3, 75].contains(result.status) else {
            return ["ended with status \(result.status): \(said)"]
        }
        if [1, 75].contains(result.status), result.errorLines.isEmpty {
            return ["ended with status \(result.status) and without a word: \(said)"]
        }
        return []
    }

    /// The names in the database that are no files with the right content, at this moment.
    func wrongNames() throws -> [String] {
        let said = try runHelper(
            "python3",
            [
                TestSite.package.path + "/Tests/Support/faults/named-files.py", states.path,
                site.uploads.path,
            ], input: try runHelper(TestSite.script, ["dump", site.root.path]))
        var lines = said.split(separator: "\n").map(String.init)
        let looked = Int(lines.removeLast()) ?? 0
        if looked < 50 { lines.append("only \(looked) names were found in the database") }
        return lines.map { "before recovery: \($0)" }
    }

    /// Recovers without a fault: all old or all new, and from there back to the beginning.
    func settle(
        _ direction: Direction? = nil, after result: CommandResult? = nil,
        afterRecovery: () throws -> Void = {}
    ) throws -> [String] {
        let recovered = try site.moniker(["recover"])
        guard recovered.status == 0, !recovered.wasKilled else {
            return ["recover ended with \(recovered.status): \(recovered.errors)"]
        }
        try afterRecovery()
        var found: [String] = []
        var now = try site.snapshot()
        if let direction, let result {
            let isDone = (now == before) == (direction == .revert)
            // What the exit status has said before recovery has to be true after it.
            if result.status == 0, !isDone { found.append("ended with 0 and was not done") }
            if [1, 75].contains(result.status), isDone {
                found.append("ended with \(result.status) and was done: \(result.errors)")
            }
        }
        let verified = try site.moniker(["verify"])
        if verified.status != 0 { found.append("verify: \(verified.output) \(verified.errors)") }
        if now != before {
            // Times of folders are those of the rename.
            if now.withoutFolderTimes != after.withoutFolderTimes {
                let toOld = now.differences(from: before).prefix(3).map { $0.prefix(200) }
                    .joined(separator: "\n  ")
                let toNew = now.withoutFolderTimes.differences(from: after.withoutFolderTimes)
                    .prefix(3).map { $0.prefix(200) }
                    .joined(separator: "\n  ")
                found.append("neither all old:\n  \(toOld)\n  nor all new:\n  \(toNew)")
            }
            let reverted = try site.moniker(["revert", try renamed ?? latestJournal()])
            if reverted.status != 0 { found.append("revert: \(reverted.errors)") }
            now = try site.snapshot()
            if now != before {
                let differences = now.differences(from: before).prefix(3).map { $0.prefix(200) }
                found.append("after the revert:\n  \(differences.joined(separator: "\n  "))")
            }
        }
        let again = try site.moniker(["recover"])
        if again.status != 0 || !again.output.contains("Nothing to recover") {
            found.append("the second recovery: \(again.output) \(again.errors)")
        }
        return found
    }

    private func latestJournal() throws -> String {
        try site.latestJournal(in: try site.moniker(["--json", "journal"]).output)
    }

    /// A fresh copy of the site, so that one violation is not counted again and again.
    private func startAfresh() throws {
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        disk?.remove()
        try runHelper(
            TestSite.script, ["restore", site.root.path, site.engine.rawValue, owner])
        try disk?.create()
    }
}

extension Snapshot {
    /// The same without the times of folders, which are those of the last change in them.
    var withoutFolderTimes: Snapshot {
        let lines = tree.split(separator: "\n").map { line in
            line.contains("\td\t") ? line.prefix { $0 != "\t" } : line
        }
        return Snapshot(tables: tables, tree: lines.joined(separator: "\n"))
    }
}
