public import Model

/// The port `SiteDatabase` for MariaDB and MySQL, through libmariadb.
///
/// Bytes go in and out as they are stored (`SET NAMES binary`). The session is strict, reads what is
/// committed, and waits for locks only as long as its options say.
public final class MariaDBDatabase: SiteDatabase {
    let connection: MariaDBConnection
    private let options: MariaDBOptions
    /// The collations of text columns, by quoted table and column; learned with the tables.
    var collations: [String: (characterSet: String, collation: String)] = [:]

    /// Connects.
    ///
    /// - Throws: `access-denied`, `database-unreachable`.
    public init(_ options: MariaDBOptions) throws(MonikerError) {
        self.options = options
        connection = try MariaDBConnection(options)
        try connection.run("SET NAMES binary")
        // No NO_ZERO_DATE: rows with '0000-00-00', which WordPress writes, stay writable.
        try connection.run(
            """
            SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
            innodb_lock_wait_timeout = \(options.lockWaitSeconds),
            lock_wait_timeout = \(options.lockWaitSeconds)
            """)
        try connection.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        try connection.query("SELECT @@max_allowed_packet") { (row) throws(MonikerError) in
            self.connection.maximumPacket = Int(row[0].integer ?? 16 << 20)
            return false
        }
    }

    /// What the server says of itself.
    public func describe() throws(MonikerError) -> DatabaseDescription {
        var description = DatabaseDescription(
            engine: "mysql", version: "", name: options.database, canCreateTables: false,
            isReadOnly: false, commitsAreDurable: false, maximumPacket: connection.maximumPacket)
        try connection.query(
            "SELECT VERSION(), @@global.read_only, @@innodb_flush_log_at_trx_commit"
        ) { (row) throws(MonikerError) in
            description.version = row[0].bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
            description.isReadOnly = row[1].integer != 0
            description.commitsAreDurable = row[2].integer == 1
            return false
        }
        if description.version.lowercased().contains("mariadb") { description.engine = "mariadb" }
        description.canCreateTables = try mayCreateTables()
        return description
    }

    private func mayCreateTables() throws(MonikerError) -> Bool {
        var may = false
        let name = options.database
        try connection.query("SHOW GRANTS") { (row) throws(MonikerError) in
            let grant = row[0].bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
            let parts = grant.split(separator: " ON ", maxSplits: 1)
            guard parts.count == 2 else { return true }
            let place = parts[1].filter { $0 != "`" && $0 != "\\" }
            guard place.hasPrefix("*.*") || place.hasPrefix("\(name).*") else { return true }
            let rights = parts[0].uppercased()
            may =
                rights.contains("ALL PRIVILEGES")
                || rights.dropFirst("GRANT ".count).split(separator: ",").contains {
                    $0.filter { $0 != " " } == "CREATE"
                }
            return !may
        }
        return may
    }

    /// Streams rows.
    public func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        var parameters: [SQLValue] = []
        let condition = Self.condition(query.filter, &parameters)
        var sql =
            "SELECT \(query.columns.map(Self.quoted).joined(separator: ", ")) FROM \(Self.quoted(query.table)) WHERE \(condition)"
        if !query.order.isEmpty {
            sql += " ORDER BY \(query.order.map(Self.quoted).joined(separator: ", "))"
        }
        if let limit = query.limit { sql += " LIMIT \(limit)" }
        try connection.query(sql, parameters, about: query.table, body)
    }

    /// Runs a transaction.
    public func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        try connection.run("START TRANSACTION")
        do {
            try body(MariaDBTransaction(self))
        } catch {
            try rollBack(after: error)
            throw error
        }
        do {
            try connection.run("COMMIT")
        } catch  where error.code == .connectionLost {
            throw MonikerError(
                .commitUnknown, "the connection to the database broke during COMMIT",
                cause: error)
        } catch {
            try rollBack(after: error)
            throw error
        }
    }

    /// A lock timeout rolls back one statement only, so the rest is rolled back here.
    ///
    /// A connection that is gone has taken its transaction with it.
    private func rollBack(after error: MonikerError) throws(MonikerError) {
        guard error.code != .connectionLost else { return }
        do {
            try connection.run("ROLLBACK")
        } catch  where error.code == .connectionLost {
            return
        }
    }

    /// Takes a named lock of the server.
    public func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool {
        var acquired = false
        try connection.query("SELECT GET_LOCK(?, 0)", [.string(String(name.prefix(60)))]) {
            (row) throws(MonikerError) in
            acquired = row[0].integer == 1
            return false
        }
        return acquired
    }

    // MARK: SQL

    /// An identifier in backticks.
    static func quoted(_ identifier: String) -> String {
        "`"
            + identifier.split(separator: "`", omittingEmptySubsequences: false)
            .joined(separator: "``") + "`"
    }

    private static func condition(_ filter: RowFilter, _ parameters: inout [SQLValue]) -> String {
        switch filter {
        case .all: return "1"
        case .equals(let column, let value):
            parameters.append(value)
            return value.bytes == nil
                ? "\(quoted(column)) <=> ?" : "BINARY \(quoted(column)) <=> ?"
        case .isAny(let column, let values):
            guard !values.isEmpty else { return "0" }
            parameters += values
            let list = Array(repeating: "?", count: values.count).joined(separator: ", ")
            return values[0].bytes == nil
                ? "\(quoted(column)) IN (\(list))" : "BINARY \(quoted(column)) IN (\(list))"
        case .hasPrefix(let column, let bytes):
            parameters.append(.blob(likePattern(bytes) + [UInt8(ascii: "%")]))
            return "\(quoted(column)) LIKE BINARY ?"
        case .containsAny(let columns, let terms):
            let tests = columns.flatMap { column in
                terms.map { term in
                    parameters.append(
                        .blob([UInt8(ascii: "%")] + likePattern(term) + [UInt8(ascii: "%")]))
                    return "\(quoted(column)) LIKE BINARY ?"
                }
            }
            return tests.isEmpty ? "0" : "(\(tests.joined(separator: " OR ")))"
        case .and(let filters):
            let parts = filters.map { condition($0, &parameters) }
            return parts.isEmpty ? "1" : "(\(parts.joined(separator: " AND ")))"
        case .or(let filters):
            let parts = filters.map { condition($0, &parameters) }
            return parts.isEmpty ? "0" : "(\(parts.joined(separator: " OR ")))"
        }
    }

    /// Bytes that LIKE takes for themselves.
    private static func likePattern(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            [UInt8(ascii: "%"), UInt8(ascii: "_"), UInt8(ascii: "\\")].contains(byte)
                ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}
