public import Model

/// A site's database that tells an observer of each point.
///
/// An observer that ends the process inside a transaction makes the transaction roll back, as the
/// database does when its client is gone.
public final class ObservedDatabase: SiteDatabase {
    private let database: any SiteDatabase
    private let observer: any EffectObserver

    /// Wraps a database.
    public init(_ database: any SiteDatabase, _ observer: any EffectObserver) {
        self.database = database
        self.observer = observer
    }

    private func around<Result>(
        _ effect: Effect, _ body: () throws(MonikerError) -> Result
    ) throws(MonikerError) -> Result {
        try observer.passing(EffectPoint(effect, .before))
        let result = try body()
        try observer.passing(EffectPoint(effect, .after))
        return result
    }

    /// None: an observed run does one thing after the other.
    public func makeConnection() throws(MonikerError) -> (any SiteDatabase)? { nil }

    /// As the port says.
    public func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        try database.keyRange(of: table)
    }

    /// As the port says.
    public func describe() throws(MonikerError) -> DatabaseDescription {
        try database.describe()
    }

    /// As the port says; notes are no part of the protocol and have no points.
    public var changeTracking: (any ChangeTracking)? { database.changeTracking }

    /// Whether the database knows regular expressions.
    public var matchesPatterns: Bool { database.matchesPatterns }

    /// As the port says.
    public func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        try database.tables(withPrefix: prefix)
    }

    /// As the port says.
    public func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) { try database.forEachRow(of: query, body) }

    /// As the port says.
    public func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        try observer.passing(EffectPoint(.beginTransaction, .before))
        try database.transaction { (transaction) throws(MonikerError) in
            try observer.passing(EffectPoint(.beginTransaction, .after))
            try body(ObservedTransaction(transaction, observer))
            try observer.passing(EffectPoint(.commit, .before))
        }
        guard observer.reach(EffectPoint(.commit, .after)) else {
            throw MonikerError(.commitUnknown, "the answer to COMMIT was lost")
        }
    }

    /// As the port says.
    public func prepareMarkers(prefix: String) throws(MonikerError) {
        try around(.prepareMarkers) { () throws(MonikerError) in
            try database.prepareMarkers(prefix: prefix)
        }
    }

    /// As the port says.
    public func marker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision? { try database.marker(id, prefix: prefix) }

    /// As the port says.
    public func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        try database.markers(prefix: prefix)
    }

    /// As the port says.
    public func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        try database.committedTally(prefix: prefix)
    }

    /// As the port says.
    public func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        try around(.settleMarker) { () throws(MonikerError) in
            try database.settleMarker(id, prefix: prefix)
        }
    }

    /// As the port says.
    public func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        try around(.removeMarkers) { () throws(MonikerError) in
            try database.removeMarkers(ids, prefix: prefix)
        }
    }

    /// As the port says.
    public func incarnation(prefix: String) throws(MonikerError) -> String? {
        try database.incarnation(prefix: prefix)
    }

    /// As the port says.
    public func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String {
        try around(.establishIncarnation) { () throws(MonikerError) in
            try database.establishIncarnation(candidate, prefix: prefix)
        }
    }

    /// As the port says.
    public func removeTraces(prefix: String) throws(MonikerError) {
        try around(.removeTraces) { () throws(MonikerError) in
            try database.removeTraces(prefix: prefix)
        }
    }

    /// As the port says.
    public func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool {
        try around(.acquireAdvisoryLock) { () throws(MonikerError) in
            try database.acquireAdvisoryLock(name)
        }
    }
}

/// A transaction that tells an observer of each point.
private final class ObservedTransaction: SiteTransaction {
    private let transaction: any SiteTransaction
    private let observer: any EffectObserver

    init(_ transaction: any SiteTransaction, _ observer: any EffectObserver) {
        self.transaction = transaction
        self.observer = observer
    }

    func writeMarker(
        _ decision: MarkerDecision, after previous: MarkerDecision?, of id: JournalID,
        prefix: String
    ) throws(MonikerError) {
        try observer.passing(EffectPoint(.writeMarker, .before))
        try transaction.writeMarker(decision, after: previous, of: id, prefix: prefix)
        try observer.passing(EffectPoint(.writeMarker, .after))
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        try observer.passing(EffectPoint(.lockRow, .before))
        let row = try transaction.lockRow(table: table, key: key, columns: columns)
        try observer.passing(EffectPoint(.lockRow, .after))
        return row
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value: SQLValue
    ) throws(MonikerError) -> Bool {
        try observer.passing(EffectPoint(.compareAndSwap, .before))
        let isSwapped = try transaction.compareAndSwap(
            table: table, key: key, column: column, expected: expected, value: value)
        try observer.passing(EffectPoint(.compareAndSwap, .after))
        return isSwapped
    }

    func compareAndSwap(
        table: TableSchema, column: String, _ swaps: [CellSwap]
    ) throws(MonikerError) -> Bool {
        try observer.passing(EffectPoint(.compareAndSwapMany, .before))
        let areSwapped = try transaction.compareAndSwap(table: table, column: column, swaps)
        try observer.passing(EffectPoint(.compareAndSwapMany, .after))
        return areSwapped
    }

    func insertRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> RowKey {
        try observer.passing(EffectPoint(.insertRow, .before))
        let key = try transaction.insertRow(table: table, row)
        try observer.passing(EffectPoint(.insertRow, .after))
        return key
    }

    func deleteRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> Bool {
        try observer.passing(EffectPoint(.deleteRow, .before))
        let isDeleted = try transaction.deleteRow(table: table, row)
        try observer.passing(EffectPoint(.deleteRow, .after))
        return isDeleted
    }
}

extension EffectObserver {
    /// Reaches a point or throws, where the process has ended there.
    func passing(_ point: EffectPoint) throws(MonikerError) {
        guard reach(point) else {
            throw MonikerError(ErrorCode("killed"), "killed at \(point)")
        }
    }
}
