import Hashing
import Model

/// A site's database in memory: what is committed, and what a power cut would leave.
public struct ModelDatabaseState: Hashable, Sendable {
    /// Rows and markers at one moment.
    public struct Content: Hashable, Sendable {
        /// The values of each table's one text column, by table and key.
        public var rows: [String: [Int: [UInt8]]]
        /// The last key that each table has counted, which no row gets twice.
        var lastKeys: [String: Int] = [:]
        var markers: [JournalID: MarkerDecision] = [:]
        var incarnation: String?
    }

    /// What readers see.
    public var committed: Content
    /// What a power cut leaves, where commits are not flushed at once.
    var flushed: Content
    /// Whether each commit is flushed before it returns.
    public var flushesCommits: Bool

    init(rows: [String: [Int: [UInt8]]], flushesCommits: Bool) {
        committed = Content(rows: rows)
        flushed = committed
        self.flushesCommits = flushesCommits
    }

    /// Whether a power cut would lose a commit now.
    var losesCommits: Bool { flushed != committed }

    /// Writes what is committed to the disk.
    mutating func flush() { flushed = committed }

    mutating func commit(_ content: Content) {
        committed = content
        if flushesCommits { flushed = content }
    }

    /// The tables: one column of text each, one of them without transactions.
    static let tables = [
        table("wp_log", storageEngine: "MyISAM"), table("wp_posts", storageEngine: "InnoDB"),
    ]

    private static func table(_ name: String, storageEngine: String) -> TableSchema {
        TableSchema(
            name: name,
            columns: [
                ColumnSchema(name: "id", kind: .other, isInteger: true),
                ColumnSchema(name: "value", kind: .text),
            ], primaryKey: ["id"], storageEngine: storageEngine,
            isTransactional: storageEngine == "InnoDB")
    }
}

/// The port of a model database.
final class ModelDatabase: SiteDatabase {
    private let universe: Universe

    init(_ universe: Universe) { self.universe = universe }

    func describe() throws(MonikerError) -> DatabaseDescription {
        DatabaseDescription(
            engine: "model", version: "1", name: "model", canCreateTables: true,
            isReadOnly: false, commitsAreDurable: universe.world.database.flushesCommits,
            maximumPacket: nil)
    }

    func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        ModelDatabaseState.tables
    }

    func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        let rows = universe.world.database.committed.rows[query.table] ?? [:]
        let page = rows.filter { Self.lets(Int64($0.key), through: query.filter) }.sorted {
            $0.key < $1.key
        }
        for (id, value) in page.prefix(query.limit ?? .max) {
            let row = query.columns.map { $0 == "id" ? SQLValue.integer(Int64(id)) : .text(value) }
            guard try body(query.leavingOutLongValues(of: row)) else { return }
        }
    }

    /// Whether a filter lets a key through; nothing else is filtered here.
    private static func lets(_ key: Int64, through filter: RowFilter) -> Bool {
        switch filter {
        case .within(_, let after, let through): after < key && key <= through
        case .equals("id", let value): value.integer == key
        case .and(let parts): parts.allSatisfy { lets(key, through: $0) }
        case .or(let parts): parts.contains { lets(key, through: $0) }
        default: true
        }
    }

    func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        let keys = (universe.world.database.committed.rows[table.name] ?? [:]).keys
        guard let first = keys.min(), let last = keys.max() else { return nil }
        return Int64(first)...Int64(last)
    }

    /// None: a model does one thing after the other.
    func makeConnection() throws(MonikerError) -> (any SiteDatabase)? { nil }

    func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        let transaction = ModelTransaction(universe)
        universe.transactions.append(transaction)
        defer { universe.end(transaction) }
        try body(transaction)
        if let failure = transaction.failure { throw failure }
        if universe.limits.refusesCommits, transaction.marker != nil {
            throw MonikerError(.databaseFailed, "the disk of the database is full")
        }
        transaction.commit()
    }

    // MARK: Markers

    func prepareMarkers(prefix: String) throws(MonikerError) {}

    func marker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision? { universe.world.database.committed.markers[id] }

    func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        universe.world.database.committed.markers
    }

    func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        let committed = universe.world.database.committed.markers.filter { $0.value == .commit }
        return CommitTally(count: committed.count, newest: committed.keys.max())
    }

    func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        guard !universe.transactions.contains(where: { $0.marker == id }) else {
            throw MonikerError(.databaseLocked, "the transaction of \(id) is alive")
        }
        var content = universe.world.database.committed
        if let decision = content.markers[id] { return decision }
        content.markers[id] = .abort
        universe.world.database.commit(content)
        return .abort
    }

    func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        var content = universe.world.database.committed
        for id in ids { content.markers[id] = nil }
        universe.world.database.commit(content)
    }

    func incarnation(prefix: String) throws(MonikerError) -> String? {
        universe.world.database.committed.incarnation
    }

    func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String {
        var content = universe.world.database.committed
        if let incarnation = content.incarnation { return incarnation }
        content.incarnation = candidate
        universe.world.database.commit(content)
        return candidate
    }

    func removeTraces(prefix: String) throws(MonikerError) {
        var content = universe.world.database.committed
        content.markers = [:]
        content.incarnation = nil
        universe.world.database.commit(content)
    }

    func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool { true }
}

