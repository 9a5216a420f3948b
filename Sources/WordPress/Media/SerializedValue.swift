/// A PHP-serialized value as a tree, for reading an attachment's metadata.
///
/// Strict: what is not one complete value gives nil. Deeper nesting than any metadata has, too.
public indirect enum SerializedValue {
    /// A string.
    case text([UInt8])
    /// A whole number.
    case integer(Int64)
    /// Null, a boolean, a fraction or a back reference.
    case other
    /// An array, or the properties of an object, in their order.
    case array([(key: [UInt8], value: SerializedValue)])

    private static let deepest = 64

    /// Reads a value; nil for what is not one complete value.
    public static func parse(_ bytes: [UInt8]) -> SerializedValue? {
        var parser = Parser(bytes: bytes)
        guard let value = parser.value(depth: 0) else { return nil }
        return parser.position == bytes.count ? value : nil
    }

    /// The element of a key.
    public subscript(key: String) -> SerializedValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first { $0.key.elementsEqual(key.utf8) }?.value
    }

    /// The elements of an array; empty for anything else.
    public var elements: [(key: [UInt8], value: SerializedValue)] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The bytes of a string.
    public var text: [UInt8]? {
        if case .text(let bytes) = self { bytes } else { nil }
    }

    /// The value as a whole number: one, or a string of its digits.
    public var number: Int64? {
        switch self {
        case .integer(let number): number
        case .text(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        case .other, .array: nil
        }
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
            case UInt8(ascii: "b"), UInt8(ascii: "d"), UInt8(ascii: "r"), UInt8(ascii: "R"):
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
                guard take(":") else { return nil }
                return members(depth: depth)
            case UInt8(ascii: "O"):
                // The name of the class, then the properties as the elements of an array.
                guard take(":"), let count = number(), take(":"), take("\""),
                    count <= bytes.count - position
                else { return nil }
                position += count
                guard take("\""), take(":") else { return nil }
                return members(depth: depth)
            default: return nil
            }
        }

        private mutating func members(depth: Int) -> SerializedValue? {
            guard let count = number(), take(":"), take("{") else { return nil }
            var elements: [(key: [UInt8], value: SerializedValue)] = []
            for _ in 0..<count {
                guard let key = value(depth: depth + 1), let element = value(depth: depth + 1)
                else { return nil }
                switch key {
                case .text(let text): elements.append((text, element))
                case .integer(let number):
                    elements.append((Array(String(number).utf8), element))
                case .other, .array: return nil
                }
            }
            return take("}") ? .array(elements) : nil
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
