internal import Hashing
public import Model

/// The database of a site on MariaDB or MySQL: one connection.
///
/// The connection never reconnects: after `connection-lost` or `commit-unknown` every call fails
/// with `connection-lost`, and recovery opens another one. Text is compared and written as bytes
/// (`SET NAMES binary`); statements run in strict mode, in READ COMMITTED, with short lock waits.
///
/// MyISAM, Aria and MEMORY tables cannot be rolled back: `TableSchema.isTransactional` says so, and
/// the digest in the UPDATE's WHERE clause is all that guards them.
public final class MariaDBDatabase: SiteDatabase {
    let connection: MariaDBConnection
    let options: MariaDBOptions
    let isMySQL: Bool
    let maximumPacket: Int
    /// The types of the columns of tables seen so far, by table and lower-case column name.
    var columnTypes: [String: [String: MariaDBColumnType]] = [:]
    /// Where each prefix's markers are, once that is known.
    var markerPlaces: [String: MariaDBMarkerPlace] = [:]
    /// Why the connection cannot be used any more.
    private(set) var loss: MonikerError?
    private var isInTransaction = false
    /// Whether the user may create tables, once the server has said so.
    private var createsTables: Bool?
    /// The scan of which a page was read last.
    var lastScan: MariaDBScan?
    /// Statements that write and may be run again, by their text.
    private var writing: [String: MariaDBStatement] = [:]

    /// Connects and sets up the session.
    ///
    /// - Throws: `access-denied` when user or password are refused; `database-unreachable` when
    ///   the server or the database is not there, or its TLS is not what was asked for.
    public init(_ options: MariaDBOptions) throws(MonikerError) {
        self.options = options
        do throws(MariaDBFailure) {
            connection = try Self.connect(options)
            isMySQL = !connection.serverVersion.lowercased().contains("mariadb")
            for statement in Self.sessionSettings(options, isMySQL: isMySQL) {
                try connection.execute(statement)
            }
            let rows = try connection.rows("SELECT @@max_allowed_packet")
            maximumPacket = rows.first?.first?.integer.map { Int($0) } ?? 1 << 24
        } catch { throw error.connectError(to: options) }
    }

    private static func connect(
        _ options: MariaDBOptions
    ) throws(MariaDBFailure) -> MariaDBConnection {
        do throws(MariaDBFailure) {
            return try MariaDBConnection(options)
        } catch {
            guard options.tls == .preferred, options.socket == nil, error.isAboutTLS else {
                throw error
            }
            var clear = options
            clear.tls = .disabled
            return try MariaDBConnection(clear)
        }
    }

    private static func sessionSettings(_ options: MariaDBOptions, isMySQL: Bool) -> [String] {
        let wait = options.lockWaitSeconds
        return [
            // NULL, not binary: values arrive as stored, and with the name of their own character
            // set, which tells text from binary data.
            """
            SET NAMES binary, SESSION character_set_results = NULL, SESSION autocommit = 1, \
            SESSION sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION', \
            SESSION innodb_lock_wait_timeout = \(wait), SESSION lock_wait_timeout = \(wait), \
            SESSION wait_timeout = 28800, SESSION net_read_timeout = 600, \
            SESSION net_write_timeout = 600, SESSION time_zone = '+00:00', \
            SESSION sql_safe_updates = 0, SESSION sql_select_limit = DEFAULT, \
            SESSION sql_auto_is_null = 0, SESSION completion_type = 0, SESSION sql_notes = 1, \
            SESSION max_error_count = 64, \
            SESSION \(isMySQL ? "max_execution_time" : "max_statement_time") = 0
            """,
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
        ]
    }

    /// Opens a second connection with the same settings; nil where the server grants the user no
    /// more, as shared hosts do.
    public func makeConnection() throws(MonikerError) -> (any SiteDatabase)? {
        do throws(MonikerError) {
            return try MariaDBDatabase(options)
        } catch {
            // This connection has worked, so whatever is wrong shows on it, if it matters.
            return nil
        }
    }

    // MARK: Description

    /// What the server says of itself.
    public func describe() throws(MonikerError) -> DatabaseDescription {
        // MariaDB before 11.1 has the transaction's access mode under its older name only.
        let accessMode = isMySQL ? "@@transaction_read_only" : "@@tx_read_only"
        let rows = try query(
            "Reading the server's settings",
            """
            SELECT @@innodb_flush_log_at_trx_commit = 1, @@read_only + \(accessMode) * 2, \
            (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES \
            WHERE REPLACE(GRANTEE, '''', '') = CURRENT_USER() \
            AND PRIVILEGE_TYPE IN ('SUPER', 'READ ONLY ADMIN', \
            'CONNECTION_ADMIN'))
            """)
        let row = rows.first ?? []
        let isReadOnly = row.dropFirst().first?.integer ?? 0
        let mayWriteAnyway = (row.last?.integer ?? 0) > 0
        return DatabaseDescription(
            engine: isMySQL ? "mysql" : "mariadb", version: connection.serverVersion,
            name: options.database, canCreateTables: try mayCreateTables(),
            isReadOnly: isReadOnly >= 2 || (isReadOnly == 1 && !mayWriteAnyway),
            commitsAreDurable: row.first?.integer == 1, maximumPacket: maximumPacket)
    }

