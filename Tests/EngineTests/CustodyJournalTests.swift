import Engine
import Files
import Foundation
import Journal
import Model
import TestSupport
import Testing

@Suite("A lost journal", .serialized) struct CustodyJournalTests {
    @Test("Rebuilt from its manifests: every row as before, and every change set reverts")
    func rebuilt() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let first = try site.rename(
            from: "IMG_1", to: "red-bike", attachments: [7, 8], oldNames: .forever)
        _ = try site.revert(first.id, only: [AttachmentID(8)])
        let again = try site.revert(try #require(try site.journal.changeSets().first).id, only: nil)
        _ = try site.revert(again.id, only: [AttachmentID(8)])
        do {
            _ = try site.rename(
                from: "IMG_1", to: "never", interruption: Interruption(after: 6))
            Issue.record("has to be killed")
        } catch let error as MonikerError {
            #expect(["killed", "name-taken", "file-missing"].contains(error.code.rawValue))
        }
        _ = try site.recover()
        let rows = try site.journalRows()
        let state = try site.snapshot()
        try site.loseJournal()
        #expect(throws: MonikerError.self) { try site.openJournal() }
        let rebuilt = try JournalStore.rebuild(path: site.journalPath)
        #expect(try rebuilt?.changeSets == site.openedJournal().changeSets().count)
        #expect(try site.journalRows() == rows)
        #expect(try site.recover().isEmpty)
        #expect(try site.verify(readingData: true).isEmpty)
        #expect(try site.snapshot() == state)
        _ = try site.revert(first.id, only: nil)
        let last = try site.snapshot()
        #expect(
            last.components(separatedBy: ".").first == before.components(separatedBy: ".").first)
        #expect(!last.contains("red-bike.jpg'"))
    }

    @Test(
        "A rename of everything, the journal deleted, rebuilt, reverted: every byte, mode and time")
    func revertsAfterRebuilding() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        try site.loseJournal()
        _ = try JournalStore.rebuild(path: site.journalPath)
        try site.openJournal()
        _ = try site.revert(renamed.id)
        #expect(try site.snapshot() == before)
        #expect(try site.verify(readingData: true).isEmpty)
    }

    @Test("Killed at any effect and the journal lost as well: all old or all new")
    func killedAndLost() throws {
        var limit = 0
        var finished = false
        var violations = 0
        while !finished {
            let site = try EngineSite()
            let before = try site.snapshot()
            do {
                _ = try site.rename(
                    from: "IMG_1", to: "red-bike", interruption: Interruption(after: limit))
                finished = true
            } catch let error as MonikerError {
                #expect(Interruption.caused(error), "\(error)")
            }
            if try !site.journal.changeSets().isEmpty {
                try site.loseJournal()
                _ = try JournalStore.rebuild(path: site.journalPath)
                try site.openJournal()
            }
            _ = try site.recover()
            let state = try site.snapshot()
            if state != before {
                let isMixed = state.contains("IMG_1")
                #expect(!isMixed, "killed after \(limit): a mix")
                _ = try site.revert(try #require(try site.journal.changeSets().first).id)
                let isBack = try site.snapshot() == before
                #expect(isBack, "killed after \(limit)")
                violations += isMixed || !isBack ? 1 : 0
            }
            let wrong = try site.verify(readingData: true)
            violations += wrong.count
            #expect(wrong.isEmpty, "killed after \(limit)")
            limit += 1
        }
        #expect(limit > 15)
        try FaultLedger.record(
            layer: "L3", "rename killed at every effect and the journal lost", tried: limit,
            violations: violations)
    }

    @Test(
        "Missing, empty, damaged or older than its manifests: refused as journal-lost, kept aside")
    func refused() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let rows = try site.journalRows()
        try site.closeJournal()
        let old = try Data(contentsOf: URL(fileURLWithPath: site.journalPath))
        try site.openJournal()
        _ = try site.rename(from: "red-bike", to: "blue-boat")
        let newest = try site.journalRows()
        #expect(rows != newest)

        try site.loseJournal()
        expectLost(site)
        for content in [Data("this is no database, whatever its name says".utf8), old] {
            _ = try JournalStore.rebuild(path: site.journalPath)
            #expect(try site.journalRows() == newest)
            try site.loseJournal()
            try content.write(to: URL(fileURLWithPath: site.journalPath))
            expectLost(site)
        }
        let rebuilt = try #require(try JournalStore.rebuild(path: site.journalPath))
        let previous = try #require(rebuilt.previous)
        let kept = try EngineSite.run(
            "/usr/bin/sqlite3", [previous, "SELECT count(*) FROM change_set"])
        #expect(kept == "1\n")
        #expect(try site.journalRows() == newest)
        // A sound journal is left alone.
        #expect(try JournalStore.rebuild(path: site.journalPath) == nil)
    }

    @Test("A damaged or missing manifest is refused, with nothing changed: never a guess")
    func damagedManifest() throws {
        let site = try EngineSite()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        _ = try site.rename(from: "red-bike", to: "blue-boat")
        try site.loseJournal()
        let folder = site.root.appendingPathComponent("home/manifests")
        let state = folder.appendingPathComponent("\(renamed.id).state.json")
        let cells = folder.appendingPathComponent("\(renamed.id).cells.json")
        let wholeState = try Data(contentsOf: state)
        let wholeCells = try Data(contentsOf: cells)

        try wholeCells.dropLast(30).write(to: cells)
        #expect(throws: MonikerError.self) { try JournalStore.rebuild(path: site.journalPath) }
        #expect(!FileManager.default.fileExists(atPath: site.journalPath))
        try wholeCells.write(to: cells)

        // Without its end, a change set that is not the newest could only be guessed about.
        try FileManager.default.removeItem(at: state)
        #expect(throws: MonikerError.self) { try JournalStore.rebuild(path: site.journalPath) }
        #expect(!FileManager.default.fileExists(atPath: site.journalPath))
        try wholeState.write(to: state)
        #expect(try JournalStore.rebuild(path: site.journalPath)?.changeSets == 2)
    }

    @Test("A journal from before there were manifests gets them with the next change set")
    func completed() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try FileManager.default.removeItem(at: site.root.appendingPathComponent("home/manifests"))
        _ = try site.rename(from: "red-bike", to: "blue-boat")
        let rows = try site.journalRows()
        try site.loseJournal()
        #expect(try JournalStore.rebuild(path: site.journalPath)?.changeSets == 2)
        #expect(try site.journalRows() == rows)
    }

    private func expectLost(_ site: EngineSite) {
        do {
            _ = try JournalStore(path: site.journalPath)
            Issue.record("has to be refused")
        } catch {
            #expect(error.code == .journalLost)
            #expect(error.message.contains("--rebuild-journal"))
        }
    }
}

