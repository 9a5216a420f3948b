import CMariaDB
import Model

/// One connection to a server: prepared statements with bytes in and out.
///
/// SAFETY: the handle is owned by this object alone, used by one thread at a time (the port says
/// so), and closed once. Statement handles and buffers do not outlive the call that makes them.
@safe final class MariaDBConnection {
    private let handle: UnsafeMutablePointer<MYSQL>
    /// The largest packet the server takes, in bytes; 16 MB, the default, until it has been asked.
    var maximumPacket = 16 << 20

    /// What a statement without rows did.
    struct Effect {
        var affectedRows: UInt64
        var warnings: UInt32
    }

    /// Values at least this long are sent in pieces, so that they are never copied whole.
    private static let longValue = 64 << 10
    private static let pieceSize = 1 << 20
    /// What a statement takes besides its values.
    private static let packetOverhead = 64 << 10

    init(_ options: MariaDBOptions) throws(MonikerError) {
        guard let handle = unsafe mysql_init(nil) else {
            throw MonikerError(.databaseFailed, "no memory is left for a database connection")
        }
        unsafe self.handle = handle
        var timeout = options.connectTimeout
        unsafe mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
        var enforced: my_bool = options.tls == .required || options.tls == .verifyIdentity ? 1 : 0
        var verified: my_bool = options.tls == .verifyIdentity ? 1 : 0
        if options.tls != .disabled {
            if enforced == 1 { unsafe mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &enforced) }
            unsafe mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified)
            if let authority = options.certificateAuthority {
                unsafe mysql_options(handle, MYSQL_OPT_SSL_CA, authority)
            }
        }
        // A server on a socket is this machine's; a host name of "localhost" means the socket too.
        let connected = unsafe mysql_real_connect(
            handle, options.host, options.user, options.password.value, options.database,
            options.port, options.socket, 0)
        guard unsafe connected != nil else {
            let error = unsafe Self.connectFailure(
                mysql_errno(handle), Self.text(mysql_error(handle)), options)
            // `deinit` closes the handle: all properties are set.
            throw error
        }
    }

    deinit { unsafe mysql_close(handle) }

    // MARK: Statements

    /// Runs a statement without parameters or rows.
    func run(_ sql: String) throws(MonikerError) {
        // SAFETY: the statement is handed over with its length and read during the call only.
        let status = unsafe mysql_real_query(handle, sql, UInt(sql.utf8.count))
        guard status == 0 else { throw failure("") }
    }

    /// Runs a prepared statement without rows.
    @discardableResult
    func execute(
        _ sql: String, _ parameters: [SQLValue] = [], about place: String = ""
    ) throws(MonikerError) -> Effect {
        try unsafe withStatement(sql, parameters, about: place) {
            (statement: UnsafeMutablePointer<MYSQL_STMT>) throws(MonikerError) in
            Effect(
                affectedRows: unsafe mysql_stmt_affected_rows(statement),
                warnings: unsafe mysql_warning_count(handle))
        }
    }

    /// Runs a prepared query and hands over each row as it arrives; memory holds one row.
    func query(
        _ sql: String, _ parameters: [SQLValue] = [], about place: String = "",
        _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        try unsafe withStatement(sql, parameters, about: place) {
            (statement: UnsafeMutablePointer<MYSQL_STMT>) throws(MonikerError) -> Void in
            let reader = try unsafe MariaDBRowReader(statement)
            while try reader.next({ () in unsafe self.failure(statement, place) }) {
                guard try body(try reader.row()) else { return }
            }
        }
    }

    private func withStatement<Result>(
        _ sql: String, _ parameters: [SQLValue], about place: String,
        _ body: (UnsafeMutablePointer<MYSQL_STMT>) throws(MonikerError) -> Result
    ) throws(MonikerError) -> Result {
        for value in parameters {
            guard (value.bytes?.count ?? 0) + Self.packetOverhead < maximumPacket else {
                throw tooLarge(value.bytes?.count ?? 0, place)
            }
        }
        guard let statement = unsafe mysql_stmt_init(handle) else { throw failure(place) }
        defer { unsafe mysql_stmt_close(statement) }
        guard unsafe mysql_stmt_prepare(statement, sql, UInt(sql.utf8.count)) == 0 else {
            throw unsafe failure(statement, place)
        }
        let binding = MariaDBParameters(parameters, longValue: Self.longValue)
        guard unsafe binding.bind(to: statement) else { throw unsafe failure(statement, place) }
        for (index, value) in parameters.enumerated() {
            guard let bytes = value.bytes, bytes.count >= Self.longValue else { continue }
            guard unsafe send(bytes, as: index, to: statement) else {
                throw unsafe failure(statement, place)
            }
        }
        guard unsafe mysql_stmt_execute(statement) == 0 else {
            throw unsafe failure(statement, place)
        }
        return try withExtendedLifetime(binding) { () throws(MonikerError) in
            try unsafe body(statement)
        }
    }

    private func send(
        _ bytes: [UInt8], as index: Int, to statement: UnsafeMutablePointer<MYSQL_STMT>
    ) -> Bool {
        // SAFETY: each piece lies within the array's storage, valid during the closure.
        unsafe bytes.withUnsafeBytes { buffer in
            var position = 0
            while position < buffer.count {
                let count = min(Self.pieceSize, buffer.count - position)
                let piece = unsafe buffer.baseAddress?.advanced(by: position)
                    .assumingMemoryBound(to: CChar.self)
                guard
                    unsafe mysql_stmt_send_long_data(
                        statement, UInt32(index), piece, UInt(count)) == 0
                else { return false }
                position += count
            }
            return true
        }
    }

    // MARK: Errors

    private func tooLarge(_ count: Int, _ place: String) -> MonikerError {
        MonikerError(
            .packetTooLarge,
            "\(place.isEmpty ? "a value" : place) has \(count) bytes, more than the server takes at once (max_allowed_packet = \(maximumPacket)): raise max_allowed_packet"
        )
    }

    private func failure(_ place: String) -> MonikerError {
        unsafe MariaDBFailure.error(
            number: mysql_errno(handle), text: Self.text(mysql_error(handle)),
            place: place)
    }

    private func failure(
        _ statement: UnsafeMutablePointer<MYSQL_STMT>, _ place: String
    ) -> MonikerError {
        unsafe MariaDBFailure.error(
            number: mysql_stmt_errno(statement),
            text: Self.text(mysql_stmt_error(statement)), place: place)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        // SAFETY: the library returns a NUL-terminated string that is copied at once.
        unsafe pointer.map { unsafe String(cString: $0) } ?? ""
    }

    private static func connectFailure(
        _ number: UInt32, _ text: String, _ options: MariaDBOptions
    ) -> MonikerError {
        let place = options.socket ?? options.host.map { "\($0):\(options.port)" } ?? "localhost"
        switch number {
        case 1044, 1045, 1698:
            return MonikerError(
                .accessDenied,
                "the database server at \(place) does not let user \"\(options.user)\" in (\(text)): check DB_USER and DB_PASSWORD",
                details: ["server": place, "user": options.user])
        case 1049:
            return MonikerError(
                .databaseUnreachable,
                "the database server at \(place) has no database \"\(options.database)\": check DB_NAME",
                details: ["server": place, "database": options.database])
        default:
            return MonikerError(
                .databaseUnreachable,
                "the database server at \(place) cannot be reached (\(text)): is it running, and is DB_HOST right?",
                details: ["server": place])
        }
    }
}

