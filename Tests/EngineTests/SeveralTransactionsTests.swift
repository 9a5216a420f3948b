import Engine
import Files
import Foundation
import Model
import SiteDatabase
import TestSupport
import Testing

/// Change sets that are larger than one database transaction may be.
@Suite struct SeveralTransactionsTests {
    private static let oneRow = PartLimit(rows: 1, bytes: .max)

    private func engine(
        _ site: EngineSite, database: (any SiteDatabase)? = nil,
        isCancelled: @escaping () -> Bool = { false }
    ) -> Engine {
        var ports = site.ports()
        if let database { ports.database = database }
        return Engine(
            ports: ports, scope: EngineSite.scope, partLimit: Self.oneRow, isCancelled: isCancelled)
    }

    private func plan(_ site: EngineSite, oldNames: OldNamePolicy = .none) throws -> ChangePlan {
        let moves = ["", "-300x200"].map {
            ProposedMove(
                attachment: AttachmentID(7), role: "attached",
                old: EngineSite.path("2024/05/IMG_1\($0).jpg"),
                new: EngineSite.path("2024/05/red-bike\($0).jpg"))
        }
        return try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .rename, moves: moves, policy: EverythingPolicy(),
                textFiles: [EngineSite.css], oldNames: oldNames))
    }

    private func isStopped(_ site: EngineSite) -> () -> Bool {
        {
            do {
                return try site.database.markers(prefix: "wp_").values.contains(.part(1))
            } catch {
                Issue.record(error)
                return false
            }
        }
    }

    /// How many values name the old and the new stem, by the sqlite3 shell.
    private func names(_ site: EngineSite) throws -> (old: Int, new: Int) {
        let text = try site.snapshot()
        return (
            text.components(separatedBy: "/IMG_1").count - 1,
            text.components(separatedBy: "/red-bike").count - 1
        )
    }

    @Test("every row in a transaction of its own: the result is that of one")
    func isTheSame() throws {
        let one = try EngineSite()
        let several = try EngineSite()
        let outcome = try one.rename(from: "IMG_1", to: "red-bike")
        let other = try engine(several).apply(try plan(several))
        #expect(outcome.cells == other.cells && outcome.references == other.references)
        let rows = { (site: EngineSite) in
            try EngineSite.run(
                "/usr/bin/sqlite3",
                [
                    site.root.appendingPathComponent("site.sqlite").path,
                    "SELECT quote(post_content) FROM wp_posts; SELECT line FROM wp_log;",
                ])
        }
        #expect(try rows(one) == rows(several))
        #expect(try several.database.markers(prefix: "wp_") == [other.id: .commit])
        #expect(try several.journal.cellTotals(of: other.id, through: 1).cells == 1)
        #expect(try several.journal.cellEdits(of: other.id).map(\.sequence) == [0, 1, 2, 3])
    }

    @Test("revert in several transactions gives every byte back")
    func reverts() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let id = try site.rename(from: "IMG_1", to: "red-bike").id
        let revert = try RevertProposer(ports: site.ports()).proposal(reverting: id, only: nil)
        let plan = try Planner(ports: site.ports(), scope: EngineSite.scope).plan(
            ChangeProposal(
                kind: .revert, moves: revert.moves, policy: EverythingPolicy(),
                textFiles: [EngineSite.css], oldNames: .none, undoing: revert.undoing))
        _ = try engine(site).apply(plan)
        #expect(try site.snapshot() == before)
    }

    @Test("stopped after the first: both names work; recover finishes")
    func stopsAndFinishes() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let error = #expect(throws: MonikerError.self) {
            _ = try engine(site, isCancelled: isStopped(site)).apply(try plan(site))
        }
        #expect(error?.code == .unfinished)
        let names = try names(site)
        #expect(names.old > 0 && names.new > 0)
        for name in ["IMG_1", "IMG_1-300x200", "red-bike", "red-bike-300x200"] {
            #expect(try site.files.status(of: EngineSite.path("2024/05/\(name).jpg")) != nil)
        }
        let recovered = try engine(site).recover(
            policy: EverythingPolicy(), textFiles: [EngineSite.css])
        #expect(recovered.map(\.state) == [.done])
        #expect(try self.names(site).old == 0)
        #expect(try site.recover().isEmpty)
        _ = try site.revert(try #require(recovered.first).id)
        #expect(try site.snapshot() == before)
    }

    @Test("stopped after the first, and taken back: nothing is left of it")
    func stopsAndTakesBack() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        #expect(throws: MonikerError.self) {
            _ = try engine(site, isCancelled: isStopped(site)).apply(try plan(site))
        }
        let recovered = try engine(site).recover(
            policy: EverythingPolicy(), textFiles: [EngineSite.css], stopped: .close)
        #expect(recovered.map(\.isClosed) == [true])
        let id = try #require(recovered.first).id
        // Values that were not reached name them.
        #expect(try site.journal.moves(of: id).allSatisfy { $0.oldName == .alive })
        _ = try site.revert(id)
        #expect(try site.snapshot() == before)
    }

    @Test("cancelled before the first commit: nothing has changed")
    func cancelled() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let error = #expect(throws: MonikerError.self) {
            _ = try engine(site, isCancelled: { true }).apply(try plan(site))
        }
        #expect(error?.code == .cancelled)
        #expect(try site.snapshot() == before)
        #expect(try site.recover().isEmpty)
    }

    @Test("a value that is saved between reading and writing keeps what was saved")
    func editedMeanwhile() throws {
        let site = try EngineSite()
        let edit = "UPDATE wp_posts SET post_content = post_content || ' edited' WHERE ID = 1;"
        let database = EditedDatabase(site.database, before: 2) { try site.sql(edit) }
        let outcome = try engine(site, database: database).apply(try plan(site))
        #expect(database.wasEdited)
        let text = try site.snapshot()
        #expect(text.contains(#"/red-bike-300x200.jpg"> edited"#))
        #expect(outcome.findings.filter { $0.kind == .conflict }.isEmpty)
        #expect(try names(site).old == 0)
    }

    @Test(
        "a value that loses its reference between reading and writing leaves no gap after it",
        arguments: 1...3)
    func emptiedMeanwhile(_ transaction: Int) throws {
        let undisturbed = try EngineSite()
        let whole = try engine(undisturbed).apply(try plan(undisturbed))
        let site = try EngineSite()
        // Every row is a part of its own, and the second post follows the first.
        let database = EditedDatabase(site.database, before: transaction) {
            try site.sql("UPDATE wp_posts SET post_content = 'nothing' WHERE ID = 1")
        }
        let outcome = try engine(site, database: database).apply(try plan(site))
        #expect(database.wasEdited)
        let edits = try site.journal.cellEdits(of: outcome.id)
        let all = try undisturbed.journal.cellEdits(of: whole.id)
        #expect(edits.count < all.count)
        #expect(edits.map(\.sequence) == Array(0..<edits.count))
        #expect(try names(site).old == 0)
        _ = try site.revert(outcome.id)
        #expect(try site.snapshot().contains("nothing"))
        #expect(try names(site).new == 0)
    }
}