extension EngineSite {
    var journalPath: String { root.appendingPathComponent("home/journal.sqlite").path }

    func openedJournal() throws -> any ChangeJournal {
        try openJournal()
        return journal
    }

    func openJournal() throws { journal = try JournalStore(path: journalPath) }

    /// Lets go of the journal's files: another one is opened in its place.
    func closeJournal() throws {
        journal = try JournalStore(path: root.appendingPathComponent("elsewhere.sqlite").path)
        _ = try Self.run("/usr/bin/sqlite3", [journalPath, "PRAGMA wal_checkpoint(TRUNCATE)"])
    }

    /// Deletes the journal and whatever SQLite keeps beside it.
    func loseJournal() throws {
        try closeJournal()
        for suffix in ["", "-wal", "-shm"] {
            let path = journalPath + suffix
            if FileManager.default.fileExists(atPath: path) {
                try FileManager.default.removeItem(atPath: path)
            }
        }
    }

    /// Every row of every table of the journal, by the sqlite3 shell.
    func journalRows() throws -> String {
        let tables = [
            "change_set", "file_move", "assignment", "cell_edit", "file_edit", "directory_time",
            "finding",
            "released_original", "site_binding",
        ]
        return try tables.map {
            try Self.run(
                "/usr/bin/sqlite3",
                ["-cmd", ".mode quote", journalPath, "SELECT '\($0)', * FROM \($0) ORDER BY 2, 3"])
        }.joined()
    }

    /// Renames the two files as files of two attachments.
    func rename(
        from old: String, to new: String, attachments: [Int64], oldNames: OldNamePolicy
    ) throws -> ChangeOutcome {
        let moves = zip(["", "-300x200"], attachments).map { suffix, attachment in
            ProposedMove(
                attachment: AttachmentID(attachment), role: "attached",
                old: Self.path("2024/05/\(old)\(suffix).jpg"),
                new: Self.path("2024/05/\(new)\(suffix).jpg"))
        }
        let proposal = ChangeProposal(
            kind: .rename, moves: moves, policy: EverythingPolicy(), textFiles: [Self.css],
            oldNames: oldNames)
        return try engine().apply(try Planner(ports: ports(), scope: Self.scope).plan(proposal))
    }

    /// Reverts a change set for some attachments.
    func revert(_ id: JournalID, only: Set<AttachmentID>?) throws -> ChangeOutcome {
        let revert = try RevertProposer(ports: ports()).proposal(reverting: id, only: only)
        let proposal = ChangeProposal(
            kind: .revert, moves: revert.moves, policy: EverythingPolicy(),
            textFiles: [Self.css], oldNames: .none, findings: revert.findings,
            undoing: revert.undoing)
        return try engine().apply(try Planner(ports: ports(), scope: Self.scope).plan(proposal))
    }
}