/// The server's error numbers as failures of the port.
enum MariaDBFailure {
    static func error(number: UInt32, text: String, place: String) -> MonikerError {
        let at = place.isEmpty ? "" : " at \(place)"
        let details = ["number": "\(number)", "place": place].filter { !$0.value.isEmpty }
        switch number {
        case 1205, 1213, 1020:
            return MonikerError(
                .databaseLocked,
                "somebody else holds a lock in the database\(at) (\(text)): try again when their work is done",
                details: details)
        case 2006, 2013, 2055, 1927, 1053:
            return MonikerError(
                .connectionLost, "the connection to the database broke\(at) (\(text)): try again",
                details: details)
        case 1290, 1836, 1792:
            return MonikerError(
                .databaseReadOnly,
                "the database takes no writes\(at) (\(text)): is this a replica, or is read_only set?",
                details: details)
        case 1062, 1586:
            return MonikerError(
                .duplicateKey, "a unique key has this value already\(at) (\(text))",
                details: details)
        case 1142, 1143, 1044, 1227:
            return MonikerError(
                .permissionDenied,
                "the database user may not do this\(at) (\(text)): grant SELECT, INSERT, UPDATE, DELETE on the site's database",
                details: details)
        case 1153, 1301:
            return MonikerError(
                .packetTooLarge,
                "a value is larger than the server takes at once\(at) (\(text)): raise max_allowed_packet",
                details: details)
        default:
            return MonikerError(
                .databaseFailed, "the database refused\(at): \(text) (error \(number))",
                details: details)
        }
    }
}
