internal import GRDB
internal import GRDBSQLite

/// Runs one statement of the journal for many rows, whose values are bound as they are.
///
/// GRDB takes boxed values, and bytes as `Data`: for the hundred thousand rows of a bulk rename,
/// making those takes longer than storing the rows.
struct RowInserter {
    private let statement: Statement
    private let connection: Database
    /// The number of the value that was bound last.
    private var position: Int32 = 0
    /// The first value of the row that could not be bound, as SQLite says it.
    private var failure = SQLITE_OK

    /// Tells SQLite to copy what is bound.
    // SAFETY: the C macro SQLITE_TRANSIENT is this cast, which Swift does not import.
    private static let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Prepares a statement; it must be used inside this access to the database only, and by nobody
    /// else.
    init(_ database: Database, sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        connection = database
    }

    /// Binds the next value: a number.
    mutating func bind(_ number: (some FixedWidthInteger)?) {
        position += 1
        // SAFETY: the statement is alive as long as this value refers to it.
        if let number {
            note(
                unsafe sqlite3_bind_int64(
                    statement.sqliteStatement, position, Int64(truncatingIfNeeded: number)))
        } else {
            note(unsafe sqlite3_bind_null(statement.sqliteStatement, position))
        }
    }

    /// Binds the next value: text.
    mutating func bind(_ text: String?) {
        position += 1
        guard var text else {
            note(unsafe sqlite3_bind_null(statement.sqliteStatement, position))
            return
        }
        let code = text.withUTF8 { bytes in
            // SAFETY: SQLite copies the bytes before the call returns. A pointer to nothing would be
            // taken for NULL.
            bytes.isEmpty
                ? unsafe sqlite3_bind_text(
                    statement.sqliteStatement, position, "", 0, Self.copied)
                : unsafe bytes.withMemoryRebound(to: CChar.self) {
                    unsafe sqlite3_bind_text(
                        statement.sqliteStatement, position, $0.baseAddress, Int32($0.count),
                        Self.copied)
                }
        }
        note(code)
    }

    /// Binds the next value: bytes.
    mutating func bind(_ bytes: [UInt8]?) {
        position += 1
        guard let bytes, !bytes.isEmpty else {
            // A pointer to nothing would be taken for NULL.
            note(
                unsafe bytes == nil
                    ? sqlite3_bind_null(statement.sqliteStatement, position)
                    : sqlite3_bind_zeroblob(statement.sqliteStatement, position, 0))
            return
        }
        let code = unsafe bytes.withUnsafeBytes {
            // SAFETY: SQLite copies the bytes before the call returns.
            unsafe sqlite3_bind_blob64(
                statement.sqliteStatement, position, $0.baseAddress, UInt64($0.count), Self.copied)
        }
        note(code)
    }

    /// Remembers the first failure: what could not be bound would be stored as the row before had it.
    private mutating func note(_ code: Int32) {
        if failure == SQLITE_OK { failure = code }
    }

    /// Stores the row whose values were bound.
    mutating func run() throws {
        position = 0
        let code = failure == SQLITE_OK ? unsafe sqlite3_step(statement.sqliteStatement) : failure
        defer { unsafe sqlite3_reset(statement.sqliteStatement) }
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: connection.lastErrorMessage)
        }
    }
}
