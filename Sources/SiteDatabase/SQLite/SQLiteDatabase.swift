internal import GRDB
internal import Glibc
public import Model

/// The database of a site on SQLite, as WordPress's SQLite Database Integration plugin lays it out.
///
/// The journal mode stays what the site has; on this connection a commit is on disk when it
/// returns, and foreign keys are not enforced, as on the plugin's own.
public final class SQLiteDatabase: SiteDatabase {
    /// Settings of a connection to an SQLite database.
    public struct Options: Hashable, Sendable {
        /// How long a statement waits for another process's lock, in seconds.
        public var lockWaitSeconds: Double

        /// Creates options.
        public init(lockWaitSeconds: Double = 5) { self.lockWaitSeconds = lockWaitSeconds }
    }

    let queue: DatabaseQueue
    private let path: String

    /// Opens an existing database file.
    ///
    /// - Throws: `database-unreachable` when there is no such file or it is not an SQLite database.
    public convenience init(path: String) throws(MonikerError) {
        try self.init(path: path, Options())
    }

    /// Opens an existing database file with settings.
    ///
    /// - Throws: `database-unreachable` when there is no such file or it is not an SQLite database.
    public init(path: String, _ options: Options) throws(MonikerError) {
        self.path = path
        // SQLite would make a missing file, and a site would seem to have an empty database.
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw MonikerError(
                .databaseUnreachable,
                "There is no SQLite database file at \(path); check the path",
                details: ["path": path])
        }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(options.lockWaitSeconds)
        configuration.label = "site"
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch { throw SQLiteFailure(error).openError(path: path) }
    }

    /// None: a connection that reads would keep this one from committing.
    public func makeConnection() throws(MonikerError) -> (any SiteDatabase)? { nil }

    // MARK: Description

    /// What the file says of itself.
    public func describe() throws(MonikerError) -> DatabaseDescription {
        try access("Describing \(path)") { (database) throws(SQLiteFailure) in
            let version = try SQLiteStatement(database, "SELECT sqlite_version()", []).nextRow()
            let synchronous = try SQLiteStatement(database, "PRAGMA synchronous", []).nextRow()
            // SAFETY: the C string lives for the length of the call.
            let isForbidden = unsafe Glibc.access(path, W_OK) != 0
            let isReadOnly = SQLiteStatement.isReadOnly(database) || isForbidden
            return DatabaseDescription(
                engine: "sqlite", version: version?.first?.plainText ?? "", name: path,
                canCreateTables: !isReadOnly, isReadOnly: isReadOnly,
                commitsAreDurable: (synchronous?.first?.integer ?? 0) >= 2, maximumPacket: nil)
        }
    }

    // MARK: Rows

    /// PCRE2 looks at the bytes where SQLite holds them.
    public var matchesPatterns: Bool { true }

    /// Hands each row to `body` as it arrives; memory holds one row.
    public func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        var columns = query.columns
        let (stored, test) = SQLiteContentTest.split(query.filter, columns: &columns)
        let filter = SQLiteCondition.filter(stored)
        var sql = "SELECT \(columns.map(quotedSQLiteIdentifier).joined(separator: ", "))"
        sql += " FROM \(quotedSQLiteIdentifier(query.table)) WHERE \(filter.sql)"
        if !query.order.isEmpty {
            let order = query.order.map { quotedSQLiteIdentifier($0) }
            sql += " ORDER BY " + order.joined(separator: ", ")
        }
        var remaining = query.limit ?? .max
        if let limit = query.limit, test == nil { sql += " LIMIT \(limit)" }
        let action = "Reading table '\(query.table)'"
        var refusal: MonikerError?
        try access(action) { (database) throws(SQLiteFailure) in
            let statement = try SQLiteStatement(database, sql, filter.values)
            while remaining > 0,
                let row = try statement.nextRow(meeting: test, columns: query.columns.count)
            {
                remaining -= 1
                do throws(MonikerError) {
                    if try !body(query.leavingOutLongValues(of: row)) { return }
                } catch {
                    refusal = error
                    return
                }
            }
        }
        if let refusal { throw refusal }
    }

    /// The smallest and the largest key of a table.
    public func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        guard let key = table.integerKey.map(quotedSQLiteIdentifier) else { return nil }
        return try access("Reading the keys of table '\(table.name)'") {
            (database) throws(SQLiteFailure) in
            let row = try SQLiteStatement(
                database,
                "SELECT min(\(key)), max(\(key)) FROM \(quotedSQLiteIdentifier(table.name))", []
            ).nextRow()
            guard let first = row?.first?.integer, let last = row?.last?.integer else {
                return nil
            }
            return first...last
        }
    }

    // MARK: Transactions

    /// Runs `body` inside one transaction and commits it.
    ///
    /// Whatever `body` throws rolls back.
    ///
    /// The transaction takes SQLite's one write lock at its start, so every row is locked. A
    /// statement that failed makes the transaction fail, even if `body` goes on.
    public func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        var failure: MonikerError?
        queue.writeWithoutTransaction { database in
            do throws(MonikerError) {
                try Self.transaction(in: database, body)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    static func transaction(
        in database: Database, _ body: (SQLiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        try execute("Beginning a transaction", "BEGIN IMMEDIATE", in: database)
        let transaction = SQLiteTransaction(database)
        do throws(MonikerError) {
            try body(transaction)
            if let failure = transaction.failure { throw failure }
            transaction.end()
            try commit(database)
        } catch {
            transaction.end()
            // Some failures make SQLite roll back by itself.
            if database.isInsideTransaction {
                try execute("Rolling back", "ROLLBACK", in: database)
            }
            throw error
        }
    }

    private static func commit(_ database: Database) throws(MonikerError) {
        do {
            try database.execute(sql: "COMMIT")
        } catch {
            let failure = SQLiteFailure(error)
            guard failure.isInputOutput else { throw failure.error(during: "Committing") }
            // The commit may have reached the disk all the same, and then the next process that
            // opens the database finds it there.
            throw MonikerError(
                .commitUnknown,
                "The disk failed during COMMIT: \(failure); "
                    + "whether it took effect is unknown until recovery has asked the database",
                details: ["sqlite": String(failure.code)], cause: failure)
        }
    }

    // MARK: Access

    /// Runs statements on the connection and translates their failure.
    @discardableResult
    func access<Value>(
        _ action: String, _ body: (Database) throws(SQLiteFailure) -> Value
    ) throws(MonikerError) -> Value {
        let result = queue.writeWithoutTransaction { database in
            Result { () throws(SQLiteFailure) in try body(database) }
        }
        do throws(SQLiteFailure) {
            return try result.get()
        } catch { throw error.error(during: action) }
    }

    private static func execute(
        _ action: String, _ sql: String, in database: Database
    ) throws(MonikerError) {
        do {
            try database.execute(sql: sql)
        } catch { throw SQLiteFailure(error).error(during: action) }
    }

    /// SQLite has no such lock: always true.
    public func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool { true }
}
