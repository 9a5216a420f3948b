internal import GRDB
import Model

/// An error as SQLite reports it.
struct SQLiteFailure: Error, Hashable, CustomStringConvertible {
    /// The extended result code.
    var code: Int32
    /// The message, in SQLite's words.
    var message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// From an error of GRDB; anything that is not SQLite's counts as SQLITE_ERROR.
    init(_ error: any Error) {
        if let error = error as? DatabaseError {
            code = error.extendedResultCode.rawValue
            message = error.message ?? error.resultCode.description
        } else {
            code = ResultCode.SQLITE_ERROR.rawValue
            message = String(describing: error)
        }
    }

    var description: String { "\(message) (result code \(code))" }

    /// The result code without its extension.
    private var primary: ResultCode { ResultCode(rawValue: code & 0xFF) }

    /// Whether reading or writing the file failed.
    var isInputOutput: Bool { primary == .SQLITE_IOERR }

    /// What the failure of a statement means to the layers above.
    ///
    /// - Parameter action: what was being done and where, as the start of a sentence.
    func error(during action: String) -> MonikerError {
        let (code, remedy) = meaning
        return MonikerError(
            code, "\(action) failed: \(self); \(remedy)",
            details: ["sqlite": String(self.code)], cause: self)
    }

    /// What the failure to open a file means to the layers above.
    func openError(path: String) -> MonikerError {
        let remedy =
            primary == .SQLITE_BUSY || primary == .SQLITE_LOCKED
            ? "another process holds it, so try again" : "check the path and the file's owner"
        return MonikerError(
            primary == .SQLITE_BUSY ? .databaseLocked : .databaseUnreachable,
            "Cannot open the SQLite database \(path): \(self); \(remedy)",
            details: ["sqlite": String(code)], cause: self)
    }

    private var meaning: (ErrorCode, String) {
        let own = ResultCode(rawValue: code)
        switch own {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return (.duplicateKey, "another row has that value")
        case .SQLITE_CONSTRAINT_CHECK, .SQLITE_CONSTRAINT_NOTNULL, .SQLITE_CONSTRAINT_DATATYPE:
            return (.notStorable, "the column cannot hold the value; nothing of this step was kept")
        default: break
        }
        return switch primary {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.databaseLocked, "somebody else is writing to the database, so try again")
        case .SQLITE_READONLY:
            (.databaseReadOnly, "make the database file and its folder writable and try again")
        case .SQLITE_TOOBIG: (.packetTooLarge, "the value is larger than SQLite takes")
        case .SQLITE_FULL: (.diskFull, "make room on the disk")
        case .SQLITE_NOTADB, .SQLITE_CANTOPEN, .SQLITE_CORRUPT:
            (.databaseUnreachable, "check that the file is the site's SQLite database")
        case .SQLITE_PERM, .SQLITE_AUTH: (.permissionDenied, "check the file's owner and mode")
        default: (.databaseFailed, "nothing of this step was kept")
        }
    }
}
