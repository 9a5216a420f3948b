import CrashPoints
import Engine
import Files
import Model
import Rewriting

/// Runs Moniker's own code in a universe.
struct ModelSite {
    let universe: Universe
    let ports: EnginePorts

    private static let uploads = Array("/site/uploads".utf8)
    private static let home = Array("/home/moniker".utf8)
    static let textFile = path("2024/06/style.css")
    private static let scope = SiteScope(
        tablePrefix: "wp_", markerPrefix: "wp_", uploadsFolder: [],
        location: UploadsLocation(
            hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [],
            assumesUsualServerFolders: false))

    init(_ universe: Universe) throws(MonikerError) {
        self.universe = universe
        ports = EnginePorts(
            database: ObservedDatabase(ModelDatabase(universe), universe),
            files: try LocalMediaFiles(
                uploads: Self.uploads, home: Self.home,
                calls: ObservedSystemCalls(ModelSystemCalls(universe), universe)),
            journal: ObservedJournal(ModelJournal(universe), universe),
            clock: ObservedClock(ModelClock(universe), universe),
            random: ObservedRandom(ModelRandom(universe), universe))
    }

    static func path(_ text: String) -> MediaPath {
        guard let path = MediaPath(ifValid: text.utf8) else { preconditionFailure(text) }
        return path
    }

    var engine: Engine { Engine(ports: ports, scope: Self.scope) }

    /// An engine that writes one row in a transaction, packs the originals of both pictures, and may be
    /// told to stop after the first transaction.
    private func engineInParts(
        packedFrom: Int = 3, isStopped: @escaping () -> Bool = { false }
    ) -> Engine {
        Engine(
            ports: ports, scope: Self.scope, partLimit: PartLimit(rows: 1, bytes: .max),
            packedFrom: packedFrom, isCancelled: isStopped)
    }

    /// What a rename of some stems asks for: each has two files.
    private func proposal(
        _ stems: [(old: String, new: String)], oldNames: OldNamePolicy,
        texts: [CellAssignment] = []
    ) -> ChangeProposal {
        var moves: [ProposedMove] = []
        for (index, stem) in stems.enumerated() {
            for suffix in ["", "-300x200"] {
                moves.append(
                    ProposedMove(
                        attachment: AttachmentID(Int64(7 + index)), role: "attached",
                        old: Self.path("2024/05/\(stem.old)\(suffix).jpg"),
                        new: Self.path("2024/05/\(stem.new)\(suffix).jpg")))
            }
        }
        return ChangeProposal(
            kind: texts.isEmpty ? .rename : .generate, moves: moves, assignments: texts,
            policy: EveryCell(), textFiles: moves.isEmpty ? [] : [Self.textFile],
            oldNames: oldNames)
    }

    /// Texts for both pictures: over a row that is there, and in new rows; in a table with
    /// transactions and in one without.
    static func texts(_ word: String) -> [CellAssignment] {
        let uploads = "/wp-content/uploads/2024/05"
        return [
            set("wp_posts", 3, .description, "nothing here", "\(word) \(uploads)/IMG_1.jpg"),
            insert("wp_posts", .alt, "\(word), alternative"),
            set("wp_log", 1, .caption, "seen \(uploads)/IMG_1.jpg", "\(word) in the log"),
            insert("wp_log", .title, "\(word), new in the log"),
        ]
    }

    /// Another text over one that is there.
    static func set(
        _ table: String, _ id: Int64, _ field: MetadataField, _ before: String, _ after: String
    ) -> CellAssignment {
        let key = RowKey(
            parts: [RowKey.Part(column: "id", value: .integer(id))], isPrimary: true)
        return CellAssignment(
            attachment: AttachmentID(7), field: field, source: .human,
            action: .set(
                CellAddress(table: table, key: key, column: "value"), before: .string(before),
                after: .string(after)))
    }

    private static func insert(
        _ table: String, _ field: MetadataField, _ text: String
    ) -> CellAssignment {
        let row = RowKey(
            parts: [RowKey.Part(column: "value", value: .string(text))], isPrimary: false)
        return CellAssignment(
            attachment: AttachmentID(field == .title ? 8 : 7), field: field, source: .human,
            action: .insert(table: table, column: "value", row: row))
    }