/// A database in which somebody else writes right before a transaction begins.
private final class EditedDatabase: SiteDatabase {
    private let database: any SiteDatabase
    private var countdown: Int
    private let edit: () throws -> Void
    private(set) var wasEdited = false

    /// - Parameter number: before which transaction, from 1.
    init(_ database: any SiteDatabase, before number: Int, _ edit: @escaping () throws -> Void) {
        self.database = database
        countdown = number
        self.edit = edit
    }

    func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        countdown -= 1
        if countdown == 0 {
            do {
                try edit()
                wasEdited = true
            } catch { Issue.record(error) }
        }
        try database.transaction(body)
    }

    func makeConnection() throws(MonikerError) -> (any SiteDatabase)? { nil }
    func describe() throws(MonikerError) -> DatabaseDescription { try database.describe() }
    func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        try database.tables(withPrefix: prefix)
    }
    func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) { try database.forEachRow(of: query, body) }
    func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        try database.keyRange(of: table)
    }
    func prepareMarkers(prefix: String) throws(MonikerError) {
        try database.prepareMarkers(prefix: prefix)
    }
    func marker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision? {
        try database.marker(id, prefix: prefix)
    }
    func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        try database.markers(prefix: prefix)
    }
    func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        try database.committedTally(prefix: prefix)
    }
    func settleMarker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision {
        try database.settleMarker(id, prefix: prefix)
    }
    func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        try database.removeMarkers(ids, prefix: prefix)
    }
    func incarnation(prefix: String) throws(MonikerError) -> String? {
        try database.incarnation(prefix: prefix)
    }
    func establishIncarnation(_ candidate: String, prefix: String) throws(MonikerError) -> String {
        try database.establishIncarnation(candidate, prefix: prefix)
    }
    func removeTraces(prefix: String) throws(MonikerError) {
        try database.removeTraces(prefix: prefix)
    }
    func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool {
        try database.acquireAdvisoryLock(name)
    }
}
