/// The whole numbers at the top level of a JSON object: what block comments and tags keep ids in.
///
/// Not a validating parser: it reads as far as it understands, and ids of a broken object are lost.
struct BlockAttributes {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The numbers under each key: one for a number or a string of digits, all of an array of them.
    ///
    /// - Complexity: linear in the object.
    static func integers(in object: ArraySlice<UInt8>) -> [String: [Int64]] {
        var reader = BlockAttributes(object)
        return reader.object()
    }

    private mutating func object() -> [String: [Int64]] {
        var found: [String: [Int64]] = [:]
        guard take(UInt8(ascii: "{")) else { return found }
        while let key = string(), take(UInt8(ascii: ":")) {
            let numbers = value()
            if !numbers.isEmpty { found[String(decoding: key, as: UTF8.self)] = numbers }
            guard take(UInt8(ascii: ",")) else { break }
        }
        return found
    }

    /// Lists of ids are one list deep, and other lists hold none.
    private static let deepest = 8

    /// Passes over a value and returns the numbers in it.
    private mutating func value(depth: Int = 0) -> [Int64] {
        skipSpaces()
        guard position < bytes.endIndex else { return [] }
        switch bytes[position] {
        case UInt8(ascii: "\""):
            return string().flatMap { Int64(String(decoding: $0, as: UTF8.self)) }.map { [$0] }
                ?? []
        case UInt8(ascii: "{"):
            skipNested()
            return []
        case UInt8(ascii: "["):
            position += 1
            var numbers: [Int64] = []
            guard depth < Self.deepest else {
                position = bytes.endIndex
                return numbers
            }
            while position < bytes.endIndex, !take(UInt8(ascii: "]")) {
                numbers += value(depth: depth + 1)
                _ = take(UInt8(ascii: ","))
            }
            return numbers
        default:
            let start = position
            while position < bytes.endIndex, !",]}".utf8.contains(bytes[position]) {
                position += 1
            }
            // A byte that ends a value where none began would be met again and again.
            if start == position { position += 1 }
            return Int64(
                String(decoding: bytes[start..<position], as: UTF8.self).filter { $0 != " " }
            ).map { [$0] } ?? []
        }
    }

    /// Passes over an object with everything in it.
    private mutating func skipNested() {
        var depth = 0
        while position < bytes.endIndex {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                if string() == nil { position = bytes.endIndex }
                continue
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: break
            }
            position += 1
            if depth == 0 { return }
        }
    }

    /// The raw bytes of a string; nil where none begins or it does not end.
    private mutating func string() -> ArraySlice<UInt8>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.endIndex {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "\""):
                position += 1
                return bytes[start..<(position - 1)]
            default: position += 1
            }
        }
        position = bytes.endIndex
        return nil
    }

    private mutating func skipSpaces() {
        while position < bytes.endIndex, bytes[position] <= 0x20 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpaces()
        guard position < bytes.endIndex, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}
