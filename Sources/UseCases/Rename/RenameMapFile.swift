public import Model

/// The lines of a `rename --map` file: RFC 4180 CSV with the header `id,name`.
///
/// Read by hand and not by a CSV library because a malformed line must be named by its number, and
/// names are bytes.
public struct RenameMapFile: Sendable {
    /// One line.
    public struct Line: Hashable, Sendable {
        /// The line's number in the file, from 1.
        public var number: Int
        /// The attachment.
        public var attachment: AttachmentID
        /// The name it is to get; empty to make it from the metadata.
        public var name: [UInt8]
    }

    /// The lines, in the order of the file.
    public let lines: [Line]

    /// Parses a file.
    ///
    /// A byte-order mark, CRLF and empty lines are accepted.
    ///
    /// - Throws: `malformed-map`, naming the line, for a missing header, a wrong number of fields,
    ///   an id that is no number, an unclosed quote, and an id that occurs twice.
    public init(parsing bytes: [UInt8]) throws(MonikerError) {
        var reader = CommaSeparatedReader(bytes)
        var lines: [Line] = []
        var seen: [AttachmentID: Int] = [:]
        guard let header = try reader.next(),
            header.fields.map({ String(decoding: $0, as: UTF8.self).lowercased() })
                == ["id", "name"]
        else {
            throw Self.malformed(1, "the first line has to be `id,name`")
        }
        while let record = try reader.next() {
            guard record.fields.count == 2 else {
                throw Self.malformed(
                    record.line,
                    "it has \(record.fields.count) field\(record.fields.count == 1 ? "" : "s") where `id,name` has 2; put names that contain commas in double quotes"
                )
            }
            let text = String(decoding: record.fields[0], as: UTF8.self)
            guard let number = Int64(text.filter { $0 != " " }), number > 0 else {
                throw Self.malformed(
                    record.line, "\"\(displayText(record.fields[0]))\" is not an attachment id")
            }
            let attachment = AttachmentID(number)
            if let first = seen.updateValue(record.line, forKey: attachment) {
                throw Self.malformed(
                    record.line, "attachment \(attachment) was named on line \(first) already")
            }
            lines.append(
                Line(number: record.line, attachment: attachment, name: record.fields[1]))
        }
        self.lines = lines
    }

    private static func malformed(_ line: Int, _ what: String) -> MonikerError {
        MonikerError(
            .malformedMap, "the map file cannot be used, line \(line): \(what)",
            details: ["line": "\(line)"])
    }
}

/// Reads RFC 4180 records one by one.
struct CommaSeparatedReader {
    struct Record {
        var line: Int
        var fields: [[UInt8]]
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next record that is not an empty line; nil at the end.
    mutating func next() throws(MonikerError) -> Record? {
        while position < bytes.count {
            let start = line
            let fields = try record()
            if fields != [[]] { return Record(line: start, fields: fields) }
        }
        return nil
    }

    private mutating func record() throws(MonikerError) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty:
                field = try quoted()
            case UInt8(ascii: ","):
                fields.append(field)
                field = []
            case UInt8(ascii: "\r") where position < bytes.count && bytes[position] == 0x0A:
                break
            case UInt8(ascii: "\n"):
                line += 1
                return fields + [field]
            default:
                field.append(byte)
            }
        }
        return fields + [field]
    }

    private mutating func quoted() throws(MonikerError) -> [UInt8] {
        let start = line
        var field: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    let end = position == bytes.count ? UInt8(ascii: "\n") : bytes[position]
                    guard [UInt8(ascii: ","), 0x0D, 0x0A].contains(end) else { break }
                    return field
                }
                position += 1
            }
            if byte == 0x0A { line += 1 }
            field.append(byte)
        }
        throw MonikerError(
            .malformedMap,
            "the map file cannot be used, line \(start): a double quote is not closed, or text follows the closing one",
            details: ["line": "\(start)"])
    }
}
