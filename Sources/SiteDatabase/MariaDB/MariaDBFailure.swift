internal import CMariaDB
import Model

/// An error as the server or its client library reports it.
struct MariaDBFailure: Error, Hashable, CustomStringConvertible {
    /// The error number: the server's from 1000, the client library's from 2000.
    var number: Int32
    /// The message, in the server's words.
    var message: String

    var description: String { "\(message) (error \(number))" }

    /// Whether the connection is gone.
    var endsConnection: Bool {
        switch number {
        case CR_SERVER_GONE_ERROR, CR_SERVER_LOST, CR_SERVER_LOST_EXTENDED, ER_CONNECTION_KILLED,
            ER_SERVER_SHUTDOWN, ER_NORMAL_SHUTDOWN, ER_NET_READ_ERROR, ER_NET_READ_INTERRUPTED,
            ER_NET_ERROR_ON_WRITE, ER_NET_WRITE_INTERRUPTED, ER_NET_PACKETS_OUT_OF_ORDER,
            CR_ERR_NET_READ, CR_ERR_NET_WRITE, Self.clientInteractionTimeout:
            true
        default: false
        }
    }

    /// Whether the statement named a table that is not there.
    var isMissingTable: Bool { number == ER_NO_SUCH_TABLE }

    /// Whether a right is missing.
    var isDenied: Bool {
        switch number {
        case ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR,
            ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_PROCACCESS_DENIED_ERROR:
            true
        default: false
        }
    }

    /// Whether an error or a warning of a number says that a column cannot hold a value.
    static func refusesValue(_ number: Int32) -> Bool {
        switch number {
        case ER_DATA_TOO_LONG, ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_TRUNCATED_WRONG_VALUE,
            WARN_DATA_TRUNCATED, ER_CONSTRAINT_FAILED, ER_BAD_NULL_ERROR:
            true
        default: false
        }
    }

    /// MySQL 8's error for a connection closed for idling; MariaDB's header does not know it.
    private static let clientInteractionTimeout: Int32 = 4031

    /// What the failure of a statement means to the layers above.
    ///
    /// - Parameter action: what was being done and where, as the start of a sentence.
    func error(during action: String) -> MonikerError {
        let (code, remedy) = meaning
        return MonikerError(
            code, "\(action) failed: \(self); \(remedy)", details: ["errno": String(number)],
            cause: self)
    }

    /// What the failure to connect means to the layers above.
    func connectError(to options: MariaDBOptions) -> MonikerError {
        let target = "database '\(options.database)' at \(options.address)"
        switch number {
        case ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_DBACCESS_DENIED_ERROR:
            return MonikerError(
                .accessDenied,
                "The server refused user '\(options.user)' for \(target): \(self); "
                    + "check the user name and the password",
                details: ["errno": String(number)], cause: self)
        default:
            return MonikerError(
                .databaseUnreachable,
                "Cannot connect to \(target): \(self); check the address and that the server runs",
                details: ["errno": String(number)], cause: self)
        }
    }

    private var meaning: (ErrorCode, String) {
        if endsConnection {
            return (.connectionLost, "check that the server runs and run the command again")
        }
        if isDenied { return (.permissionDenied, "grant the database user the right") }
        return switch number {
        case ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_CHECKREAD, ER_LOCK_TABLE_FULL:
            (.databaseLocked, "somebody else is changing the same data, so try again")
        case ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE,
            ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_OPEN_AS_READONLY:
            (.databaseReadOnly, "make the database writable and try again")
        case ER_DUP_ENTRY, ER_DUP_ENTRY_WITH_KEY_NAME, ER_DUP_KEY:
            (.duplicateKey, "another row has that value")
        case _ where Self.refusesValue(number):
            (.notStorable, "the column cannot hold the value; nothing of this step was kept")
        case ER_NET_PACKET_TOO_LARGE, ER_WARN_ALLOWED_PACKET_OVERFLOWED, CR_NET_PACKET_TOO_LARGE:
            (.packetTooLarge, "raise max_allowed_packet on the server")
        case ER_DISK_FULL, ER_RECORD_FILE_FULL:
            (.diskFull, "make room on the database server")
        default: (.databaseFailed, "nothing of this step was kept")
        }
    }
}

extension MariaDBFailure {
    /// Whether TLS was the reason that no connection came about.
    var isAboutTLS: Bool { number == CR_SSL_CONNECTION_ERROR }

    /// Whether an error in answer to COMMIT says for certain that nothing was committed.
    var refusesCommit: Bool {
        switch number {
        case ER_LOCK_DEADLOCK, ER_LOCK_WAIT_TIMEOUT, ER_CHECKREAD, ER_OPTION_PREVENTS_STATEMENT,
            ER_READ_ONLY_MODE, ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
            true
        default: false
        }
    }
}
