import GRDB
import GRDBSQLite
import Glibc
import Model

/// Writes rows of the journal as JSON, one a line as an array, behind a line that names their table
/// and its columns, and at the end how many lines there are of either kind.
///
/// Texts of the columns that `base64` names are bytes. Written by hand, and from where SQLite has the
/// values, because a bulk rename has tens of thousands of rows, and an encoder a row, or a value of
/// Swift each, would take longer than the renaming.
struct ManifestWriter {
    private let file: Int32
    private var buffer: [UInt8] = []
    private var rows = 0
    private var tables = 0

    /// How many bytes are written at once.
    private static let chunk = 1 << 18

    init(file: Int32) {
        self.file = file
        // Room for a row beyond it, so that what is made room for is never copied.
        buffer.reserveCapacity(Self.chunk + 1 << 16)
        buffer += Array("{\"format\":\"moniker-manifest\",\"version\":3}\n".utf8)
    }

    /// Writes what a query returns, as rows of a table.
    mutating func rows(
        of table: String, _ database: Database, sql: String, arguments: StatementArguments
    ) throws {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        var isBytes: [Bool] = []
        while try cursor.next() != nil {
            if isBytes.isEmpty { isBytes = begin(table, columnsOf: statement) }
            buffer.append(UInt8(ascii: "["))
            for index in isBytes.indices {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                // SAFETY: the cursor's statement is at a row, and stays there until the next call.
                try unsafe append(
                    columnOf: statement.sqliteStatement, at: Int32(index), isBytes: isBytes[index])
            }
            buffer += Self.rowEnd
            rows += 1
            if buffer.count > Self.chunk { try flush() }
        }
    }

    /// Writes the line before the rows of a table, and returns which of its columns hold bytes.
    private mutating func begin(_ table: String, columnsOf statement: Statement) -> [Bool] {
        let names = statement.columnNames
        // SAFETY: the statement is alive, and the name of a type is compared before anything else is
        // asked of it. The tables are STRICT: a column of bytes has nothing else, and no other any.
        let isBytes = names.indices.map { index in
            unsafe sqlite3_column_decltype(statement.sqliteStatement, Int32(index)).map {
                unsafe String(cString: $0)
            } == "BLOB"
        }
        let bytes = zip(names, isBytes).compactMap { $1 ? $0 : nil }
        func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ",") }
        buffer += Array(
            "{\"table\":\"\(table)\",\"columns\":[\(list(names))],\"base64\":[\(list(bytes))]}\n"
                .utf8)
        tables += 1
        return isBytes
    }

    /// Writes the last line.
    mutating func finish() throws(MonikerError) {
        buffer += Array("{\"rows\":\(rows),\"tables\":\(tables)}\n".utf8)
        try flush()
    }

    /// Appends the value of a column of the row that a statement is at.
    private mutating func append(
        columnOf row: OpaquePointer, at index: Int32, isBytes: Bool
    ) throws(MonikerError) {
        switch unsafe (sqlite3_column_type(row, index), isBytes) {
        case (SQLITE_NULL, _): buffer += Self.null
        case (SQLITE_INTEGER, false): append(unsafe sqlite3_column_int64(row, index))
        case (SQLITE_TEXT, false):
            // SAFETY: SQLite's bytes are there until the next step, and as many as it says.
            let text = unsafe UnsafeRawBufferPointer(
                start: sqlite3_column_text(row, index),
                count: Int(sqlite3_column_bytes(row, index)))
            unsafe append(text)
        case (SQLITE_BLOB, true):
            // SAFETY: as for text.
            let bytes = unsafe UnsafeRawBufferPointer(
                start: sqlite3_column_blob(row, index),
                count: Int(sqlite3_column_bytes(row, index)))
            buffer.append(UInt8(ascii: "\""))
            unsafe Base64.append(bytes, to: &buffer)
            buffer.append(UInt8(ascii: "\""))
        default: throw RowCoding.damaged("row")
        }
    }

    private static let null = Array("null".utf8)
    private static let rowEnd = Array("]\n".utf8)

    private mutating func append(_ number: Int64) {
        if (0...9).contains(number) {
            buffer.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            buffer += String(number).utf8
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func append(_ text: UnsafeRawBufferPointer) {
        buffer.append(UInt8(ascii: "\""))
        defer { buffer.append(UInt8(ascii: "\"")) }
        let special = { (byte: UInt8) in
            byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        }
        // SAFETY: the caller's bytes are valid for the length of the call.
        if unsafe !text.contains(where: special) {
            unsafe buffer.append(contentsOf: text)
            return
        }
        for index in text.indices {
            let byte = unsafe text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                buffer.append(UInt8(ascii: "\\"))
                buffer.append(byte)
            case 0..<0x20:
                buffer += "\\u00".utf8
                buffer.append(Self.digits[Int(byte >> 4)])
                buffer.append(Self.digits[Int(byte & 15)])
            default: buffer.append(byte)
            }
        }
    }

    private mutating func flush() throws(MonikerError) {
        var written = 0
        while written < buffer.count {
            // SAFETY: the kernel reads as many bytes as the rest of the buffer has.
            let count = unsafe buffer[written...].withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw ManifestFolder.failure("write", "the home")
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
