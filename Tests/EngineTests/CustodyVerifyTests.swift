import Engine
import Files
import Foundation
import Journal
import Model
import SiteDatabase
import TestSupport
import Testing

@Suite("What verify finds, and what it mends", .serialized) struct CustodyVerifyTests {
    private func isRepaired(_ findings: [VerifyFinding]) -> Bool {
        !findings.isEmpty && !findings.contains { !$0.isRepaired }
    }

    private let newNames = ["red-bike.jpg", "red-bike-300x200.jpg"]

    @Test("Clean after rename, revert, revert of the revert and tidy, with data read as well")
    func healthy() throws {
        let site = try EngineSite()
        let first = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(try site.found(readingData: true).isEmpty)
        let second = try site.revert(first.id)
        #expect(try site.found(readingData: true).isEmpty)
        _ = try site.revert(second.id)
        #expect(try site.found(readingData: true).isEmpty)
        _ = try site.engine().tidy(retention: 0)
        #expect(try site.found(readingData: true).isEmpty)
        // Chains and old names that stay are no problem either.
        _ = try site.rename(from: "red-bike", to: "blue-boat", oldNames: .forever)
        #expect(try site.found(readingData: true).isEmpty)
    }

    @Test("F1 A journal with a damaged page")
    func damagedJournal() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try site.closeJournal()
        let pages = try EngineSite.run(
            "/usr/bin/sqlite3",
            [
                site.journalPath,
                "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'finding'",
            ]
        ).trimmingCharacters(in: .newlines).split(separator: "|").compactMap { UInt64($0) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: site.journalPath))
        try handle.seek(toOffset: (pages[0] - 1) * pages[1])
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(pages[1])))
        try handle.close()
        try site.openJournal()
        let findings = try site.found()
        #expect(findings.map(\.check) == [.journal])
    }

    @Test("F1 A row whose change set is gone")
    func orphanedRow() throws {
        let site = try EngineSite()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        _ = try EngineSite.run(
            "/usr/bin/sqlite3",
            [site.journalPath, "UPDATE file_move SET change_set = 'J0000000000000'"])
        #expect(try site.found().map(\.check) == [.journal])
        _ = renamed
    }

    @Test("F2 A change set that a crash left")
    func unfinished() throws {
        let site = try EngineSite()
        do {
            _ = try site.rename(
                from: "IMG_1", to: "red-bike", interruption: Interruption(after: 6))
            Issue.record("has to be killed")
        } catch let error as MonikerError {
            #expect(Interruption.caused(error), "\(error)")
        }
        #expect(try site.found().map(\.check) == [.unfinished])
    }

    @Test("F3 A marker without its change set: another home made it")
    func strangeMarker() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try site.sql(
            "INSERT INTO wp_moniker_tx (id, decision) VALUES ('J0123456789ABC', 'commit')")
        #expect(try site.found().map(\.check) == [.marker])
    }

    @Test(
        "F3 F8 A dump from before the rename: every old name works again, and renaming again does")
    func restoredDump() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let dump = try site.dump()
        let renamed = try site.rename(from: "red-bike", to: "blue-boat")
        let later = try site.rename(from: "blue-boat", to: "green-sea")
        try site.restore(dump)
        #expect(try site.engine().lostChangeSets().map(\.id) == [renamed.id, later.id])
        let found = try site.found()
        #expect(found.filter { $0.check == .marker }.count == 2)
        #expect(!found.filter { $0.check == .reference }.isEmpty)
        #expect(!found.contains { $0.isRepaired })
        for name in newNames { #expect(try !site.exists(name)) }

        let repaired = try site.found(repairing: true)
        #expect(isRepaired(repaired), "\(repaired)")
        for name in newNames { #expect(try site.exists(name)) }
        #expect(try site.journal.changeSets().filter(\.isLost).count == 2)
        #expect(try site.engine().lostChangeSets().isEmpty)
        // Nothing takes the old names away on account of the lost change sets.
        _ = try site.engine().tidy(retention: 0)
        for name in newNames { #expect(try site.exists(name)) }
        #expect(try site.found(readingData: true).isEmpty)

        // Made again, and taken back.
        let state = try site.rows()
        let again = try site.rename(from: "red-bike", to: "blue-boat")
        #expect(try !site.rows().contains("red-bike"))
        _ = try site.revert(again.id)
        #expect(try site.rows() == state)
        #expect(try site.found(readingData: true).isEmpty)
    }

    @Test("F3 What an older dump has lost is told until it is repaired, also after more changes")
    func restoredDumpAndMoreChanges() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let dump = try site.dump()
        let lost = try site.rename(from: "red-bike", to: "blue-boat")
        #expect(try site.engine().lostChangeSets().isEmpty)
        try site.restore(dump)
        _ = try site.rename(from: "red-bike", to: "green-sea")
        #expect(try site.engine().lostChangeSets().map(\.id) == [lost.id])
        // As many markers as change sets, but another home's.
        try site.sql(
            "INSERT INTO wp_moniker_tx (id, decision) VALUES ('JZZZZZZZZZZZZZ', 'commit')")
        #expect(try site.engine().lostChangeSets().map(\.id) == [lost.id])
    }

    @Test(
        "F3 F8 A dump from before the first rename, the new files gone too: from trash or original")
    func restoredDumpWithoutFiles() throws {
        for keepsTrash in [true, false] {
            let site = try EngineSite()
            let dump = try site.dump()
            let before = try site.rows()
            let renamed = try site.rename(from: "IMG_1", to: "red-bike")
            try site.restore(dump)
            for name in newNames { try site.remove(name) }
            if !keepsTrash { try site.files.emptyTrash(of: renamed.id) }
            // The id of the database went with the dump; the use cases put it back.
            _ = try site.database.establishIncarnation(
                try #require(try site.journal.changeSets().first).incarnation, prefix: "wp_")
            let repaired = try site.found(repairing: true)
            #expect(isRepaired(repaired), "\(repaired)")
            #expect(try site.rows() == before)
            for name in EngineSite.names {
                #expect(try site.files.status(of: EngineSite.path(name)) != nil)
            }
        }
    }

    @Test("F3 A dump from after: nothing to do, and a mark that is no longer true goes")
    func restoredDumpFromAfter() throws {
        let site = try EngineSite()
        let before = try site.dump()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        let after = try site.dump()
        try site.restore(after)
        #expect(try site.found(readingData: true).isEmpty)
        #expect(try site.engine().lostChangeSets().isEmpty)
        try site.journal.setLost(true, of: renamed.id)
        _ = try site.found(repairing: true)
        #expect(try site.journal.changeSets().allSatisfy { !$0.isLost })
        _ = before
    }

    @Test("F4 Another database than the journal's")
    func otherDatabase() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try site.sql("UPDATE wp_moniker_tx SET decision = 'another' WHERE id = 'incarnation'")
        #expect(try site.found().contains { $0.check == .incarnation })
    }

    @Test("F5 An original that is missing, and one that is damaged; both are stored again")
    func originals() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let paths = try EngineSite.run(
            "/usr/bin/find",
            [site.root.appendingPathComponent("home/originals").path, "-type", "f"]
        ).split(separator: "\n").map(String.init)
        try FileManager.default.removeItem(atPath: paths[0])
        #expect(try site.found().map(\.check) == [.original])
        try Data("rotten".utf8).write(to: URL(fileURLWithPath: paths[1]))
        #expect(try site.found().map(\.check) == [.original])
        #expect(try site.found(readingData: true).map(\.check) == [.original, .original])
        let repaired = try site.found(readingData: true, repairing: true)
        #expect(repaired.count == 2 && isRepaired(repaired))
        #expect(try site.found(readingData: true).isEmpty)
        let digests = try EngineSite.run(
            "/usr/bin/sha256sum", paths
        ).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(digests.allSatisfy { $0[1].hasSuffix($0[0]) })
    }

    @Test("F6 A renamed file that is gone comes back from the original")
    func missingFile() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let before = try site.snapshot()
        try site.remove("red-bike.jpg")
        #expect(try site.found().map(\.check) == [.file])
        #expect(isRepaired(try site.found(repairing: true)))
        #expect(
            try site.snapshot().components(separatedBy: "red-bike.jpg").count
                == before.components(separatedBy: "red-bike.jpg").count)
        #expect(try site.found(readingData: true).isEmpty)
    }

    @Test("F6 Other content under an unchanged time, found with data read")
    func silentDamage() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let file = site.upload("red-bike.jpg")
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        let time = try EngineSite.run("/usr/bin/stat", ["-c", "%y", file.path])
        var content = try Data(contentsOf: file)
        content[0] ^= 1
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: content)
        try handle.close()
        _ = try EngineSite.run(
            "/usr/bin/touch", ["-d", time.trimmingCharacters(in: .newlines), file.path])
        #expect(try site.found().isEmpty)
        #expect(try site.found(readingData: true).map(\.check) == [.file])
        // Somebody's own edit is worth knowing, and no problem.
        try Data("edited by somebody".utf8).write(to: file)
        #expect(try site.found(readingData: true).isEmpty)
        #expect(try site.noted(readingData: true).map(\.check).contains(.file))
        _ = attributes
    }

    @Test("F6 An old name that should still work and is gone works again")
    func missingOldName() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike", oldNames: .forever)
        try site.remove("IMG_1.jpg")
        #expect(try site.found().map(\.check) == [.file])
        #expect(isRepaired(try site.found(repairing: true)))
        #expect(try site.exists("IMG_1.jpg"))
        #expect(try site.found(readingData: true).isEmpty)
    }

    @Test("F8 F9 A value that names an old name, gone and alive, in a row and in a text file")
    func references() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try site.sql(
            "INSERT INTO wp_posts VALUES (9, 'stale /wp-content/uploads/2024/05/IMG_1.jpg')")
        let found = try site.found()
        #expect(found.map(\.check) == [.reference])
        #expect(found.first?.message.contains("wp_posts.post_content#9") == true)
        #expect(isRepaired(try site.found(repairing: true)))
        #expect(try site.found().isEmpty)
        #expect(try site.noted().map(\.check).contains(.straggler))
        try Data("b{background:url(/wp-content/uploads/2024/05/IMG_1-300x200.jpg)}".utf8).write(
            to: site.root.appendingPathComponent("uploads/2024/05/style.css"))
        let css = EngineSite.path("2024/05/style.css")
        let inFile = try site.engine().verify(
            policy: EverythingPolicy(),
            options: VerifyOptions(readingData: false, repairing: false, textFiles: [css])
        ).filter { !$0.isInformation }
        #expect(inFile.map(\.check) == [.reference])
    }

    @Test("F10 Values that somebody changed since are counted, and are no problem")
    func drift() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(try site.noted().isEmpty)
        try site.sql("UPDATE wp_posts SET post_content = post_content || '!' WHERE ID = 1")
        try site.sql("DELETE FROM wp_posts WHERE ID = 2")
        #expect(try site.found().isEmpty)
        let notes = try site.noted()
        #expect(notes.map(\.check) == [.drift])
        #expect(notes.first?.message.contains("one of 2") == true)
    }

    @Test("F11 A half written file and an old name that came back: into the trash")
    func leftovers() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let before = try site.rows()
        try Data("half".utf8).write(to: site.upload(".moniker-1f2e3d"))
        try Data("somebody's".utf8).write(to: site.upload(".moniker-notes"))
        try FileManager.default.linkItem(
            at: site.upload("red-bike.jpg"), to: site.upload("IMG_1.jpg"))
        #expect(try site.found().map(\.check) == [.leftover, .leftover])
        #expect(isRepaired(try site.found(repairing: true)))
        #expect(try !site.exists("IMG_1.jpg"))
        #expect(try !site.exists(".moniker-1f2e3d"))
        #expect(try site.exists(".moniker-notes"))
        #expect(try site.exists("red-bike.jpg"))
        #expect(try site.rows() == before)
        #expect(try site.found(readingData: true).isEmpty)
    }

    @Test("F11 An old name that something names is not taken away")
    func neededLeftover() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        try FileManager.default.linkItem(
            at: site.upload("red-bike.jpg"), to: site.upload("IMG_1.jpg"))
        try site.sql("INSERT INTO wp_posts VALUES (9, '/wp-content/uploads/2024/05/IMG_1.jpg')")
        #expect(try site.found(repairing: true).isEmpty)
        #expect(try site.exists("IMG_1.jpg"))
    }

    @Test("F12 Originals and trash that no change set needs")
    func unreferenced() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(try site.noted().isEmpty)
        _ = try site.files.storeOriginal(EngineSite.css)
        #expect(try site.noted().map(\.check) == [.unreferenced])
        let stranger = site.root.appendingPathComponent("home/trash/J0123456789ABC")
        try FileManager.default.createDirectory(at: stranger, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: stranger.appendingPathComponent("0"))
        #expect(try site.noted().first?.message.contains("one of 2") == true)
        #expect(try site.found().isEmpty)
    }

    @Test("F13 Originals and trash beyond their retention")
    func retention() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let findings = try site.engine().verify(
            policy: EverythingPolicy(),
            options: VerifyOptions(readingData: false, repairing: false, retention: 0))
        #expect(findings.map(\.check) == [.retention])
        #expect(!findings.contains { !$0.isInformation })
        // Two originals and two retired names.
        #expect(findings.first?.message.contains("one of 4") == true)
    }

    @Test("F15 A copy with another mode; a mode that a person changed is only noted")
    func mode() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        _ = try EngineSite.run("/bin/chmod", ["640", site.upload("red-bike.jpg").path])
        #expect(try site.found().isEmpty)
        #expect(try site.noted().map(\.check) == [.mode])
        let file = site.upload("red-bike-300x200.jpg").path
        _ = try EngineSite.run(
            "/bin/sh",
            ["-c", "cp -p \"$0\" \"$0.x\" && mv \"$0.x\" \"$0\" && chmod 600 \"$0\"", file])
        #expect(try site.found().map(\.check) == [.mode])
    }

    @Test("F16 Twins by letter case and by Unicode normalization")
    func twins() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "café")
        #expect(try site.found().isEmpty)
        try Data("x".utf8).write(to: site.upload("CAFÉ.jpg"))
        #expect(try site.found().map(\.check) == [.twin])
        // The same name, its accent as a character of its own.
        let decomposed = "cafe\u{301}-300x200.jpg"
        _ = try EngineSite.run(
            "/bin/sh",
            ["-c", "cd \"$0\" && touch \"$1\"", site.upload("").path, decomposed])
        #expect(try site.found().map(\.check) == [.twin, .twin])
    }
}

