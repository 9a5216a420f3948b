import Engine
import Foundation
import Journal
import Model
import TestSupport
import Testing

/// Text files below uploads, more than are written down together.
@Suite struct TextFilesTests {
    private static let count = 120

    private let site: EngineSite
    private let files: [MediaPath]

    init() throws {
        site = try EngineSite()
        files = (0..<Self.count).map { EngineSite.path("css/post-\($0).css") }
        for (number, file) in files.enumerated() {
            // Every tenth has nothing to rewrite.
            let name = number.isMultiple(of: 10) ? "other" : "IMG_1"
            try Data("a{background:url(/wp-content/uploads/2024/05/\(name).jpg)}/*\(number)*/".utf8)
                .write(to: url(file))
        }
    }

    private func url(_ file: MediaPath) -> URL {
        site.root.appendingPathComponent("uploads/\(file)")
    }

    private func apply(
        _ kind: ChangeSetRecord.Kind, _ moves: [ProposedMove], undoing: Undoing? = nil,
        _ interruption: Interruption? = nil
    ) throws -> ChangeOutcome {
        let plan = try Planner(ports: site.ports(interruption), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: kind, moves: moves, policy: EverythingPolicy(), textFiles: files,
                oldNames: .none, undoing: undoing))
        return try site.engine(interruption).apply(plan)
    }

    private func rename(_ interruption: Interruption? = nil) throws -> ChangeOutcome {
        let moves = ["", "-300x200"].map {
            ProposedMove(
                attachment: AttachmentID(7), role: "attached",
                old: EngineSite.path("2024/05/IMG_1\($0).jpg"),
                new: EngineSite.path("2024/05/red-bike\($0).jpg"))
        }
        return try apply(.rename, moves, interruption)
    }

    private func revert(
        _ id: JournalID, _ interruption: Interruption? = nil
    ) throws -> ChangeOutcome {
        let revert = try RevertProposer(ports: site.ports()).proposal(reverting: id, only: nil)
        return try apply(.revert, revert.moves, undoing: revert.undoing, interruption)
    }

    private func recover() throws {
        _ = try site.engine().recover(policy: EverythingPolicy(), textFiles: files)
    }

    /// How many text files name a file, by grep.
    private func naming(_ name: String) throws -> Int {
        let found = try EngineSite.run(
            "/bin/sh",
            [
                "-c", "grep -rlF \"$1\" \"$0\" | wc -l",
                site.root.appendingPathComponent("uploads/css").path, name,
            ])
        return try #require(Int(found.split(separator: "\n")[0]))
    }

    @Test("all are rewritten, written down some at a time, and come back from a rebuilt journal")
    func many() throws {
        let before = try site.snapshot()
        let renamed = try rename()
        let expected = Self.count - Self.count / 10
        #expect(try naming("red-bike") == expected)
        #expect(try site.journal.fileEdits(of: renamed.id).map(\.sequence) == Array(0..<expected))
        let manifests = try FileManager.default.contentsOfDirectory(
            atPath: site.root.appendingPathComponent("home/manifests").path
        ).filter { $0.contains(".file-") }
        #expect(
            Set(manifests)
                == Set([0, 50, 100].map { "\(renamed.id).file-\($0).json" }))
        let rows = try site.journalRows()
        try site.loseJournal()
        _ = try JournalStore.rebuild(path: site.journalPath)
        #expect(try site.journalRows() == rows)
        try site.openJournal()
        _ = try revert(renamed.id)
        #expect(try site.snapshot() == before)
    }

    @Test(
        "a file that somebody writes meanwhile is left to them, and no other", arguments: [1, 119])
    func meanwhile(_ number: Int) throws {
        let file = url(files[number])
        var isWritten = false
        let moves = [
            ProposedMove(
                attachment: AttachmentID(7), role: "attached",
                old: EngineSite.path("2024/05/IMG_1.jpg"),
                new: EngineSite.path("2024/05/red-bike.jpg"))
        ]
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .rename, moves: moves, policy: EverythingPolicy(), textFiles: files,
                oldNames: .none))
        let engine = Engine(ports: site.ports(), scope: EngineSite.scope) { _ in
            guard !isWritten else { return }
            isWritten = true
            do { try Data("theirs".utf8).write(to: file) } catch { Issue.record(error) }
        }
        _ = try engine.apply(plan)
        #expect(isWritten)
        #expect(try Data(contentsOf: file) == Data("theirs".utf8))
        #expect(try naming("red-bike") == Self.count - Self.count / 10 - 1)
        #expect(try naming("IMG_1.jpg") == 0)
    }

    @Test(
        "killed between any of them, recovered and reverted: every byte and time",
        arguments: [0, 1])
    func killed(_ first: Int) throws {
        // An odd step: neither of the two visits what the other does.
        var limit = first
        var finished = false
        var states: Set<Int> = []
        while !finished {
            let test = try TextFilesTests()
            let before = try test.site.snapshot()
            do {
                let renamed = try test.rename()
                _ = try test.revert(renamed.id, Interruption(after: limit))
                finished = true
            } catch let error as MonikerError {
                #expect(Interruption.caused(error), "\(error)")
            }
            states.insert(try test.naming("red-bike"))
            try test.recover()
            if try test.naming("red-bike") > 0 {
                #expect(try test.naming("IMG_1.jpg") == 0, "killed after \(limit): a mix")
                let newest = try #require(
                    try test.site.journal.changeSets().first { $0.kind == .rename })
                _ = try test.revert(newest.id)
            }
            #expect(try test.site.snapshot() == before, "killed after \(limit)")
            limit += 14
        }
        // Some of the kills were between two files.
        #expect(states.count > 5)
    }
}