    /// Asks by preparing a CREATE TABLE: the server checks the right then, and nothing runs.
    private func mayCreateTables() throws(MonikerError) -> Bool {
        if let createsTables { return createsTables }
        var isGranted = true
        do throws(MariaDBFailure) {
            _ = try connection.prepare("CREATE TABLE `moniker_tx_probe` (id INT)")
        } catch {
            guard error.isDenied else {
                throw report(error, during: "Asking for the right to create tables")
            }
            isGranted = false
        }
        createsTables = isGranted
        return isGranted
    }

    // MARK: Statements

    /// The conditions on a table's columns, with their types read from the server if needed.
    func conditions(on table: String) throws(MonikerError) -> MariaDBConditionBuilder {
        if let known = columnTypes[table] { return MariaDBConditionBuilder(types: known) }
        let rows = try query(
            "Reading the columns of table '\(table)'",
            "SHOW FULL COLUMNS FROM \(quotedIdentifier(table))")
        var types: [String: MariaDBColumnType] = [:]
        for row in rows where row.count > 2 {
            types[row[0].plainText.lowercased()] = MariaDBColumnType(
                declaration: row[1].plainText,
                collation: row[2] == .null ? nil : row[2].plainText)
        }
        columnTypes[table] = types
        return MariaDBConditionBuilder(types: types)
    }

    /// Prepares and runs a statement.
    ///
    /// - Throws: `packet-too-large` before anything is sent; whatever the server answers.
    func prepared(
        _ action: String, _ sql: String, _ parameters: [MariaDBParameter] = []
    ) throws(MonikerError) -> MariaDBStatement {
        if let loss { throw loss }
        try requireRoom(for: parameters, beside: sql.utf8.count, action)
        do throws(MariaDBFailure) {
            return try connection.prepareAndRun(sql, parameters)
        } catch { throw report(error, during: action) }
    }

    func prepare(
        _ action: String, _ sql: String
    ) throws(MonikerError) -> MariaDBStatement {
        if let loss { throw loss }
        do throws(MariaDBFailure) {
            return try connection.prepare(sql)
        } catch { throw report(error, during: action) }
    }

    func execute(
        _ statement: MariaDBStatement, _ action: String, _ parameters: [MariaDBParameter]
    ) throws(MonikerError) {
        if let loss { throw loss }
        try requireRoom(for: parameters, beside: 0, action)
        do throws(MariaDBFailure) {
            try statement.execute(parameters)
        } catch { throw report(error, during: action) }
    }

    /// Makes sure that the server takes a statement with these values.
    private func requireRoom(
        for parameters: [MariaDBParameter], beside text: Int, _ action: String
    ) throws(MonikerError) {
        let bytes = parameters.reduce(text + 1024) { $0 + $1.packetBytes }
        if bytes > maximumPacket {
            throw MonikerError(
                .packetTooLarge,
                "\(action) needs a statement of \(bytes) bytes, more than the server's "
                    + "max_allowed_packet of \(maximumPacket); raise it on the server",
                details: ["bytes": String(bytes), "max_allowed_packet": String(maximumPacket)])
        }
        if parameters.count > Int(UInt16.max) {
            throw MonikerError(
                .databaseFailed,
                "\(action) needs \(parameters.count) values in one statement, more than the "
                    + "server's \(UInt16.max); ask in smaller steps")
        }
    }

    /// Runs a statement once for each list of values, in as few round trips as the server allows.
    ///
    /// MariaDB takes an array of values with one request (COM_STMT_BULK_EXECUTE); MySQL and some
    /// proxies do not. The statement stays prepared for the next time: a bulk rename writes the same
    /// few columns in hundreds of transactions.
    ///
    /// - Returns: how many rows all of the runs matched together.
    /// - Throws: as `prepared`, also where a run left a warning.
    func runForEach(
        _ action: String, _ sql: String, _ lists: [[MariaDBParameter]]
    ) throws(MonikerError) -> UInt64 {
        // Only what ends well can be run again.
        let kept = writing.removeValue(forKey: sql)
        let statement = if let kept { kept } else { try prepare(action, sql) }
        var matched: UInt64 = 0
        var start = 0
        while start < lists.count {
            var end = start + 1
            if statement.takesArrays {
                var bytes = lists[start].reduce(0) { $0 + $1.packetBytes }
                while end < lists.count {
                    let more = lists[end].reduce(0) { $0 + $1.packetBytes }
                    if bytes + more > min(maximumPacket / 2, Self.arrayBytes) { break }
                    bytes += more
                    end += 1
                }
            }
            if let loss { throw loss }
            do throws(MariaDBFailure) {
                if statement.takesArrays {
                    try statement.execute(forEach: lists[start..<end])
                } else {
                    try statement.execute(lists[start])
                }
            } catch { throw report(error, during: action) }
            matched += statement.matchedRows
            try refuseWarnings(action)
            start = end
        }
        if writing.count == Self.mostWriting { writing = [:] }
        writing[sql] = statement
        return matched
    }

