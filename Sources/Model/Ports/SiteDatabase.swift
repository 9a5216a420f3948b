/// Rows of a table, filtered and ordered, as a value: the only way upper layers ask for rows.
public struct RowQuery: Hashable, Sendable {
    /// The table's name.
    public var table: String
    /// The columns to read, in this order.
    public var columns: [String]
    /// Which rows.
    public var filter: RowFilter
    /// Columns to order by, ascending.
    public var order: [String]
    /// The most rows to return; nil for all.
    public var limit: Int?
    /// Values that are left out where they are long; nil to read all.
    ///
    /// With it, each row has one value more at its end: 1 where a longer value was left out, which
    /// then is NULL, 0 elsewhere.
    public var leavingOut: LongValues?

    /// Creates a query.
    public init(
        table: String, columns: [String], filter: RowFilter = .all, order: [String] = [],
        limit: Int? = nil
    ) {
        self.table = table
        self.columns = columns
        self.filter = filter
        self.order = order
        self.limit = limit
    }

    /// A row of all `columns` as the query returns it, for a database that reads long values anyway.
    public func leavingOutLongValues(of row: [SQLValue]) -> [SQLValue] {
        guard let leavingOut else { return row }
        var row = row
        var isLeftOut = false
        for (index, column) in columns.enumerated() where leavingOut.columns.contains(column) {
            guard let bytes = row[index].bytes, bytes.count > leavingOut.bytes else { continue }
            row[index] = .null
            isLeftOut = true
        }
        return row + [.integer(isLeftOut ? 1 : 0)]
    }
}

/// Values that are not worth their memory where rows are only looked through.
public struct LongValues: Hashable, Sendable {
    /// The columns of text and binary data that may have them.
    public var columns: [String]
    /// The most bytes of a value that is read.
    public var bytes: Int

    /// Creates a description of values.
    public init(columns: [String], bytes: Int) {
        self.columns = columns
        self.bytes = bytes
    }
}

/// A condition on rows.
///
/// All comparisons are on bytes: no collation folds case, accents or spaces.
public indirect enum RowFilter: Hashable, Sendable {
    /// Every row.
    case all
    /// The column has exactly this value; `.null` matches NULL.
    case equals(column: String, SQLValue)
    /// The column has one of these values. An empty list matches no row.
    case isAny(column: String, [SQLValue])
    /// The text column starts with these bytes.
    case hasPrefix(column: String, [UInt8])
    /// The integer column is greater than `after` and at most `through`.
    case within(column: String, after: Int64, through: Int64)
    /// At least one of the columns contains at least one of the terms, as bytes.
    case containsAny(columns: [String], terms: [[UInt8]])
    /// The column has so many bytes, or more.
    case isAtLeast(column: String, bytes: Int)
    /// The column matches a regular expression somewhere, as bytes; only for a database that
    /// `matchesPatterns`, and in an `or` only with others that ask for bytes.
    ///
    /// The expression is in the language that PCRE 8 and PCRE2 share, and has nothing but ASCII.
    case matches(column: String, pattern: String)
    /// All conditions hold.
    case and([RowFilter])
    /// At least one condition holds.
    case or([RowFilter])
}

/// What a site's database says of itself.
public struct DatabaseDescription: Hashable, Sendable {
    /// `mariadb`, `mysql` or `sqlite`.
    public var engine: String
    /// The server's or library's version.
    public var version: String
    /// The database's name, or the file's path.
    public var name: String
    /// Whether tables can be created.
    public var canCreateTables: Bool
    /// Whether the database refuses writes.
    public var isReadOnly: Bool
    /// Whether a commit is on disk when it returns (`innodb_flush_log_at_trx_commit = 1`,
    /// `synchronous = FULL`).
    public var commitsAreDurable: Bool
    /// The largest statement the server takes, in bytes; nil where there is no limit.
    public var maximumPacket: Int?

