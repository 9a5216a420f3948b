/// Writes JSON as bytes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether `<`, `>` and `&` are escaped, so that the JSON can stand between tags.
    private let escapesMarkup: Bool

    private init(escapesMarkup: Bool) { self.escapesMarkup = escapesMarkup }

    /// The value as UTF-8.
    static func bytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter(escapesMarkup: false)
        writer.bytes.reserveCapacity(value.size)
        writer.append(value)
        return writer.bytes
    }

    /// The value as text that holds no tag.
    static func textBetweenTags(_ value: JSONValue) -> String {
        var writer = JSONWriter(escapesMarkup: true)
        writer.append(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append(raw: "null")
        case .bool(let value): append(raw: value ? "true" : "false")
        case .number(let text): append(raw: text)
        case .string(let text):
            bytes.append(UInt8(ascii: "\""))
            append(escaped: text)
            bytes.append(UInt8(ascii: "\""))
        case .base64(let prefix, let data):
            bytes.append(UInt8(ascii: "\""))
            append(escaped: prefix)
            Base64.append(data, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(.string(member.name))
                bytes.append(UInt8(ascii: ":"))
                append(member.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(raw text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(escaped text: String) {
        let hexadecimal = Array("0123456789abcdef".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: append(raw: "\\n")
            case ..<0x20, 0x7F,
                UInt8(ascii: "<") where escapesMarkup, UInt8(ascii: ">") where escapesMarkup,
                UInt8(ascii: "&") where escapesMarkup:
                append(raw: "\\u00")
                bytes += [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
    }
}

extension JSONValue {
    /// About how many bytes it takes, so that a body with an image is allocated once.
    fileprivate var size: Int {
        switch self {
        case .null, .bool, .number: 20
        case .string(let text): text.utf8.count + text.utf8.count / 8 + 4
        case .base64(let prefix, let data): prefix.utf8.count + data.count / 3 * 4 + 8
        case .array(let elements): elements.reduce(2) { $0 + $1.size + 1 }
        case .object(let members): members.reduce(2) { $0 + $1.name.utf8.count + $1.value.size + 4 }
        }
    }
}

/// Base64 of RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Appends the encoding of bytes.
    static func append(_ data: [UInt8], to bytes: inout [UInt8]) {
        let alphabet = alphabet
        var index = 0
        while index + 2 < data.count {
            let group = Int(data[index]) << 16 | Int(data[index + 1]) << 8 | Int(data[index + 2])
            bytes.append(alphabet[group >> 18])
            bytes.append(alphabet[group >> 12 & 63])
            bytes.append(alphabet[group >> 6 & 63])
            bytes.append(alphabet[group & 63])
            index += 3
        }
        switch data.count - index {
        case 1:
            let group = Int(data[index]) << 16
            bytes += [alphabet[group >> 18], alphabet[group >> 12 & 63]]
            bytes += [UInt8(ascii: "="), UInt8(ascii: "=")]
        case 2:
            let group = Int(data[index]) << 16 | Int(data[index + 1]) << 8
            bytes += [alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63]]
            bytes.append(UInt8(ascii: "="))
        default: break
        }
    }
}
