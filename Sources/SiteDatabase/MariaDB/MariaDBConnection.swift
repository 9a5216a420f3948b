internal import CMariaDB
import Model

/// A connection to a MariaDB or MySQL server: owns the C library's handle.
///
/// It never reconnects by itself, since a new connection would have lost the advisory lock, the
/// session's settings and the transaction.
@safe final class MariaDBConnection {
    // SAFETY: made in `init`, used by this object and its statements only, closed in `deinit`.
    private let handle: UnsafeMutablePointer<MYSQL>

    /// The C library's global state, made once before the first connection.
    private static let libraryIsReady: Bool =
        mysql_server_init(0, nil, nil) == 0 && closesAfterFailedWrite

    /// Has the library close the socket of a connection to which it could not write.
    ///
    /// `mariadb_stmt_execute_direct` goes on to read the answer to a request that it could not send
    /// (Connector/C 3.3 and 3.4), and would wait for ever where the socket is still open: the server
    /// waits too.
    private static let closesAfterFailedWrite: Bool =
        unsafe ma_pvio_register_callback(1) { (mode, connection, _, length) in
            let isWrite = mode == 1
            // SAFETY: the library passes the connection that it is writing to.
            if isWrite, length < 0 { unsafe _ = mariadb_cancel(connection) }
        } == 0

    /// Connects.
    ///
    /// - Throws: `MariaDBFailure` with the server's or the client library's error.
    init(_ options: MariaDBOptions) throws(MariaDBFailure) {
        guard Self.libraryIsReady, let fresh = unsafe mysql_init(nil) else {
            throw MariaDBFailure(number: CR_OUT_OF_MEMORY, message: "the client has no memory")
        }
        unsafe handle = fresh
        let tls = options.socket == nil ? options.tls : .disabled
        unsafe Self.prepare(fresh, options, tls: tls)
        // CLIENT_FOUND_ROWS: affected rows are those that matched, so that writing the value that
        // is there already is told apart from a row that is gone.
        // SAFETY: the strings live for the length of the call; the library copies them.
        let connected = unsafe mysql_real_connect(
            fresh, options.socket == nil ? options.host : "localhost", options.user,
            options.password.revealed, options.database, UInt32(options.port), options.socket,
            UInt(CLIENT_FOUND_ROWS))
        if unsafe connected == nil { throw failure }
        if tls == .required || tls == .verifyIdentity,
            unsafe mysql_get_ssl_cipher(fresh) == nil
        {
            throw MariaDBFailure(
                number: CR_SSL_CONNECTION_ERROR, message: "the connection is not encrypted")
        }
    }

    deinit { unsafe mysql_close(handle) }

    private static func prepare(
        _ handle: UnsafeMutablePointer<MYSQL>, _ options: MariaDBOptions,
        tls: MariaDBOptions.TLSMode
    ) {
        // SAFETY: every option's argument has the type that the library documents for it and lives
        // for the length of the call; the library copies it.
        var timeout = options.connectTimeoutSeconds
        unsafe mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
        var localInfile: UInt32 = 0
        unsafe mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &localInfile)
        unsafe mysql_options(handle, MYSQL_SET_CHARSET_NAME, "binary")
        guard tls != .disabled else { return }
        unsafe mysql_ssl_set(
            handle, options.clientKey, options.clientCertificate, options.caFile, nil, nil)
        var enforce: my_bool = 1
        unsafe mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &enforce)
        var verify: my_bool = tls == .verifyIdentity ? 1 : 0
        unsafe mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify)
    }

    /// The connection's last error.
    var failure: MariaDBFailure {
        // SAFETY: the library returns a NUL-terminated string that is valid until the next call.
        MariaDBFailure(
            number: Int32(bitPattern: unsafe mysql_errno(handle)),
            message: unsafe String(cString: mysql_error(handle)))
    }

    /// The server's version.
    var serverVersion: String {
        // SAFETY: valid while the connection is open; copied at once.
        guard let text = unsafe mysql_get_server_info(handle) else { return "" }
        return unsafe String(cString: text)
    }

    /// The connection's id at the server.
    var identifier: UInt { unsafe mysql_thread_id(handle) }

    /// Whether the server runs a prepared statement for an array of values at once.
    var takesArrays: Bool {
        var capabilities: UInt = 0
        // SAFETY: the library writes one number of this size.
        guard
            unsafe mariadb_get_info(
                handle, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &capabilities) == 0
        else { return false }
        // MARIADB_CLIENT_STMT_BULK_OPERATIONS is bit 34; the upper half is reported on its own.
        return capabilities & 1 << 2 != 0
    }

    /// How many warnings the last statement left.
    var warningCount: UInt32 { unsafe mysql_warning_count(handle) }

    /// Runs a statement without values and without rows.
    func execute(_ statement: String) throws(MariaDBFailure) {
        // SAFETY: the C string lives for the length of the call, which sends it whole.
        let result = unsafe mysql_real_query(handle, statement, UInt(statement.utf8.count))
        if result != 0 { throw failure }
    }

    /// Prepares a statement.
    func prepare(_ statement: String) throws(MariaDBFailure) -> MariaDBStatement {
        guard let raw = unsafe mysql_stmt_init(handle) else { throw failure }
        return unsafe try MariaDBStatement(raw, statement, on: self)
    }

    /// Prepares and runs a statement.
    func prepareAndRun(
        _ statement: String, _ parameters: [MariaDBParameter]
    ) throws(MariaDBFailure) -> MariaDBStatement {
        guard let raw = unsafe mysql_stmt_init(handle) else { throw failure }
        return unsafe try MariaDBStatement(raw, running: statement, with: parameters, on: self)
    }

    /// Runs a statement without values and returns its rows; for results that are known to be small.
    func rows(_ statement: String) throws(MariaDBFailure) -> [[SQLValue]] {
        let prepared = try prepareAndRun(statement, [])
        var rows: [[SQLValue]] = []
        while let row = try prepared.nextRow() { rows.append(row) }
        return rows
    }
}