    /// Creates a description.
    public init(
        engine: String, version: String, name: String, canCreateTables: Bool, isReadOnly: Bool,
        commitsAreDurable: Bool, maximumPacket: Int?
    ) {
        self.engine = engine
        self.version = version
        self.name = name
        self.canCreateTables = canCreateTables
        self.isReadOnly = isReadOnly
        self.commitsAreDurable = commitsAreDurable
        self.maximumPacket = maximumPacket
    }
}

/// What the marker of a change set says.
public enum MarkerDecision: Hashable, Sendable {
    /// So many parts of a change set of several transactions have been committed, and there are
    /// more to come.
    case part(Int)
    /// The last or only transaction of the change set has been committed.
    case commit
    /// Recovery wrote the marker first: the change set can never commit any more.
    case abort

    /// Reads the stored form; nil for anything that no version of Moniker writes.
    public init?(_ text: String) {
        switch text {
        case "commit": self = .commit
        case "abort": self = .abort
        default:
            guard text.hasPrefix("part:"), let number = Int(text.dropFirst(5)), number > 0 else {
                return nil
            }
            self = .part(number)
        }
    }

    /// The stored form: `commit`, `abort` or `part:` and a number.
    public var text: String {
        switch self {
        case .part(let number): "part:\(number)"
        case .commit: "commit"
        case .abort: "abort"
        }
    }
}

/// One cell to be written by compare-and-swap together with others.
public struct CellSwap: Hashable, Sendable {
    /// The row's primary key.
    public var key: RowKey
    /// The SHA-256 of the value that the cell has to hold.
    public var expected: ContentDigest
    /// The value to write.
    public var value: SQLValue

    /// Creates a write.
    public init(key: RowKey, expected: ContentDigest, value: SQLValue) {
        self.key = key
        self.expected = expected
        self.value = value
    }
}

/// Port: the site's database, MariaDB/MySQL or SQLite.
///
/// One value is one connection and belongs to one thread at a time. All calls block. Bytes go in
/// and out as stored: no call transcodes.
public protocol SiteDatabase: AnyObject {
    /// Another connection to the same database, to read and write from another thread while this one
    /// writes; nil where that is not possible, or one would keep the other from writing.
    func makeConnection() throws(MonikerError) -> (any SiteDatabase)?

    /// What the database says of itself.
    func describe() throws(MonikerError) -> DatabaseDescription

    /// The base tables whose names start with the prefix (compared byte by byte), by name; no
    /// views, no temporary tables, no bookkeeping tables of the database itself.
    func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema]

    /// Hands each row to `body` as it arrives, in the query's column order; memory holds one row.
    ///
    /// `body` must not use this connection. It returns false to stop early.
    func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError)

    /// The smallest and the largest value of a table's `integerKey`; nil for an empty table and for
    /// keys beyond 64 signed bits.
    func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>?

    /// Runs `body` inside one transaction and commits it. Whatever `body` throws rolls back.
    ///
    /// - Throws: what `body` throws; `database-locked` when a lock was not to be had in time;
    ///   `commit-unknown` when the connection was lost during COMMIT; `database-read-only`;
    ///   `connection-lost` when it broke before COMMIT (then nothing is committed).
    func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError)

    /// Makes the place for markers and the site's incarnation id, if it is not there:
    /// `{prefix}moniker_tx`, or rows of the options table where CREATE is denied.
    func prepareMarkers(prefix: String) throws(MonikerError)

    /// Reads a marker as committed at this moment; nil where there is none.
    func marker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision?

    /// All markers as committed at this moment; empty before the first `prepareMarkers`.
    func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision]

    /// How many markers `commit` there are at this moment, and the newest change set that has one.
    ///
    /// - Complexity: counted by the database; none is read.
    func committedTally(prefix: String) throws(MonikerError) -> CommitTally

    /// Decides a transaction whose fate is unknown: writes the marker `abort` unless a marker is
    /// there, waiting for a transaction that is still alive, and returns the decision that stands.
    ///
    /// - Throws: `database-locked` when the other transaction is alive past the wait.
    func settleMarker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision

    /// Removes markers that are no longer needed; unknown ids are no error.
    func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError)

    /// The id this database was given when Moniker first wrote to it; nil before that. A clone
    /// carries its source's id.
    func incarnation(prefix: String) throws(MonikerError) -> String?

    /// Stores the incarnation id unless one is there, and returns the one that stands.
    func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String

    /// Removes everything Moniker keeps in the database.
    func removeTraces(prefix: String) throws(MonikerError)

    /// Takes a lock that only one connection to this database can hold, waiting a few seconds at
    /// most; the database frees it when the connection ends. SQLite has no such lock and returns true.
    func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool

    /// What notes changes of rows; nil where this database cannot.
    var changeTracking: (any ChangeTracking)? { get }

    /// Whether filters may ask for regular expressions.
    var matchesPatterns: Bool { get }
}

