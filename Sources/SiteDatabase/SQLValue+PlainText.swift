import Model

extension SQLValue {
    /// A name or number from the database's own tables, unescaped; empty for NULL.
    var plainText: String {
        switch self {
        case .null: ""
        case .integer, .real: description
        case .text(let bytes), .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}
