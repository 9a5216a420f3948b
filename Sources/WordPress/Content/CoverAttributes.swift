/// What the comment of a cover block says of its picture.
///
/// Newer versions of WordPress keep the text alternative here as well as in the tag, and call a
/// block broken in which the two differ.
struct CoverAttributes {
    /// The attachment.
    private(set) var id: Int64 = 0
    /// What stands between the quotes of `alt`; nil where there is no such key.
    private(set) var alt: Range<Int>?
    /// The decoded text of `alt`; empty without it.
    private(set) var text: [UInt8] = []
    /// Where a key can be added.
    private(set) var end = 0

    private let bytes: [UInt8]
    private let limit: Int
    private var position: Int

    /// Reads a comment; nil where it is not simple enough to be certain of.
    ///
    /// - Complexity: linear in the comment.
    init?(_ bytes: [UInt8], object: Range<Int>) {
        self.bytes = bytes
        position = object.lowerBound
        limit = object.upperBound
        guard take("{"), read() else { return nil }
        skipSpaces()
        guard position == limit, id > 0 else { return nil }
    }

    private mutating func read() -> Bool {
        var seen: Set<String> = []
        repeat {
            skipSpaces()
            guard let key = string(), take(":") else { return false }
            let name = String(decoding: bytes[key], as: UTF8.self)
            guard seen.insert(name).inserted else { return false }
            skipSpaces()
            let start = position
            switch name {
            case "alt":
                guard let value = string(), let decoded = Self.decoded(bytes[value]) else {
                    return false
                }
                (alt, text) = (value, decoded)
            case "id":
                while position < limit, (0x30...0x39).contains(bytes[position]) { position += 1 }
                guard let number = Int64(String(decoding: bytes[start..<position], as: UTF8.self))
                else { return false }
                id = number
            default:
                guard skipValue() else { return false }
            }
            end = position
        } while take(",")
        return take("}")
    }

    private mutating func skipValue() -> Bool {
        var depth = 0
        while position < limit {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ","): if depth == 0 { return true }
            default: break
            }
            position += 1
        }
        return false
    }

    private mutating func string() -> Range<Int>? {
        guard position < limit, bytes[position] == UInt8(ascii: "\"") else { return nil }
        position += 1
        let start = position
        while position < limit {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "\""):
                position += 1
                return start..<(position - 1)
            default: position += 1
            }
        }
        return nil
    }

    private mutating func skipSpaces() {
        while position < limit, MarkupReader.isSpace(bytes[position]) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard position < limit, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    // MARK: Strings

    /// The text of a JSON string; nil where it is none.
    static func decoded(_ string: ArraySlice<UInt8>) -> [UInt8]? {
        guard string.contains(UInt8(ascii: "\\")) else { return Array(string) }
        var units: [UInt16] = []
        var characters = String(decoding: string, as: UTF8.self).utf16.makeIterator()
        while let unit = characters.next() {
            guard unit == 0x5C else {
                units.append(unit)
                continue
            }
            switch characters.next().flatMap(Unicode.Scalar.init) {
            case "\"": units.append(0x22)
            case "\\": units.append(0x5C)
            case "/": units.append(0x2F)
            case "b": units.append(0x08)
            case "f": units.append(0x0C)
            case "n": units.append(0x0A)
            case "r": units.append(0x0D)
            case "t": units.append(0x09)
            case "u":
                var digits = ""
                for _ in 0..<4 {
                    guard let digit = characters.next().flatMap(Unicode.Scalar.init) else {
                        return nil
                    }
                    digits.unicodeScalars.append(digit)
                }
                guard digits.allSatisfy(\.isHexDigit), let value = UInt16(digits, radix: 16) else {
                    return nil
                }
                units.append(value)
            default: return nil
            }
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// A text as WordPress writes it between the quotes of a block's JSON (`serialize_block_attributes`).
    static func encoded(_ text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var encoded: [UInt8] = []
        for (index, byte) in text.enumerated() {
            let isDash = byte == UInt8(ascii: "-")
            let isDouble =
                isDash
                && (index > 0 && text[index - 1] == byte
                    || index + 1 < text.count && text[index + 1] == byte)
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: "&"):
                encoded += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            case _ where isDouble: encoded += Array("\\u002d".utf8)
            default: encoded.append(byte)
            }
        }
        return encoded
    }
}