extension SiteDatabase {
    /// A database knows no regular expressions on bytes unless it says so.
    public var matchesPatterns: Bool { false }

    /// A database notes no changes unless it says so.
    public var changeTracking: (any ChangeTracking)? { nil }
}

/// Port: an open transaction of a `SiteDatabase`.
public protocol SiteTransaction: AnyObject {
    /// Writes the marker of a change set: the first statement, or, in a transaction that had to wait
    /// for the one before it, the last.
    ///
    /// - Parameter previous: what the marker said after the change set's part before this one; nil
    ///   for the first or only part.
    /// - Throws: `duplicate-key` when the marker says something else: recovery has already decided
    ///   `abort`, or has gone on with the change set.
    func writeMarker(
        _ decision: MarkerDecision, after previous: MarkerDecision?, of id: JournalID,
        prefix: String
    ) throws(MonikerError)

    /// Locks one row by its key and returns the columns asked for; nil where no such row is (left).
    ///
    /// A key that is a whole before-image locks one of the rows that equal it in every column.
    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]?

    /// Writes one cell if, at this moment, it still holds a value with the digest `expected`.
    ///
    /// Columns that update themselves are pinned to their value. Exactly one row changes, also
    /// where several equal a whole before-image. Text stays text and binary stays binary.
    ///
    /// - Returns: false where the cell holds something else or the row is gone.
    /// - Throws: `duplicate-key`; `packet-too-large`; any warning of the database is an error.
    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value: SQLValue
    ) throws(MonikerError) -> Bool

    /// Writes one column of many rows, each if it still holds a value with the digest expected.
    ///
    /// As `compareAndSwap(table:key:column:expected:value:)`, in as few round trips as the database
    /// allows. Only for tables with a primary key that can roll back: after `false` some of the
    /// rows have been written, and the caller has to roll back.
    ///
    /// - Returns: false where at least one row did not hold what was expected.
    /// - Complexity: linear in the bytes of the values.
    func compareAndSwap(
        table: TableSchema, column: String, _ swaps: [CellSwap]
    ) throws(MonikerError) -> Bool

    /// Adds a row.
    ///
    /// - Parameter row: its columns and their values; those left out get their default, and a
    ///   primary key that counts by itself the next number.
    /// - Returns: the row's primary key.
    /// - Throws: `duplicate-key`; `not-storable` where a column cannot hold its value; any warning
    ///   of the database is an error.
    func insertRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> RowKey

    /// Deletes one row if, at this moment, it equals `row` in every column that this names.
    ///
    /// - Returns: false where no such row is (left).
    func deleteRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> Bool
}

extension SiteTransaction {
    /// Writes one row after the other, for a database in this process, where round trips cost nothing.
    public func compareAndSwap(
        table: TableSchema, column: String, _ swaps: [CellSwap]
    ) throws(MonikerError) -> Bool {
        for swap in swaps {
            guard
                try compareAndSwap(
                    table: table, key: swap.key, column: column, expected: swap.expected,
                    value: swap.value)
            else { return false }
        }
        return true
    }
}
