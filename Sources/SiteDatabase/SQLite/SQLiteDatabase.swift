import GRDB
public import Model

/// The port `SiteDatabase` for SQLite, through GRDB: the file that WordPress's SQLite Database
/// Integration plugin keeps.
///
/// Values keep their storage class and their bytes: text that is not UTF-8 goes in and out as a
/// blob that SQL casts. Commits of this connection are durable (`synchronous = FULL`), whatever the
/// site's own are.
public final class SQLiteDatabase: SiteDatabase {
    let queue: DatabaseQueue
    private let path: String

    /// Opens an existing file.
    ///
    /// - Throws: `database-unreachable` when there is no such file or it is no database.
    public init(path: String, lockWaitSeconds: Int = 5) throws(MonikerError) {
        self.path = path
        var configuration = Configuration()
        configuration.label = "site"
        configuration.busyMode = .timeout(Double(lockWaitSeconds))
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        do {
            // Reading the schema shows a file that is no database; the URI keeps SQLite from
            // creating one that is not there.
            queue = try DatabaseQueue(
                path: "file:" + Self.escaped(path) + "?mode=rw", configuration: configuration)
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        } catch {
            throw Self.openFailure(error, path)
        }
    }

    /// A path as SQLite's URI file names want it.
    private static func escaped(_ path: String) -> String {
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "%"): bytes += Array("%25".utf8)
            case UInt8(ascii: "?"): bytes += Array("%3F".utf8)
            case UInt8(ascii: "#"): bytes += Array("%23".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func openFailure(_ error: any Error, _ path: String) -> MonikerError {
        MonikerError(
            .databaseUnreachable,
            "the SQLite database \(path) cannot be opened (\(error)): is it there, readable, and a database?",
            details: ["path": path], cause: error)
    }

    // MARK: Description

    /// What SQLite and the file say of themselves.
    public func describe() throws(MonikerError) -> DatabaseDescription {
        let (version, isReadOnly) = try read { database in
            (
                try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? "",
                try Bool.fetchOne(database, sql: "PRAGMA query_only") ?? false
            )
        }
        return DatabaseDescription(
            engine: "sqlite", version: version, name: path, canCreateTables: true,
            isReadOnly: isReadOnly, commitsAreDurable: true, maximumPacket: nil)
    }

    /// The base tables with a prefix.
    public func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        try read { database in
            let names = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            ).filter {
                $0.utf8.starts(with: prefix.utf8) && !$0.hasPrefix("sqlite_")
                    && !$0.hasPrefix("_wp_sqlite_") && $0 != "_mysql_data_types_cache"
                    && !$0.hasSuffix("moniker_tx") && !$0.hasSuffix("moniker_changes")
            }
            return try names.map { try Self.table($0, in: database) }
        }
    }

    private static func table(_ name: String, in database: Database) throws -> TableSchema {
        var columns: [ColumnSchema] = []
        var key: [(rank: Int, name: String)] = []
        let rows = try Row.fetchAll(database, sql: "PRAGMA table_xinfo(\(quoted(name)))")
        for row in rows {
            let column: String = row["name"]
            let hidden: Int = row["hidden"]
            let rank: Int = row["pk"]
            if rank > 0 { key.append((rank, column)) }
            columns.append(
                ColumnSchema(
                    name: column, kind: kind(ofType: row["type"]), isGenerated: hidden >= 2))
        }
        return TableSchema(
            name: name, columns: columns,
            primaryKey: key.sorted { $0.rank < $1.rank }.map(\.name), storageEngine: "SQLite",
            isTransactional: true)
    }

    /// The affinity rules of SQLite, section 3.1 of its datatype documentation.
    ///
    /// A column without a type can hold anything.
    private static func kind(ofType declared: String?) -> ColumnSchema.Kind {
        let type = declared?.uppercased() ?? ""
        if type.contains("INT") { return .other }
        if type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT") { return .text }
        if type.isEmpty { return .text }
        if type.contains("BLOB") || type.contains("BINARY") { return .blob }
        return type.contains("JSON") ? .text : .other
    }

    // MARK: Rows

    /// Streams rows.
    public func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        try read { database in
            var parameters: [(any DatabaseValueConvertible)?] = []
            let condition = Self.condition(query.filter, &parameters)
            var sql =
                "SELECT \(query.columns.map(Self.selected).joined(separator: ", ")) FROM \(Self.quoted(query.table)) WHERE \(condition)"
            if !query.order.isEmpty {
                sql += " ORDER BY \(query.order.map(Self.quoted).joined(separator: ", "))"
            }
            if let limit = query.limit { sql += " LIMIT \(limit)" }
            let rows = try Row.fetchCursor(
                database, sql: sql, arguments: StatementArguments(parameters))
            while let row = try rows.next() {
                guard try body(try Self.values(row, count: query.columns.count)) else { return }
            }
        }
    }

    /// Runs a transaction that takes the write lock at once (BEGIN IMMEDIATE).
    public func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        try write { database in
            try database.inTransaction(.immediate) {
                try body(SQLiteTransaction(database))
                return .commit
            }
        }
    }

    /// SQLite locks the whole file while it writes; there is nothing else to lock.
    public func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool { true }

    // MARK: Access

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try queue.unsafeRead(body)
        } catch {
            throw SQLiteFailure.error(error, path)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try queue.writeWithoutTransaction(body)
        } catch {
            throw SQLiteFailure.error(error, path)
        }
    }
}

/// SQLite's errors as failures of the port.
enum SQLiteFailure {
    static func error(_ error: any Error, _ path: String) -> MonikerError {
        if let error = error as? MonikerError { return error }
        switch error {
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED:
            return MonikerError(
                .databaseLocked,
                "somebody else is writing the database \(path): try again when their work is done",
                details: ["path": path], cause: error)
        case DatabaseError.SQLITE_READONLY, DatabaseError.SQLITE_PERM:
            return MonikerError(
                .databaseReadOnly,
                "the database \(path) cannot be written: check the rights of the file and its folder",
                details: ["path": path], cause: error)
        case DatabaseError.SQLITE_CONSTRAINT_UNIQUE, DatabaseError.SQLITE_CONSTRAINT_PRIMARYKEY:
            return MonikerError(
                .duplicateKey, "a unique key has this value already (\(error))",
                details: ["path": path], cause: error)
        case DatabaseError.SQLITE_FULL:
            return MonikerError(
                .diskFull, "no space is left for the database \(path): free some and try again",
                details: ["path": path], cause: error)
        case DatabaseError.SQLITE_NOTADB, DatabaseError.SQLITE_CANTOPEN,
            DatabaseError.SQLITE_CORRUPT:
            return MonikerError(
                .databaseUnreachable,
                "the database \(path) cannot be read (\(error)): is it a database, and undamaged?",
                details: ["path": path], cause: error)
        default:
            return MonikerError(
                .databaseFailed, "the database \(path) refused: \(error)",
                details: ["path": path], cause: error)
        }
    }
}
