import Model

/// The key of nearly every row: one integer, in a column whose name needs no escaping.
///
/// Its stored form is that of `RowKeyCoding`, written and read by hand: a JSON encoder a row would
/// take longer than rewriting the row.
struct PlainRowKey {
    private let column: String
    private let value: Int64

    private static let start = "{\"parts\":[{\"column\":\""
    private static let middle = "\",\"kind\":\"integer\",\"value\":\""
    private static let end = "\"}],\"primary\":true}"

    /// A key of this kind; nil for any other.
    init?(_ key: RowKey) {
        guard key.isPrimary, key.parts.count == 1, case .integer(let value) = key.parts[0].value,
            Self.isPlain(key.parts[0].column.utf8)
        else { return nil }
        column = key.parts[0].column
        self.value = value
    }

    /// Reads the stored form; nil for any other text.
    init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.starts(with: Self.start.utf8) else { return nil }
        let rest = bytes.dropFirst(Self.start.utf8.count)
        let column = rest.prefix { $0 != UInt8(ascii: "\"") }
        let tail = rest.dropFirst(column.count)
        guard Self.isPlain(column), tail.starts(with: Self.middle.utf8) else { return nil }
        let number = tail.dropFirst(Self.middle.utf8.count)
        let digits = number.prefix { $0 != UInt8(ascii: "\"") }
        guard number.dropFirst(digits.count).elementsEqual(Self.end.utf8),
            let value = Int64(Substring(digits)), String(value).utf8.elementsEqual(digits)
        else { return nil }
        self.column = String(Substring(column))
        self.value = value
    }

    /// The stored form.
    var text: String { Self.start + column + Self.middle + String(value) + Self.end }

    /// The key.
    var key: RowKey {
        RowKey(parts: [RowKey.Part(column: column, value: .integer(value))], isPrimary: true)
    }

    private static func isPlain(_ name: some Sequence<UInt8>) -> Bool {
        name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
