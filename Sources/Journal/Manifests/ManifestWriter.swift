import Glibc
import Foundation
import GRDB
import Model

/// Writes rows of the journal as JSON, one a line, and at the end how many they are.
///
/// Written by hand, because a bulk rename has tens of thousands of rows and an encoder a row would
/// take longer than the renaming.
struct ManifestWriter {
    private let file: Int32
    private var buffer: [UInt8] = []
    private var rows = 0

    init(file: Int32) {
        self.file = file
        buffer += Array("{\"format\":\"moniker-manifest\",\"version\":1}\n".utf8)
    }

    /// Writes what a query returns, as rows of a table.
    mutating func rows(
        of table: String, _ database: Database, sql: String, arguments: StatementArguments
    ) throws {
        let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try cursor.next() {
            buffer += Array("{\"table\":\"\(table)\",\"row\":{".utf8)
            for (index, (column, value)) in row.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                append(column)
                buffer.append(UInt8(ascii: ":"))
                append(value.storage)
            }
            buffer += Array("}}\n".utf8)
            rows += 1
            if buffer.count > 1 << 20 { try flush() }
        }
    }

    /// Writes the last line.
    mutating func finish() throws(MonikerError) {
        buffer += Array("{\"rows\":\(rows)}\n".utf8)
        try flush()
    }

    private mutating func append(_ value: DatabaseValue.Storage) {
        switch value {
        case .null: buffer += Array("null".utf8)
        case .int64(let number): buffer += Array("\(number)".utf8)
        case .double(let number): buffer += Array("\(number)".utf8)
        case .string(let text): append(text)
        case .blob(let data):
            buffer += Array("{\"hex\":\"".utf8)
            Self.appendHexadecimal(data, to: &buffer)
            buffer += Array("\"}".utf8)
        }
    }

    /// Two digits a byte, written at once: blobs are most of a manifest.
    private static func appendHexadecimal(_ data: Data, to buffer: inout [UInt8]) {
        let digits = Self.digits
        buffer += unsafe [UInt8](unsafeUninitializedCapacity: 2 * data.count) { target, count in
            // SAFETY: two digits for each of the bytes that the capacity was made for.
            unsafe data.withUnsafeBytes { bytes in
                for index in bytes.indices {
                    unsafe target.initializeElement(
                        at: 2 * index, to: digits[Int(bytes[index] >> 4)])
                    unsafe target.initializeElement(
                        at: 2 * index + 1, to: digits[Int(bytes[index] & 15)])
                }
            }
            count = 2 * data.count
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func append(_ text: String) {
        buffer.append(UInt8(ascii: "\""))
        let special = { (byte: UInt8) in
            byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        }
        if !text.utf8.contains(where: special) {
            buffer += text.utf8
            buffer.append(UInt8(ascii: "\""))
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                buffer += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                buffer += Array("\\u00".utf8)
                buffer += [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            default: buffer.append(byte)
            }
        }
        buffer.append(UInt8(ascii: "\""))
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
