import GRDB
import GRDBSQLite
import Model

/// Runs a statement with a value that SQLite reads where it is, because GRDB's binding would hold
/// two more copies of it.
enum SQLiteLongValue {
    /// Runs a prepared statement with its first parameter bound to a value.
    ///
    /// - Throws: a `DatabaseError` when SQLite refuses.
    static func execute(
        _ statement: Statement, in database: Database, binding value: SQLValue
    ) throws {
        guard let bytes = value.bytes else {
            try statement.execute()
            return
        }
        let handle = unsafe statement.sqliteStatement
        let code = unsafe bytes.withUnsafeBytes { buffer -> CInt in
            // SAFETY: SQLite uses the buffer without a copy (a nil destructor) until the binding is
            // taken away again below, inside of the closure that keeps the buffer alive. An empty
            // array has no address; a zero-length value takes any.
            let start = unsafe buffer.baseAddress ?? UnsafeRawPointer(handle)
            let length = sqlite3_uint64(buffer.count)
            if case .text = value {
                unsafe sqlite3_bind_text64(
                    handle, 1, start.assumingMemoryBound(to: CChar.self), length, nil,
                    UInt8(SQLITE_UTF8))
            } else {
                unsafe sqlite3_bind_blob64(handle, 1, start, length, nil)
            }
            var code = unsafe sqlite3_step(handle)
            while code == SQLITE_ROW { code = unsafe sqlite3_step(handle) }
            unsafe sqlite3_reset(handle)
            unsafe sqlite3_bind_null(handle, 1)
            return code
        }
        guard code == SQLITE_DONE else {
            let message = unsafe database.sqliteConnection.map {
                // SAFETY: a NUL-terminated string of the connection, copied at once.
                unsafe String(cString: sqlite3_errmsg($0))
            }
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }
}
