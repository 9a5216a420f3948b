import Dispatch
import Engine
import Foundation
import Model
import Synchronization
import TestSupport
import Testing

/// Change sets of several transactions on a database that gives a second connection.
@Suite struct TwoConnectionsTests {
    private static let rows: Int64 = 8

    /// A site of eight posts, each of which is a transaction of its own.
    private func site() throws -> EngineSite {
        let site = try EngineSite()
        try site.sql("DELETE FROM wp_posts; DROP TABLE wp_log;")
        for row in 1...Self.rows {
            try site.sql(
                "INSERT INTO wp_posts VALUES (\(row), 'post \(row): /wp-content/uploads/2024/05/IMG_1.jpg')"
            )
        }
        return site
    }

    private func plan(_ site: EngineSite) throws -> ChangePlan {
        try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .rename,
                moves: [
                    ProposedMove(
                        attachment: AttachmentID(7), role: "attached",
                        old: EngineSite.path("2024/05/IMG_1.jpg"),
                        new: EngineSite.path("2024/05/red-bike.jpg"))
                ], policy: EverythingPolicy(), textFiles: [], oldNames: .forever))
    }

    private func apply(
        _ site: EngineSite,
        beforeWriting: @escaping (Int64, Int) throws(MonikerError) -> Void = { _, _ in },
        afterRollback: @escaping ([Int64]) -> Void = { _ in }
    ) throws -> (outcome: Result<ChangeOutcome, MonikerError>, markers: [MarkerDecision]) {
        let shared = PairedDatabase.Shared(
            site.database, beforeWriting: beforeWriting, afterRollback: afterRollback)
        var ports = site.ports()
        ports.database = PairedDatabase(shared)
        let engine = Engine(
            ports: ports, scope: EngineSite.scope, partLimit: PartLimit(rows: 1, bytes: .max))
        let plan = try plan(site)
        let outcome = Result { () throws(MonikerError) in try engine.apply(plan) }
        return (outcome, shared.markers)
    }

    private func contents(_ site: EngineSite) throws -> [String] {
        try EngineSite.run(
            "/usr/bin/sqlite3",
            [
                site.root.appendingPathComponent("site.sqlite").path,
                "SELECT post_content FROM wp_posts ORDER BY ID",
            ]
        ).split(separator: "\n").map(String.init)
    }

    private static let renamed = (1...rows).map {
        "post \($0): /wp-content/uploads/2024/05/red-bike.jpg"
    }
    private static let inOrder: [MarkerDecision] = (1..<Int(rows)).map { .part($0) } + [.commit]

    @Test("two transactions are under way at a time and commit in their order")
    func overlap() throws {
        let site = try site()
        let second = DispatchSemaphore(value: 0)
        let (outcome, markers) = try apply(site) { key, _ in
            // The first post is not written before the second one has been.
            if key == 2 { second.signal() }
            if key == 1 {
                #expect(second.wait(timeout: .now() + 60) == .success, "the second one waits")
            }
        }
        let id = try outcome.get().id
        #expect(try contents(site) == Self.renamed)
        #expect(markers == Self.inOrder)
        let edits = try site.journal.cellEdits(of: id)
        #expect(edits.map(\.sequence) == Array(0..<Int(Self.rows)))
        #expect(edits.map { $0.address.key.parts[0].value.integer } == (1...Self.rows).map { $0 })
        _ = try site.revert(id)
        #expect(try contents(site).allSatisfy { $0.contains("IMG_1.jpg") })
    }

    @Test(
        "a value that was saved meanwhile is read again, and what runs behind it is done after it",
        arguments: 1...rows)
    func savedMeanwhile(_ row: Int64) throws {
        let site = try site()
        let edit = "UPDATE wp_posts SET post_content = post_content || ' edited' WHERE ID = \(row)"
        let (outcome, markers) = try apply(site) { key, attempt in
            guard key == row, attempt == 1 else { return }
            do { try site.sql(edit) } catch { Issue.record(error) }
        }
        let id = try outcome.get().id
        var expected = Self.renamed
        expected[Int(row) - 1] += " edited"
        #expect(try contents(site) == expected)
        #expect(markers == Self.inOrder)
        #expect(
            try site.journal.cellEdits(of: id).map(\.sequence) == Array(0..<Int(Self.rows)))
    }

    @Test(
        "a value that has lost its reference meanwhile leaves no gap in the journal",
        arguments: 1...rows)
    func lostMeanwhile(_ row: Int64) throws {
        let site = try site()
        let (outcome, _) = try apply(site) { key, attempt in
            guard key == row, attempt == 1 else { return }
            do {
                try site.sql("UPDATE wp_posts SET post_content = 'nothing' WHERE ID = \(row)")
            } catch { Issue.record(error) }
        }
        let id = try outcome.get().id
        var expected = Self.renamed
        expected[Int(row) - 1] = "nothing"
        #expect(try contents(site) == expected)
        let edits = try site.journal.cellEdits(of: id)
        #expect(edits.map(\.sequence) == Array(0..<(Int(Self.rows) - 1)))
        #expect(try site.journal.cellTotals(of: id, through: 100).cells == Int(Self.rows) - 1)
        _ = try site.revert(id)
        #expect(try contents(site).allSatisfy { !$0.contains("red-bike") })
    }

    @Test(
        "a transaction that cannot have a lock tries again when the next one has let go of its own",
        arguments: 1..<rows)
    func lockedOut(_ row: Int64) throws {
        let site = try site()
        let next = DispatchSemaphore(value: 0)
        let hasLetGo = DispatchSemaphore(value: 0)
        let (outcome, markers) = try apply(site) { (key, attempt) throws(MonikerError) in
            if key == row + 1, attempt == 1 { next.signal() }
            guard key == row, attempt <= 2 else { return }
            let isThere = (attempt == 1 ? next : hasLetGo).wait(timeout: .now() + 60) == .success
            #expect(isThere, "the next transaction is under way, and gives way")
            if attempt == 1 { throw MonikerError(.databaseLocked, "locked") }
        } afterRollback: { keys in
            if keys.contains(row + 1) { hasLetGo.signal() }
        }
        _ = try outcome.get()
        #expect(try contents(site) == Self.renamed)
        #expect(markers == Self.inOrder)
    }

    @Test(
        "a failure stops at a part that was committed; recover finishes the rest",
        arguments: 2...rows)
    func failure(_ row: Int64) throws {
        let site = try site()
        let (outcome, markers) = try apply(site) { (key, _) throws(MonikerError) in
            if key == row { throw MonikerError(.databaseFailed, "gone") }
        }
        let error = #expect(throws: MonikerError.self) { try outcome.get() }
        #expect(error?.code == .unfinished)
        #expect(markers == Array(Self.inOrder.prefix(Int(row) - 1)))
        #expect(
            try contents(site).map { $0.contains("red-bike") }
                == (1...Self.rows).map { $0 < row })
        #expect(try site.recover().map(\.state) == [.done])
        #expect(try contents(site) == Self.renamed)
        #expect(try site.recover().isEmpty)
    }
}
