import GRDB
import GRDBSQLite
import Glibc
import Model

/// Writes rows of the journal as JSON, one a line, and at the end how many they are.
///
/// Written by hand, and from where SQLite has the values, because a bulk rename has tens of thousands
/// of rows, and an encoder a row, or a value of Swift each, would take longer than the renaming.
struct ManifestWriter {
    private let file: Int32
    private var buffer: [UInt8] = []
    private var rows = 0

    init(file: Int32) {
        self.file = file
        buffer += Array("{\"format\":\"moniker-manifest\",\"version\":2}\n".utf8)
    }

    /// Writes what a query returns, as rows of a table.
    mutating func rows(
        of table: String, _ database: Database, sql: String, arguments: StatementArguments
    ) throws {
        let statement = try database.makeStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        let start = Array("{\"table\":\"\(table)\",\"row\":{".utf8)
        let end = Array("}}\n".utf8)
        let columns = statement.columnNames.enumerated().map { index, name in
            Array("\(index > 0 ? "," : "")\"\(name)\":".utf8)
        }
        while try cursor.next() != nil {
            buffer += start
            for (index, column) in columns.enumerated() {
                buffer += column
                // SAFETY: the cursor's statement is at a row, and stays there until the next call.
                unsafe append(columnOf: statement.sqliteStatement, at: Int32(index))
            }
            buffer += end
            rows += 1
            if buffer.count > 1 << 20 { try flush() }
        }
    }

    /// Writes the last line.
    mutating func finish() throws(MonikerError) {
        buffer += Array("{\"rows\":\(rows)}\n".utf8)
        try flush()
    }

    /// Appends the value of a column of the row that a statement is at.
    private mutating func append(columnOf row: OpaquePointer, at index: Int32) {
        switch unsafe sqlite3_column_type(row, index) {
        case SQLITE_INTEGER: append(unsafe sqlite3_column_int64(row, index))
        case SQLITE_FLOAT: buffer += "\(unsafe sqlite3_column_double(row, index))".utf8
        case SQLITE_TEXT:
            // SAFETY: SQLite's bytes are there until the next step, and as many as it says.
            let text = unsafe UnsafeRawBufferPointer(
                start: sqlite3_column_text(row, index),
                count: Int(sqlite3_column_bytes(row, index)))
            unsafe append(text)
        case SQLITE_BLOB:
            // SAFETY: as for text.
            let bytes = unsafe UnsafeRawBufferPointer(
                start: sqlite3_column_blob(row, index),
                count: Int(sqlite3_column_bytes(row, index)))
            buffer += Self.hexadecimalStart
            unsafe Self.appendHexadecimal(bytes, to: &buffer)
            buffer += Self.hexadecimalEnd
        default: buffer += Self.null
        }
    }

    private static let null = Array("null".utf8)
    private static let hexadecimalStart = Array("{\"hex\":\"".utf8)
    private static let hexadecimalEnd = Array("\"}".utf8)

    private mutating func append(_ number: Int64) {
        if (0...9).contains(number) {
            buffer.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            buffer += String(number).utf8
        }
    }

    /// Two digits a byte, written at once: blobs are most of a manifest.
    private static func appendHexadecimal(
        _ bytes: UnsafeRawBufferPointer, to buffer: inout [UInt8]
    ) {
        let digits = Self.digits
        buffer += unsafe [UInt8](unsafeUninitializedCapacity: 2 * bytes.count) { target, count in
            // SAFETY: two digits for each of the bytes that the capacity was made for.
            for index in bytes.indices {
                unsafe target.initializeElement(at: 2 * index, to: digits[Int(bytes[index] >> 4)])
                unsafe target.initializeElement(
                    at: 2 * index + 1, to: digits[Int(bytes[index] & 15)])
            }
            count = 2 * bytes.count
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
