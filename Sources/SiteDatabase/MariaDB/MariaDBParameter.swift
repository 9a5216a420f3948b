import Model

/// A value bound to a placeholder of a prepared statement.
enum MariaDBParameter {
    case null
    case integer(Int64)
    case unsigned(UInt64)
    case real(Double)
    case bytes([UInt8])

    init(_ value: SQLValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let number): .integer(number)
            case .real(let number): .real(number)
            case .text(let bytes), .blob(let bytes): .bytes(bytes)
            }
    }

    init(_ text: String) { self = .bytes(Array(text.utf8)) }

    /// What the parameter adds to the statement's packet, at most.
    var packetBytes: Int {
        switch self {
        case .null, .integer, .unsigned, .real: 16
        case .bytes(let bytes): bytes.count + 16
        }
    }
}
