/// A PHP-serialized value as a tree, for reading an attachment's metadata.
///
/// Strict: what is not one complete value gives nil. Deeper nesting than any metadata has, too.
indirect enum SerializedValue {
    case text([UInt8])
    case integer(Int64)
    case other
    case array([(key: [UInt8], value: SerializedValue)])

    private static let deepest = 64

    /// Reads a value.
    static func parse(_ bytes: [UInt8]) -> SerializedValue? {
        var parser = Parser(bytes: bytes)
        guard let value = parser.value(depth: 0) else { return nil }
        return parser.position == bytes.count ? value : nil
    }

    /// The element of a key.
    subscript(key: String) -> SerializedValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first { $0.key.elementsEqual(key.utf8) }?.value
    }

    /// The elements of an array; empty for anything else.
    var elements: [(key: [UInt8], value: SerializedValue)] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The bytes of a string.
    var text: [UInt8]? {
        if case .text(let bytes) = self { bytes } else { nil }
    }

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        mutating func value(depth: Int) -> SerializedValue? {
            guard depth < SerializedValue.deepest, position + 1 < bytes.count else { return nil }
            let kind = bytes[position]
            position += 1
            switch kind {
            case UInt8(ascii: "N"): return take(";") ? .other : nil
            case UInt8(ascii: "b"), UInt8(ascii: "d"):
                guard take(":"), let end = bytes[position...].firstIndex(of: UInt8(ascii: ";"))
                else { return nil }
                position = end + 1
                return .other
            case UInt8(ascii: "i"):
                guard take(":"), let end = bytes[position...].firstIndex(of: UInt8(ascii: ";")),
                    let number = Int64(String(decoding: bytes[position..<end], as: UTF8.self))
                else { return nil }
                position = end + 1
                return .integer(number)
            case UInt8(ascii: "s"):
                guard take(":"), let count = number(), take(":"), take("\""),
                    count <= bytes.count - position
                else { return nil }
                let text = Array(bytes[position..<(position + count)])
                position += count
                return take("\"") && take(";") ? .text(text) : nil
            case UInt8(ascii: "a"):
                guard take(":"), let count = number(), take(":"), take("{") else { return nil }
                var elements: [(key: [UInt8], value: SerializedValue)] = []
                for _ in 0..<count {
                    guard let key = value(depth: depth + 1),
                        let element = value(depth: depth + 1)
                    else { return nil }
                    switch key {
                    case .text(let text): elements.append((text, element))
                    case .integer(let number):
                        elements.append((Array(String(number).utf8), element))
                    case .other, .array: return nil
                    }
                }
                return take("}") ? .array(elements) : nil
            default: return nil
            }
        }

        private mutating func number() -> Int? {
            let start = position
            while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
            return Int(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
                return false
            }
            position += 1
            return true
        }
    }
}