    /// Writes texts, and renames.
    @discardableResult
    func write(
        _ texts: [CellAssignment], _ stems: [(old: String, new: String)] = [],
        inParts: Bool = false
    ) throws(MonikerError) -> JournalID {
        try carryOut(
            proposal(stems, oldNames: .none, texts: texts),
            with: inParts ? engineInParts() : nil)
    }

    /// Begins a rename that ends in a rollback.
    func abort(_ stems: [(old: String, new: String)]) throws(MonikerError) {
        var isAsked = true
        universe.observe = { point in
            if point == EffectPoint(.writeMarker, .before) { isAsked = false }
            return isAsked || point.effect != .writeMarker
        }
        do throws(MonikerError) {
            try rename(stems)
        } catch {
            // That is what was asked for.
        }
        universe.observe = { _ in true }
    }

    /// A rename in several transactions that is stopped after the first.
    func stop(
        _ stems: [(old: String, new: String)], texts: [CellAssignment] = []
    ) throws(MonikerError) {
        do throws(MonikerError) {
            _ = try carryOut(
                proposal(stems, oldNames: .none, texts: texts),
                with: engineInParts {
                    universe.world.database.committed.markers.values.contains { $0 == .part(1) }
                })
        } catch {
            guard error.code == .unfinished else { throw error }
        }
    }

    /// Takes back what was stopped: ends it as it is, and reverts it.
    func takeBackStopped() throws(MonikerError) {
        _ = try engineInParts().recover(
            policy: EveryCell(), textFiles: [Self.textFile], stopped: .close)
        guard let last = try ports.journal.changeSets().first(where: { $0.state == .done }),
            last.kind != .revert
        else { return }
        try revert(last.id)
    }

    private func carryOut(
        _ proposal: ChangeProposal, with engine: Engine? = nil
    ) throws(MonikerError) -> JournalID {
        let lock = try SiteLock.acquire(
            home: Self.home, uploads: Self.uploads,
            calls: ObservedSystemCalls(ModelSystemCalls(universe), universe))
        defer { withExtendedLifetime(lock) {} }
        let plan = try Planner(ports: ports, scope: Self.scope).plan(proposal)
        return try (engine ?? self.engine).apply(plan).id
    }

    @discardableResult
    func rename(
        _ stems: [(old: String, new: String)], oldNames: OldNamePolicy = .none,
        inParts: Bool = false, packedFrom: Int = 3
    ) throws(MonikerError) -> JournalID {
        try carryOut(
            proposal(stems, oldNames: oldNames),
            with: inParts ? engineInParts(packedFrom: packedFrom) : nil)
    }

    @discardableResult
    func revert(
        _ id: JournalID, only: Set<AttachmentID>? = nil, inParts: Bool = false
    ) throws(MonikerError) -> JournalID {
        let revert = try RevertProposer(ports: ports).proposal(reverting: id, only: only)
        return try carryOut(
            ChangeProposal(
                kind: .revert, moves: revert.moves, assignments: revert.assignments,
                policy: EveryCell(),
                textFiles: [Self.textFile], oldNames: .none, findings: revert.findings,
                undoing: revert.undoing), with: inParts ? engineInParts() : nil)
    }

    @discardableResult
    func recover() throws(MonikerError) -> [RecoveredChangeSet] {
        try engineInParts().recover(policy: EveryCell(), textFiles: [Self.textFile])
    }

    @discardableResult
    func tidy(retention: Int64) throws(MonikerError) -> TidyReport {
        try engine.tidy(retention: retention)
    }

    @discardableResult
    func verify(repairing: Bool) throws(MonikerError) -> [VerifyFinding] {
        try engine.verify(policy: EveryCell(), readingData: true, repairing: repairing)
    }
}

/// Every text column of every table may hold references.
private struct EveryCell: CellPolicy {
    func scannedTables(of tables: [TableSchema]) -> [TableSchema] { tables }
    func scannedColumns(of table: TableSchema) -> [ColumnSchema] {
        table.columns.filter { $0.kind == .text }
    }
    func contextColumns(of table: TableSchema) -> [String] { [] }
    func role(table: TableSchema, column: String, context: [SQLValue]) -> ValueRole? { .ordinary }
}