    /// How many statements that write stay prepared.
    private static let mostWriting = 16

    /// The most bytes of values that are sent with one request.
    ///
    /// The library makes a request anew each time, in memory that it gives back: megabytes of it come
    /// from the kernel, page by page, while less than this stays with the process and in the cache.
    private static let arrayBytes = 256 << 10

    /// The rows of a small result.
    func query(
        _ action: String, _ sql: String, _ parameters: [MariaDBParameter] = []
    ) throws(MonikerError) -> [[SQLValue]] {
        let statement = try prepared(action, sql, parameters)
        var rows: [[SQLValue]] = []
        while let row = try nextRow(action, of: statement) { rows.append(row) }
        return rows
    }

    func nextRow(
        _ action: String, of statement: MariaDBStatement
    ) throws(MonikerError) -> [SQLValue]? {
        do throws(MariaDBFailure) {
            return try statement.nextRow()
        } catch { throw report(error, during: action) }
    }

    /// Runs a statement without values and rows.
    func execute(_ action: String, _ sql: String) throws(MonikerError) {
        if let loss { throw loss }
        do throws(MariaDBFailure) {
            try connection.execute(sql)
        } catch { throw report(error, during: action) }
    }

    /// Translates a failure and remembers the end of the connection.
    func report(_ failure: MariaDBFailure, during action: String) -> MonikerError {
        let error = failure.error(during: action)
        if failure.endsConnection { loss = error }
        return error
    }

    // MARK: Transactions

    /// Runs `body` inside one transaction and commits it.
    ///
    /// Whatever `body` throws rolls back.
    ///
    /// A statement that failed makes the transaction fail, even if `body` goes on: after a deadlock
    /// the server has already rolled back, and what follows would commit on its own.
    public func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        precondition(!isInTransaction, "transactions do not nest")
        try execute("Beginning a transaction", "START TRANSACTION")
        isInTransaction = true
        defer { isInTransaction = false }
        let transaction = MariaDBTransaction(self)
        do throws(MonikerError) {
            try body(transaction)
            if let failure = transaction.failure { throw failure }
        } catch {
            rollBack(after: error)
            throw error
        }
        transaction.end()
        try commit()
    }

    private func commit() throws(MonikerError) {
        do throws(MariaDBFailure) {
            try connection.execute("COMMIT")
        } catch {
            guard error.refusesCommit else {
                loss = error.error(during: "Using the connection after a commit")
                throw MonikerError(
                    .commitUnknown,
                    "The answer to COMMIT did not arrive: \(error); "
                        + "whether it took effect is unknown until recovery has asked the server",
                    details: ["errno": String(error.number)], cause: error)
            }
            let refusal = report(error, during: "Committing")
            rollBack(after: refusal)
            throw refusal
        }
    }

    /// Rolls everything back: a lock timeout alone would only undo its own statement.
    private func rollBack(after error: MonikerError) {
        guard loss == nil else { return }
        do throws(MariaDBFailure) {
            try connection.execute("ROLLBACK")
        } catch {
            // The server rolls back when the connection ends, so no call may use it any more.
            loss = error.error(during: "Rolling back")
        }
    }

    /// Stops a caller from running DDL inside a transaction, which would commit it.
    func requireNoTransaction() {
        precondition(!isInTransaction, "table definitions do not change inside a transaction")
    }

    // MARK: Advisory lock

    /// Takes the server's named lock for this database.
    ///
    /// It waits three seconds: the server may not have noticed yet that the last holder was killed.
    ///
    /// The name is hashed together with the database's, since the server knows only one space of
    /// names, of at most 64 characters.
    public func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool {
        let digest = SHA256.digest(of: Array("\(options.database)\0\(name)".utf8))
        let rows = try query(
            "Taking the site's lock", "SELECT GET_LOCK(?, 3)",
            [MariaDBParameter(digest.description)])
        return rows.first?.first?.integer == 1
    }
}
