import Foundation
import Model
import Synchronization
import Testing

/// Connections to a SQLite database of which several can have a transaction open.
///
/// A transaction keeps its writes to itself until it commits; then they are written in one
/// transaction of SQLite, each only over what it expects.
final class PairedDatabase: SiteDatabase {
    /// What all connections share.
    final class Shared: @unchecked Sendable {
        // Unchecked: `database` is used while `mutex` is held, the rest is set before the first use.
        let database: any SiteDatabase
        private let mutex = NSRecursiveLock()
        /// Called before the values of a row are written, by its key and how often that was tried.
        let beforeWriting: (_ key: Int64, _ attempt: Int) throws(MonikerError) -> Void
        /// Called when a transaction has rolled back, with the keys of the rows that it had written.
        let afterRollback: (_ keys: [Int64]) -> Void
        private let tries = Mutex<[Int64: Int]>([:])
        private let committed = Mutex<[MarkerDecision]>([])

        init(
            _ database: any SiteDatabase,
            beforeWriting: @escaping (Int64, Int) throws(MonikerError) -> Void,
            afterRollback: @escaping ([Int64]) -> Void
        ) {
            self.afterRollback = afterRollback
            self.database = database
            self.beforeWriting = beforeWriting
        }

        /// The markers in the order in which they were committed.
        var markers: [MarkerDecision] { committed.withLock { $0 } }

        func lock() { mutex.lock() }

        func unlock() { mutex.unlock() }

        func willWrite(_ key: Int64) throws(MonikerError) {
            let attempt = tries.withLock { tries in
                tries[key, default: 0] += 1
                return tries[key] ?? 0
            }
            try beforeWriting(key, attempt)
        }

        func note(_ marker: MarkerDecision) { committed.withLock { $0.append(marker) } }
    }

    let shared: Shared

    init(_ shared: Shared) { self.shared = shared }

    func makeConnection() throws(MonikerError) -> (any SiteDatabase)? { PairedDatabase(shared) }

    func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        let transaction = PairedTransaction(shared)
        do throws(MonikerError) {
            try body(transaction)
        } catch {
            shared.afterRollback(transaction.keys)
            throw error
        }
        shared.lock()
        defer { shared.unlock() }
        try shared.database.transaction { (real) throws(MonikerError) -> Void in
            for write in transaction.writes { try write.carryOut(in: real) }
        }
        if let marker = transaction.marker { shared.note(marker) }
    }

    func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        shared.lock()
        defer { shared.unlock() }
        var tables = try shared.database.tables(withPrefix: prefix)
        // So large that reading on further connections is worth it.
        for index in tables.indices { tables[index].approximateBytes = 16 << 20 }
        return tables
    }
    func describe() throws(MonikerError) -> DatabaseDescription {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.describe()
    }
    func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        var rows: [[SQLValue]] = []
        do {
            shared.lock()
            defer { shared.unlock() }
            try shared.database.forEachRow(of: query) { (row) throws(MonikerError) -> Bool in
                rows.append(row)
                return true
            }
        }
        for row in rows where try !body(row) { return }
    }
    func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.keyRange(of: table)
    }
    func prepareMarkers(prefix: String) throws(MonikerError) {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.prepareMarkers(prefix: prefix)
    }
    func marker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision? {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.marker(id, prefix: prefix)
    }
    func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.markers(prefix: prefix)
    }
    func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.committedTally(prefix: prefix)
    }
    func settleMarker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.settleMarker(id, prefix: prefix)
    }
    func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.removeMarkers(ids, prefix: prefix)
    }
    func incarnation(prefix: String) throws(MonikerError) -> String? {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.incarnation(prefix: prefix)
    }
    func establishIncarnation(_ candidate: String, prefix: String) throws(MonikerError) -> String {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.establishIncarnation(candidate, prefix: prefix)
    }
    func removeTraces(prefix: String) throws(MonikerError) {
        shared.lock()
        defer { shared.unlock() }
        return try shared.database.removeTraces(prefix: prefix)
    }
    func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool { true }
}

/// A transaction that keeps its writes to itself.
private final class PairedTransaction: SiteTransaction {
    private let shared: PairedDatabase.Shared
    var writes: [PairedWrite] = []
    var marker: MarkerDecision?
    /// The keys of the rows that were written together with others.
    private(set) var keys: [Int64] = []

    init(_ shared: PairedDatabase.Shared) { self.shared = shared }

    func writeMarker(
        _ decision: MarkerDecision, after previous: MarkerDecision?, of id: JournalID,
        prefix: String
    ) throws(MonikerError) {
        shared.lock()
        defer { shared.unlock() }
        let standing = try shared.database.marker(id, prefix: prefix)
        guard standing == previous else {
            throw MonikerError(.duplicateKey, "\(String(describing: standing))")
        }
        marker = decision
        writes.append(
            PairedWrite { (real) throws(MonikerError) -> Void in
                try real.writeMarker(decision, after: previous, of: id, prefix: prefix)
            })
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        var result: [SQLValue]?
        shared.lock()
        defer { shared.unlock() }
        try shared.database.transaction { (real) throws(MonikerError) -> Void in
            result = try real.lockRow(table: table, key: key, columns: columns)
        }
        return result
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value: SQLValue
    ) throws(MonikerError) -> Bool {
        shared.lock()
        defer { shared.unlock() }
        var isExpected = false
        do throws(MonikerError) {
            try shared.database.transaction { (real) throws(MonikerError) -> Void in
                isExpected = try real.compareAndSwap(
                    table: table, key: key, column: column, expected: expected, value: value)
                throw MonikerError(.cancelled, "only to see whether it could be written")
            }
        } catch {
            guard error.code == .cancelled else { throw error }
        }
        guard isExpected else { return false }
        writes.append(
            PairedWrite { (real) throws(MonikerError) -> Void in
                let isWritten = try real.compareAndSwap(
                    table: table, key: key, column: column, expected: expected, value: value)
                #expect(isWritten)
            })
        return true
    }

    func compareAndSwap(
        table: TableSchema, column: String, _ swaps: [CellSwap]
    ) throws(MonikerError) -> Bool {
        for swap in swaps {
            if let number = swap.key.parts.first?.value.integer {
                try shared.willWrite(number)
                keys.append(number)
            }
            guard
                try compareAndSwap(
                    table: table, key: swap.key, column: column, expected: swap.expected,
                    value: swap.value)
            else { return false }
        }
        return true
    }

    func insertRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> RowKey {
        preconditionFailure("no test of this database adds rows")
    }

    func deleteRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> Bool {
        preconditionFailure("no test of this database deletes rows")
    }
}

/// A write that a transaction keeps to itself.
private struct PairedWrite {
    private let write: (any SiteTransaction) throws(MonikerError) -> Void

    init(_ write: @escaping (any SiteTransaction) throws(MonikerError) -> Void) {
        self.write = write
    }

    func carryOut(in transaction: any SiteTransaction) throws(MonikerError) {
        try write(transaction)
    }
}
