import Model

/// The stored form of a row's key: for each part a letter for its kind, the number of its bytes, a
/// colon and the bytes.
enum KeyCoding {
    static func encode(_ key: RowKey) -> [UInt8] {
        key.parts.flatMap { part -> [UInt8] in
            let (kind, bytes) = encode(part.value)
            return [kind] + Array(String(bytes.count).utf8) + [UInt8(ascii: ":")] + bytes
        }
    }

    private static func encode(_ value: SQLValue) -> (kind: UInt8, bytes: [UInt8]) {
        switch value {
        case .null: (UInt8(ascii: "n"), [])
        case .integer(let number): (UInt8(ascii: "i"), Array(String(number).utf8))
        case .real(let number): (UInt8(ascii: "r"), Array(String(number).utf8))
        case .text(let bytes): (UInt8(ascii: "t"), bytes)
        case .blob(let bytes): (UInt8(ascii: "b"), bytes)
        }
    }

    /// The key; nil for what `encode` does not write.
    static func decode(_ bytes: [UInt8], columns: [String]) -> RowKey? {
        var key = RowKey(parts: [], isPrimary: true)
        var rest = bytes[...]
        for column in columns {
            guard let kind = rest.popFirst(), let colon = rest.firstIndex(of: UInt8(ascii: ":")),
                let count = Int(String(decoding: rest[..<colon], as: UTF8.self)), count >= 0,
                rest.endIndex - colon - 1 >= count
            else { return nil }
            let part = rest[(colon + 1)..<(colon + 1 + count)]
            rest = rest[(colon + 1 + count)...]
            guard let value = decode(kind, Array(part)) else { return nil }
            key.parts.append(RowKey.Part(column: column, value: value))
        }
        return rest.isEmpty ? key : nil
    }

    private static func decode(_ kind: UInt8, _ bytes: [UInt8]) -> SQLValue? {
        let text = { String(decoding: bytes, as: UTF8.self) }
        switch kind {
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "i"): return Int64(text()).map(SQLValue.integer)
        case UInt8(ascii: "r"): return Double(text()).map(SQLValue.real)
        case UInt8(ascii: "t"): return .text(bytes)
        case UInt8(ascii: "b"): return .blob(bytes)
        default: return nil
        }
    }
}
