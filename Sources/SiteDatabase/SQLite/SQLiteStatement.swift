internal import CLinux
internal import GRDB
internal import GRDBSQLite
internal import Hashing
import Model
import Patterns

/// A statement of SQLite's own C interface, on a connection that GRDB opened.
///
/// GRDB hands out text as Swift strings, which would repair invalid UTF-8 and end at a NUL; a
/// site's text has to come back as the bytes that went in, and with its storage class.
@safe final class SQLiteStatement {
    // SAFETY: `connection` outlives the statement, since both are used inside one access to the
    // queue only; `handle` is finalized in `deinit`.
    private let connection: OpaquePointer
    private let handle: OpaquePointer

    /// Tells SQLite to copy what is bound.
    // SAFETY: the C macro SQLITE_TRANSIENT is this cast, which Swift does not import.
    private static let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Prepares a statement and binds its values.
    init(_ database: Database, _ text: String, _ values: [SQLValue]) throws(SQLiteFailure) {
        guard let connection = unsafe database.sqliteConnection else {
            throw SQLiteFailure(code: SQLITE_MISUSE, message: "the connection is closed")
        }
        var made: OpaquePointer?
        // SAFETY: the C string lives for the length of the call, which does not keep it.
        let code = unsafe sqlite3_prepare_v2(connection, text, -1, &made, nil)
        guard code == SQLITE_OK, let handle = unsafe made else {
            throw unsafe Self.failure(connection, code)
        }
        unsafe self.connection = connection
        unsafe self.handle = handle
        for (index, value) in values.enumerated() {
            let code = bind(value, at: Int32(index + 1))
            if code != SQLITE_OK { throw unsafe Self.failure(connection, code) }
        }
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Whether SQLite would refuse every write to the site's file.
    static func isReadOnly(_ database: Database) -> Bool {
        // SAFETY: the connection is open during the access that `database` belongs to.
        guard let connection = unsafe database.sqliteConnection else { return true }
        return unsafe sqlite3_db_readonly(connection, "main") != 0
    }

    private static func failure(_ connection: OpaquePointer, _ code: Int32) -> SQLiteFailure {
        // SAFETY: a NUL-terminated string that is valid until the next call; copied at once.
        unsafe SQLiteFailure(
            code: max(code, sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: unsafe sqlite3_bind_null(handle, index)
        case .integer(let number): unsafe sqlite3_bind_int64(handle, index, number)
        case .real(let number): unsafe sqlite3_bind_double(handle, index, number)
        case .text(let bytes):
            // SAFETY: SQLite copies the bytes; an empty array has an address too, so that empty
            // text does not become NULL.
            unsafe withAddress(of: bytes) {
                unsafe sqlite3_bind_text64(
                    handle, index, $0.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
                    Self.copied, UInt8(SQLITE_UTF8))
            }
        case .blob(let bytes):
            unsafe withAddress(of: bytes) {
                unsafe sqlite3_bind_blob64(
                    handle, index, $0, UInt64(bytes.count), Self.copied)
            }
        }
    }

    private func withAddress(
        of bytes: [UInt8], _ body: (UnsafeRawPointer) -> Int32
    ) -> Int32 {
        if bytes.isEmpty { return unsafe [UInt8(0)].withUnsafeBytes { unsafe call(body, $0) } }
        return unsafe bytes.withUnsafeBytes { unsafe call(body, $0) }
    }

    private func call(
        _ body: (UnsafeRawPointer) -> Int32, _ buffer: UnsafeRawBufferPointer
    ) -> Int32 {
        guard let address = buffer.baseAddress else { return SQLITE_MISUSE }
        return unsafe body(address)
    }

    /// Runs the statement to its end and returns how many rows it changed itself.
    @discardableResult
    func run() throws(SQLiteFailure) -> Int {
        while try nextRow() != nil {}
        return Int(unsafe sqlite3_changes(connection))
    }

    /// Runs the statement to its end with a value that SQLite does not copy, and returns how many rows
    /// it changed itself.
    func run(binding value: SQLValue, at index: Int32) throws(SQLiteFailure) -> Int {
        guard let bytes = value.bytes, !bytes.isEmpty else {
            let code = bind(value, at: index)
            guard code == SQLITE_OK else { throw unsafe Self.failure(connection, code) }
            return try run()
        }
        let isText = if case .text = value { true } else { false }
        let outcome = unsafe bytes.withUnsafeBytes {
            buffer -> Result<Int, SQLiteFailure> in
            // SAFETY: the bytes stay where they are until the closure ends, and the statement
            // forgets them before that.
            let code =
                unsafe isText
                ? sqlite3_bind_text64(
                    handle, index, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                    UInt64(buffer.count), nil, UInt8(SQLITE_UTF8))
                : sqlite3_bind_blob64(
                    handle, index, buffer.baseAddress, UInt64(buffer.count), nil)
            defer {
                unsafe sqlite3_reset(handle)
                unsafe sqlite3_bind_null(handle, index)
            }
            guard code == SQLITE_OK else {
                return .failure(unsafe Self.failure(connection, code))
            }
            return Result { () throws(SQLiteFailure) in try run() }
        }
        return try outcome.get()
    }

    /// The SHA-256 of the first column of the next row, where SQLite holds it; nil for NULL and where
    /// there is no row.
    func digestOfNextRow() throws(SQLiteFailure) -> ContentDigest? {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW:
            var digest: ContentDigest?
            _ = unsafe withBytes(at: 0) { bytes in
                digest = unsafe SHA256.digest(of: bytes)
                return true
            }
            return digest
        case SQLITE_DONE: return nil
        default: throw unsafe Self.failure(connection, code)
        }
    }

    /// The next row; nil after the last.
    ///
    /// - Parameters:
    ///   - test: what a row has to meet to be returned; nil for every row.
    ///   - columns: how many columns to return, from the first; nil for all.
    func nextRow(
        meeting test: SQLiteContentTest? = nil, columns: Int? = nil
    ) throws(SQLiteFailure) -> [SQLValue]? {
        while true {
            let code = unsafe sqlite3_step(handle)
            switch code {
            case SQLITE_ROW:
                if let test, !meets(test) { continue }
                let count = columns.map { Int32($0) } ?? (unsafe sqlite3_column_count(handle))
                return (0..<count).map { value(at: $0) }
            case SQLITE_DONE: return nil
            default: throw unsafe Self.failure(connection, code)
            }
        }
    }

    private func meets(_ test: SQLiteContentTest) -> Bool {
        switch test {
        case .and(let parts): parts.allSatisfy { meets($0) }
        case .or(let parts): parts.contains { meets($0) }
        case .containsAny(let column, let terms):
            unsafe withBytes(at: column) { bytes in
                terms.contains { term in
                    unsafe CLinux_contains(bytes.baseAddress, bytes.count, term, term.count) != 0
                }
            } ?? false
        case .isAtLeast(let column, let count):
            unsafe withBytes(at: column) { $0.count >= count } ?? false
        case .matches(let column, let pattern):
            unsafe withBytes(at: column) { unsafe pattern.matches(anywhereIn: $0) } ?? false
        }
    }

    /// Hands the bytes of a value to `body`, where SQLite holds them, or the digits of a number;
    /// nil for NULL.
    private func withBytes(
        at column: Int32, _ body: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool? {
        // SAFETY: what SQLite returns is valid until the next step; the count is asked for after
        // the address, as SQLite demands.
        let start: UnsafeRawPointer?
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT: unsafe start = UnsafeRawPointer(sqlite3_column_text(handle, column))
        case SQLITE_BLOB: unsafe start = sqlite3_column_blob(handle, column)
        default:
            // Asked for as text, SQLite would turn the number itself into one.
            return unsafe Array(value(at: column).description.utf8).withUnsafeBytes(body)
        }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe body(
            UnsafeRawBufferPointer(start: start, count: unsafe start == nil ? 0 : count))
    }

    private func value(at column: Int32) -> SQLValue {
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            // SAFETY: valid until the next step; the count is asked for after the text, as SQLite
            // demands.
            let text = unsafe UnsafeRawPointer(sqlite3_column_text(handle, column))
            return .text(unsafe Self.copy(text, sqlite3_column_bytes(handle, column)))
        default:
            let blob = unsafe sqlite3_column_blob(handle, column)
            return .blob(unsafe Self.copy(blob, sqlite3_column_bytes(handle, column)))
        }
    }

    private static func copy(_ start: UnsafeRawPointer?, _ count: Int32) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
    }
}