/// An open transaction.
///
/// Its writes are its own until it commits, but for tables that have no transactions. The rows it has locked wait for it.
final class ModelTransaction: SiteTransaction {
    private let universe: Universe
    /// What was written, and nil where a row was deleted.
    private var writes: [(table: String, id: Int, value: [UInt8]?)] = []
    private var lastKeys: [String: Int] = [:]
    private(set) var locked: Set<String> = []
    private(set) var marker: JournalID?
    private var decision = MarkerDecision.commit
    private(set) var failure: MonikerError?

    init(_ universe: Universe) { self.universe = universe }

    private func fail(_ error: MonikerError) -> MonikerError {
        failure = failure ?? error
        return error
    }

    func commit() {
        var content = universe.world.database.committed
        if let marker { content.markers[marker] = decision }
        for write in writes { content.rows[write.table]?[write.id] = write.value }
        content.lastKeys.merge(lastKeys) { max($0, $1) }
        universe.world.database.commit(content)
    }

    func writeMarker(
        _ decision: MarkerDecision, after previous: MarkerDecision?, of id: JournalID,
        prefix: String
    ) throws(MonikerError) {
        if let failure { throw failure }
        guard universe.world.database.committed.markers[id] == previous else {
            throw fail(MonikerError(.duplicateKey, "\(id) has been decided"))
        }
        marker = id
        self.decision = decision
    }

    private func id(_ key: RowKey) -> Int {
        guard case .integer(let id)? = key.parts.first?.value else { return -1 }
        return Int(id)
    }

    private func value(_ table: TableSchema, _ id: Int) -> [UInt8]? {
        if let write = writes.last(where: { $0.table == table.name && $0.id == id }) {
            return write.value
        }
        return universe.world.database.committed.rows[table.name]?[id]
    }

    private func set(_ value: [UInt8]?, _ table: TableSchema, _ id: Int) {
        if table.isTransactional {
            locked.insert("\(table.name)#\(id)")
            writes.append((table.name, id, value))
        } else {
            universe.world.database.committed.rows[table.name]?[id] = value
            universe.world.database.flushed.rows[table.name]?[id] = value
        }
    }

    func insertRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> RowKey {
        if let failure { throw failure }
        let content = universe.world.database.committed
        let highest = max(
            content.rows[table.name]?.keys.max() ?? 0,
            writes.filter { $0.table == table.name }.map(\.id).max() ?? 0)
        let counted = max(highest, content.lastKeys[table.name] ?? 0, lastKeys[table.name] ?? 0) + 1
        let id = row["id"]?.integer.map { Int($0) } ?? counted
        guard value(table, id) == nil else {
            throw fail(MonikerError(.duplicateKey, "\(table.name)#\(id) is there"))
        }
        lastKeys[table.name] = max(id, lastKeys[table.name] ?? 0)
        set(row["value"]?.bytes ?? [], table, id)
        return RowKey(
            parts: [RowKey.Part(column: "id", value: .integer(Int64(id)))], isPrimary: true)
    }

    func deleteRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> Bool {
        if let failure { throw failure }
        guard let number = row["id"]?.integer, let value = value(table, Int(number)),
            value == row["value"]?.bytes
        else { return false }
        set(nil, table, Int(number))
        return true
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        if let failure { throw failure }
        let id = id(key)
        guard let value = value(table, id),
            key["value"].map({ $0.bytes == value }) ?? true
        else { return nil }
        if table.isTransactional { locked.insert("\(table.name)#\(id)") }
        return columns.map { $0 == "id" ? .integer(Int64(id)) : .text(value) }
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value newValue: SQLValue
    ) throws(MonikerError) -> Bool {
        if let failure { throw failure }
        let id = id(key)
        guard let old = value(table, id), SHA256.digest(of: old) == expected,
            let bytes = newValue.bytes
        else { return false }
        set(bytes, table, id)
        return true
    }
}