extension EngineSite {
    /// What `verify` calls a problem.
    func found(
        readingData: Bool = false, repairing: Bool = false
    ) throws -> [VerifyFinding] {
        try verify(readingData: readingData, repairing: repairing).filter { !$0.isInformation }
    }

    /// What `verify` notes.
    func noted(readingData: Bool = false) throws -> [VerifyFinding] {
        try verify(readingData: readingData).filter(\.isInformation)
    }

    func upload(_ name: String) -> URL {
        root.appendingPathComponent("uploads/2024/05/" + name)
    }

    func exists(_ name: String) throws -> Bool {
        FileManager.default.fileExists(atPath: upload(name).path)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(at: upload(name)) }

    private var sitePath: String { root.appendingPathComponent("site.sqlite").path }

    /// Every row of the site's own tables.
    func rows() throws -> String {
        try Self.run(
            "/usr/bin/sqlite3",
            [
                sitePath,
                "SELECT ID, quote(post_content) FROM wp_posts; SELECT quote(line) FROM wp_log;",
            ])
    }

    /// A dump of the whole database, as SQL.
    func dump() throws -> String { try Self.run("/usr/bin/sqlite3", [sitePath, ".dump"]) }

    /// Restores a dump over the database, which stays the same file.
    func restore(_ dump: String) throws {
        let file = root.appendingPathComponent("dump.sql")
        let tables = try Self.run(
            "/usr/bin/sqlite3", [sitePath, "SELECT name FROM sqlite_schema WHERE type = 'table'"])
        let drops = tables.split(separator: "\n").map { "DROP TABLE \"\($0)\";\n" }.joined()
        try Data((drops + dump).utf8).write(to: file)
        _ = try Self.run("/usr/bin/sqlite3", [sitePath, ".read \(file.path)"])
    }
}
