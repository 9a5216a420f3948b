/// A value of a database cell, as stored: text is bytes in the column's own character set.
public enum SQLValue: Hashable, Sendable {
    /// SQL NULL.
    case null
    /// A whole number. MySQL's unsigned numbers above `Int64.max` arrive as `text`.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Text in the column's character set; dates, decimals and JSON too.
    case text([UInt8])
    /// Binary data.
    case blob([UInt8])

    /// The bytes of text or binary data; nil for anything else.
    public var bytes: [UInt8]? {
        switch self {
        case .text(let bytes), .blob(let bytes): bytes
        case .null, .integer, .real: nil
        }
    }

    /// The value as a whole number: an integer, or text of decimal digits.
    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .text(let bytes), .blob(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        case .null, .real: nil
        }
    }

    /// Text from a Swift string, as UTF-8.
    public static func string(_ text: String) -> SQLValue { .text(Array(text.utf8)) }
}

extension SQLValue: CustomStringConvertible {
    /// The value for people.
    public var description: String {
        switch self {
        case .null: "NULL"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let bytes), .blob(let bytes): displayText(bytes)
        }
    }
}
