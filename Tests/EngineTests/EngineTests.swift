import Engine
import Files
import Foundation
import Model
import TestSupport
import Testing

@Suite("The engine on real files and SQLite", .serialized) struct EngineTests {
    @Test("T02 T04 Rename, revert, revert the revert, revert again: every byte, mode and time")
    func roundTrips() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        let after = try site.snapshot()
        #expect(after != before)
        #expect(after.contains("s:40:\"/wp-content/uploads/2024/05/red-bike.jpg\""))
        #expect(!after.contains("IMG_1"))
        #expect(renamed.references == 5)

        let reverted = try site.revert(renamed.id)
        #expect(try site.snapshot() == before)
        let again = try site.revert(reverted.id)
        #expect(try site.snapshot() == after)
        _ = try site.revert(again.id)
        #expect(try site.snapshot() == before)
    }

    @Test(
        "D03 W30 (differs: rewritten) Equal rows without a key: each is rewritten once and comes back"
    )
    func rowsWithoutKey() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(
            try site.snapshot().components(
                separatedBy: "'see /wp-content/uploads/2024/05/red-bike.jpg'"
            ).count == 3)
    }

    @Test("T05 A chain reverts from its beginning: the file is followed")
    func chainFromBeginning() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let first = try site.rename(from: "IMG_1", to: "red-bike")
        let second = try site.rename(from: "red-bike", to: "blue-boat")
        _ = try site.revert(first.id)
        #expect(try site.snapshot() == before)
        #expect(throws: MonikerError.self) { try site.revert(second.id) }
    }

    @Test("T03 An edit between rename and revert stays; the names in it go back")
    func editSurvives() throws {
        let site = try EngineSite()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        try site.sql(
            "UPDATE wp_posts SET post_content = 'Hello! ' || post_content WHERE ID = 1")
        _ = try site.revert(renamed.id)
        let after = try site.snapshot()
        #expect(
            after.contains("'Hello! <img src=\"/wp-content/uploads/2024/05/IMG_1-300x200.jpg\">'"))
    }

    @Test("T06 The old name was taken meanwhile: refused, nothing changed")
    func oldNameTaken() throws {
        let site = try EngineSite()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        try Data("somebody else's".utf8).write(
            to: site.root.appendingPathComponent("uploads/2024/05/IMG_1.jpg"))
        let before = try site.snapshot()
        do {
            _ = try site.revert(renamed.id)
            Issue.record("the revert has to be refused")
        } catch let error as MonikerError {
            #expect(error.code == .nameTaken)
        }
        #expect(try site.snapshot() == before)
    }

    @Test(
        "T07 T16 Both names work until tidy retires the old one, and never a name that lives again")
    func oldNamesStay() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike", oldNames: .nanoseconds(1))
        // Renamed back by hand: the old name of the first change set is the live one again.
        _ = try site.rename(from: "red-bike", to: "IMG_1", oldNames: .forever)
        _ = try site.engine().tidy(retention: .max)
        let status = try site.files.status(of: EngineSite.path("2024/05/IMG_1.jpg"))
        #expect(status != nil)
        let both = try site.files.status(of: EngineSite.path("2024/05/red-bike.jpg"))
        #expect(both?.identity == status?.identity)
    }

    @Test("A value that stays opaque keeps its old name alive")
    func opaqueKeepsOldName() throws {
        let site = try EngineSite()
        try site.sql(
            "INSERT INTO wp_posts VALUES (4, 'a:1:{i:0;s:9:\"/wp-content/uploads/2024/05/IMG_1.jpg\";}')"
        )
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(renamed.findings.contains { $0.reason == "malformed-serialized" })
        #expect(try site.files.status(of: EngineSite.path("2024/05/IMG_1.jpg")) != nil)
        #expect(try site.files.status(of: EngineSite.path("2024/05/IMG_1-300x200.jpg")) == nil)
    }

    @Test("A cell that a unique key refuses is a conflict; the rest goes on and the old name stays")
    func uniqueKeyRefuses() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        try site.sql(
            """
            CREATE TABLE wp_links (id INTEGER PRIMARY KEY, url TEXT UNIQUE);
            INSERT INTO wp_links VALUES (1, '/wp-content/uploads/2024/05/IMG_1.jpg'),
                (2, '/wp-content/uploads/2024/05/red-bike.jpg');
            """)
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(renamed.findings.map(\.reason) == ["duplicate-key"])
        #expect(renamed.references == 5)
        #expect(try site.files.status(of: EngineSite.path("2024/05/IMG_1.jpg")) != nil)
        _ = try site.revert(renamed.id)
        // The twin that named the new file from the start goes on naming it, so that name stays.
        let after = try site.snapshot()
        #expect(
            after.components(separatedBy: "2024/05/").first
                == before.components(separatedBy: "2024/05/").first)
        #expect(after.contains("'<img src=\"/wp-content/uploads/2024/05/IMG_1-300x200.jpg\">'"))
        #expect(try site.files.status(of: EngineSite.path("2024/05/red-bike.jpg")) != nil)
        #expect(try site.files.status(of: EngineSite.path("2024/05/red-bike-300x200.jpg")) == nil)
    }

    @Test("W44 W45 D01 D12 2,050 rows: each once, and a second look finds none")
    func manyRows() throws {
        let site = try EngineSite()
        try site.sql(
            """
            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 2059)
            INSERT INTO wp_posts SELECT i, i || ' /wp-content/uploads/2024/05/IMG_1.jpg' FROM n;
            """)
        let renamed = try site.rename(from: "IMG_1", to: "a-IMG_1")
        #expect(renamed.references == 2055)
        let after = try site.snapshot()
        #expect(after.components(separatedBy: "/a-IMG_1.jpg'").count == 2053)
        #expect(!after.contains("a-a-IMG_1"))
        #expect(!after.contains("/IMG_1"))
    }

    /// Killed after every number of effects; the first run that gets through ends the loop.
    @Test("T01 I4 I5 Killed at any effect, of the rename and of its recovery: all old or all new")
    func killedAnywhere() throws {
        var limit = 0
        var finished = false
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
            // I1 I2: before any recovery each name that the database holds is a file.
            try expectNoDanglingName(site, limit)
            // The recovery is killed as well, at one effect after the other.
            var recoveryLimit = 0
            while true {
                do {
                    _ = try site.recover(Interruption(after: recoveryLimit))
                    break
                } catch let error as MonikerError {
                    #expect(Interruption.caused(error), "\(error)")
                    try expectNoDanglingName(site, limit)
                    recoveryLimit += 1
                }
            }
            #expect(try site.recover().isEmpty, "a second recovery has nothing to do")
            let state = try site.snapshot()
            if state != before {
                #expect(!state.contains("IMG_1"), "killed after \(limit): a mix")
                let done = try #require(try site.journal.changeSets().first)
                _ = try site.revert(done.id)
                #expect(try site.snapshot() == before, "killed after \(limit)")
            }
            #expect(
                try site.engine().verify(
                    policy: EverythingPolicy(), readingData: true, repairing: false
                ).isEmpty)
            limit += 1
        }
        #expect(limit > 15, "a rename has more effects than this loop has seen")
    }

    @Test("T01 A revert killed at any effect: all of it or nothing")
    func revertKilledAnywhere() throws {
        var limit = 0
        var finished = false
        while !finished {
            let site = try EngineSite()
            let before = try site.snapshot()
            let renamed = try site.rename(from: "IMG_1", to: "red-bike")
            let after = try site.snapshot()
            do {
                _ = try site.revert(renamed.id, interruption: Interruption(after: limit))
                finished = true
            } catch let error as MonikerError {
                #expect(Interruption.caused(error), "\(error)")
            }
            try expectNoDanglingName(site, limit)
            _ = try site.recover()
            let state = try site.snapshot()
            #expect(state == before || state == after, "killed after \(limit)")
            limit += 1
        }
    }

    private func expectNoDanglingName(_ site: EngineSite, _ limit: Int) throws {
        let state = try site.snapshot()
        for name in ["IMG_1.jpg", "IMG_1-300x200.jpg", "red-bike.jpg", "red-bike-300x200.jpg"]
        where state.contains("/wp-content/uploads/2024/05/\(name)") {
            let path = EngineSite.path("2024/05/\(name)")
            #expect(
                try site.files.status(of: path) != nil, "killed after \(limit): \(name) is named")
        }
    }
}
