import Files
import Foundation
import Model
import TestSupport
import Testing

@testable import Engine

/// What a revert of many files does not look at again, and what it must notice all the same.
@Suite struct BulkRevertTests {
    private static let hour: Int64 = 3_600_000_000_000

    /// A site with files of contents of their own, renamed.
    private struct Renamed {
        let site: EngineSite
        let id: JournalID
        let before: String

        init(files: Int) throws {
            site = try EngineSite()
            var moves: [ProposedMove] = []
            for number in 0..<files {
                let folder = number % 2 == 0 ? "2023/01" : "2024/09"
                let file = site.root.appendingPathComponent("uploads/\(folder)/old-\(number).jpg")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("picture \(number)".utf8).write(to: file)
                moves.append(
                    ProposedMove(
                        attachment: AttachmentID(Int64(number)), role: "attached",
                        old: EngineSite.path("\(folder)/old-\(number).jpg"),
                        new: EngineSite.path("\(folder)/new-\(number).jpg")))
            }
            before = try site.snapshot()
            let proposal = ChangeProposal(
                kind: .rename, moves: moves, policy: EverythingPolicy(), textFiles: [],
                oldNames: .none)
            let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(proposal)
            id = try site.engine().apply(plan).id
        }

        /// Plans the revert, as long after the rename as is said.
        func plan(after shift: Int64 = hour) throws -> ChangePlan {
            let revert = try RevertProposer(ports: site.ports()).proposal(reverting: id, only: nil)
            let ports = EnginePorts(
                database: site.database, files: site.files, journal: site.journal,
                clock: ShiftedClock(by: shift), random: SystemRandom())
            return try Planner(ports: ports, scope: EngineSite.scope).plan(
                ChangeProposal(
                    kind: .revert, moves: revert.moves, policy: EverythingPolicy(), textFiles: [],
                    oldNames: .none, findings: revert.findings, undoing: revert.undoing))
        }

        func url(_ move: FileMoveRecord) -> URL {
            site.root.appendingPathComponent("uploads/\(move.old)")
        }

        /// Where the original of a file is.
        func original(_ move: FileMoveRecord) throws -> URL {
            let digest = try #require(move.digest).description
            return site.root.appendingPathComponent("home/originals/\(digest.prefix(2))/\(digest)")
        }
    }

    @Test(
        "an original that is gone, or not as long as its file, is stored again",
        arguments: [3, 1203], [true, false])
    func damagedOriginal(files: Int, isGone: Bool) throws {
        let renamed = try Renamed(files: files)
        let plan = try renamed.plan()
        let move = plan.moves[files / 2]
        let original = try renamed.original(move)
        if isGone {
            try FileManager.default.removeItem(at: original)
        } else {
            try Data("pic".utf8).write(to: original)
        }
        _ = try renamed.site.engine().apply(plan)
        #expect(try Data(contentsOf: original) == Data("picture \(files / 2)".utf8))
        #expect(try renamed.site.snapshot() == renamed.before)
        #expect(try renamed.site.verify(readingData: true).isEmpty)
    }

    @Test(
        "a file that was written since the plan stops everything, whatever its time says",
        arguments: [3, 1203], [0, hour])
    func rewritten(files: Int, after shift: Int64) throws {
        let renamed = try Renamed(files: files)
        let plan = try renamed.plan(after: shift)
        let move = plan.moves[files / 2]
        let status = try #require(try renamed.site.files.status(of: move.old))
        // In place, as many bytes, and its time put back: only the time of change tells.
        let handle = try FileHandle(forWritingTo: renamed.url(move))
        try handle.write(contentsOf: Data("P".utf8))
        try handle.close()
        let seconds = status.modified / 1_000_000_000
        let nanoseconds = String(status.modified % 1_000_000_000)
        let fraction = String(repeating: "0", count: 9 - nanoseconds.count) + nanoseconds
        _ = try EngineSite.run(
            "/usr/bin/touch", ["-m", "-d", "@\(seconds).\(fraction)", renamed.url(move).path])
        #expect(try renamed.site.files.status(of: move.old) == status)
        let before = try renamed.site.snapshot()
        do {
            _ = try renamed.site.engine().apply(plan)
            Issue.record("a file that nobody has read was taken for the planned one")
        } catch {
            #expect(error.code == .fileChanged)
            #expect(error.message.contains("\(move.old)"))
        }
        #expect(try renamed.site.snapshot() == before)
    }

    @Test("the time of a file tells nothing until two seconds have gone by", arguments: [3, 1203])
    func settling(files: Int) throws {
        let renamed = try Renamed(files: files)
        let early = try renamed.plan(after: 0)
        // The rename of many may have taken that long.
        #expect(early.lastChanges.last == .some(nil))
        let late = try renamed.plan()
        #expect(late.lastChanges.count == files)
        #expect(late.lastChanges.allSatisfy { $0 != nil })
    }

    @Test("a plan of a rename keeps no times of files: all of them are read again")
    func renamesReadAgain() throws {
        let site = try EngineSite()
        let ports = EnginePorts(
            database: site.database, files: site.files, journal: site.journal,
            clock: ShiftedClock(by: Self.hour), random: SystemRandom())
        let plan = try Planner(ports: ports, scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .rename,
                moves: [
                    ProposedMove(
                        attachment: AttachmentID(7), role: "attached",
                        old: EngineSite.path(EngineSite.names[0]),
                        new: EngineSite.path("2024/05/red-bike.jpg"))
                ], policy: EverythingPolicy(), textFiles: [], oldNames: .none))
        #expect(plan.lastChanges.isEmpty)
    }

    @Test(
        "a folder that is moved away while its files are stored stops everything",
        arguments: [true, false])
    func movedFolder(isMadeAgain: Bool) throws {
        let renamed = try Renamed(files: 1203)
        let plan = try renamed.plan()
        let folder = renamed.site.root.appendingPathComponent("uploads/2023/01")
        let away = renamed.site.root.appendingPathComponent("uploads/2023/away")
        var isMoved = false
        let engine = Engine(ports: renamed.site.ports(), scope: EngineSite.scope) { progress in
            guard progress.phase == .files, progress.done > 200, !isMoved else { return }
            isMoved = true
            do {
                try FileManager.default.moveItem(at: folder, to: away)
                if isMadeAgain {
                    try FileManager.default.createDirectory(
                        at: folder, withIntermediateDirectories: false)
                }
            } catch {
                Issue.record(error)
            }
        }
        do {
            _ = try engine.apply(plan)
            Issue.record("files of a folder that is gone were renamed")
        } catch {
            #expect(error.code == .fileChanged, "\(error)")
            #expect(error.message.contains("2023/01"))
        }
        #expect(isMoved)
        if isMadeAgain { try FileManager.default.removeItem(at: folder) }
        try FileManager.default.moveItem(at: away, to: folder)
        // Where the folder was gone, even undoing had to wait for it.
        _ = try renamed.site.recover()
        #expect(try renamed.site.recover().isEmpty)
        _ = try renamed.site.engine().apply(try renamed.plan())
        #expect(try Self.names(renamed.before) == Self.names(try renamed.site.snapshot()))
    }

    /// The lines of a snapshot without the times of folders, which the test itself changes.
    private static func names(_ snapshot: String) throws -> [Substring] {
        snapshot.split(separator: "\n").filter { !$0.contains(" d ") }
    }
}
