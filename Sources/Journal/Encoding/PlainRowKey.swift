import Model

/// The key of nearly every row: one integer, in a column whose name needs no escaping.
///
/// It is stored as `ID=123`, which cannot be taken for the JSON of any other key: that begins with a
/// brace. It is written and read by hand, because a JSON encoder a row would take longer than
/// rewriting the row.
struct PlainRowKey {
    private let column: String
    private let value: Int64

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
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), Self.isPlain(bytes[..<equals])
        else { return nil }
        let number = text[text.index(after: equals)...]
        guard let value = Int64(number), String(value) == number else { return nil }
        column = String(text[..<equals])
        self.value = value
    }

    /// The stored form.
    var text: String { column + "=" + String(value) }

    /// The key.
    var key: RowKey {
        RowKey(parts: [RowKey.Part(column: column, value: .integer(value))], isPrimary: true)
    }

    private static func isPlain(_ name: some Collection<UInt8>) -> Bool {
        !name.isEmpty
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// The SQL that turns a column with keys in their first form, when these were JSON as well, into
    /// this form; part of a released migration.
    static func shortened(_ column: String) -> String {
        // What is left of the key of one integer is its column, "=" and the number; of any other key
        // there is something that neither of them can have.
        let short = """
            replace(replace(replace(\(column), '{"parts":[{"column":"', ''),
                '","kind":"integer","value":"', '='), '"}],"primary":true}', '')
            """
        let equals = "instr(\(short), '=')"
        return """
            CASE WHEN \(column) LIKE '{%' AND \(equals) > 1
                AND substr(\(short), 1, \(equals) - 1) NOT GLOB '*[^A-Za-z0-9_]*'
                AND substr(\(short), \(equals) + 1) NOT GLOB '*[^0-9-]*'
            THEN \(short) ELSE \(column) END
            """
    }
}
