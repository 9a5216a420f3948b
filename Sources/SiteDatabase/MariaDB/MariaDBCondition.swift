internal import Hashing
import Model

/// A part of a WHERE clause with the values of its placeholders.
struct MariaDBCondition {
    var sql: String
    var parameters: [MariaDBParameter]

    init(_ sql: String, _ parameters: [MariaDBParameter] = []) {
        self.sql = sql
        self.parameters = parameters
    }

    /// Several conditions joined by AND or OR; `empty` where there are none.
    static func joined(
        _ parts: [MariaDBCondition], by word: String, empty: String
    ) -> MariaDBCondition {
        guard !parts.isEmpty else { return MariaDBCondition(empty) }
        return MariaDBCondition(
            "(" + parts.map(\.sql).joined(separator: " \(word) ") + ")",
            parts.flatMap(\.parameters))
    }
}

/// Builds conditions on a table's columns that compare bytes and still use indexes.
struct MariaDBConditionBuilder {
    /// The types of the table's columns, by lower-case name.
    let types: [String: MariaDBColumnType]

    /// Values longer than this are compared by their digest instead of being sent again.
    private static let digestFrom = 1024

    /// The stored bytes of a column as a binary string.
    ///
    /// - Parameter row: `OLD` or `NEW` in a trigger; nil for a table's own row.
    func bytes(of column: String, in row: String? = nil) -> String {
        let name = (row.map { $0 + "." } ?? "") + quotedIdentifier(column)
        return switch types[column.lowercased()]?.family {
        case .json: "CAST(CAST(\(name) AS CHAR CHARACTER SET utf8mb4) AS BINARY)"
        // Some types, MariaDB's UUID for one, have other bytes inside than they show.
        case .other: "CAST(CONCAT(\(name)) AS BINARY)"
        default: "CAST(\(name) AS BINARY)"
        }
    }

    /// The SHA-256 of a column's stored bytes, as hexadecimal digits.
    ///
    /// Of text where it is: SHA2() takes the bytes of any character set as they are, and a cast looks
    /// at each character first, which takes three times as long as the digest.
    func digest(of column: String) -> String { "SHA2(\(content(of: column)), 256)" }

    /// The column has exactly this value, byte for byte; NULL equals NULL.
    func exactly(_ column: String, _ value: SQLValue) -> MariaDBCondition {
        let name = quotedIdentifier(column)
        if case .null = value { return MariaDBCondition("\(name) IS NULL") }
        if let long = value.bytes, long.count > Self.digestFrom {
            let digest = SHA256.digest(of: long).description
            return MariaDBCondition("\(self.digest(of: column)) = ?", [MariaDBParameter(digest)])
        }
        let parameter = MariaDBParameter(value)
        let type = types[column.lowercased()]
        switch (type?.family, value) {
        case (.integer, .integer), (.real, .real), (.real, .integer):
            return MariaDBCondition("\(name) = ?", [parameter])
        case (.integer, .text(let digits)):
            // A string would be compared with a BIGINT as floating-point numbers.
            let number = UInt64(String(decoding: digits, as: UTF8.self))
            return number.map { MariaDBCondition("\(name) = ?", [.unsigned($0)]) }
                ?? MariaDBCondition("\(bytes(of: column)) = ?", [parameter])
        case (.binary, .text), (.binary, .blob):
            return MariaDBCondition("\(name) = ?", [parameter])
        case (.text, .text), (.text, .blob):
            return text(column, type, value)
        case (.decimal, .text):
            return MariaDBCondition(
                "(\(name) = CAST(? AS DECIMAL(65,30)) AND \(bytes(of: column)) = ?)",
                [parameter, parameter])
        case (.temporal, .text):
            return MariaDBCondition(
                "(\(name) = ? AND \(bytes(of: column)) = ?)", [parameter, parameter])
        default:
            return MariaDBCondition(
                "\(bytes(of: column)) = ?", [.init(value.plainText, unless: value.bytes)])
        }
    }

    /// Text: the column's own collation finds candidates by index, the bytes decide.
    private func text(
        _ column: String, _ type: MariaDBColumnType?, _ value: SQLValue
    ) -> MariaDBCondition {
        let parameter = MariaDBParameter(value)
        let exact = "\(bytes(of: column)) = ?"
        guard let collation = type?.collation, let characterSet = type?.characterSet else {
            return MariaDBCondition(exact, [parameter])
        }
        let candidate = "CONVERT(? USING \(characterSet)) COLLATE \(collation)"
        return MariaDBCondition(
            "(\(quotedIdentifier(column)) = \(candidate) AND \(exact))", [parameter, parameter])
    }

    /// The column contains a term, byte for byte.
    ///
    /// LIKE BINARY looks at the stored bytes where they are; INSTR on a cast copies every value
    /// first and takes three times as long.
    private func contains(_ column: String, _ term: [UInt8]) -> MariaDBCondition {
        switch types[column.lowercased()]?.family {
        case .text, .binary:
            let escaped = term.flatMap { byte in
                Array("!%_".utf8).contains(byte) ? [UInt8(ascii: "!"), byte] : [byte]
            }
            let percent = UInt8(ascii: "%")
            return MariaDBCondition(
                "\(quotedIdentifier(column)) LIKE BINARY ? ESCAPE '!'",
                [.bytes([percent] + escaped + [percent])])
        default: return MariaDBCondition("INSTR(\(bytes(of: column)), ?) > 0", [.bytes(term)])
        }
    }

    /// A column whose stored bytes can be looked at where they are, or a binary string of them.
    private func content(of column: String) -> String {
        switch types[column.lowercased()]?.family {
        case .text, .binary: quotedIdentifier(column)
        default: bytes(of: column)
        }
    }

    /// The row has this key, or equals this before-image in every column.
    func key(_ key: RowKey) -> MariaDBCondition {
        .joined(key.parts.map { exactly($0.column, $0.value) }, by: "AND", empty: "FALSE")
    }

    /// What a filter says.
    func filter(_ filter: RowFilter) -> MariaDBCondition {
        switch filter {
        case .all: return MariaDBCondition("TRUE")
        case .equals(let column, let value): return exactly(column, value)
        case .isAny(let column, let values):
            return .joined(values.map { exactly(column, $0) }, by: "OR", empty: "FALSE")
        case .within(let column, let after, let through):
            let name = quotedIdentifier(column)
            return MariaDBCondition(
                "(\(name) > ? AND \(name) <= ?)", [.integer(after), .integer(through)])
        case .hasPrefix(let column, let prefix):
            return MariaDBCondition(
                "LEFT(\(bytes(of: column)), \(prefix.count)) = ?", [.bytes(prefix)])
        case .containsAny(let columns, let terms):
            let parts = columns.flatMap { column in terms.map { contains(column, $0) } }
            return .joined(parts, by: "OR", empty: "FALSE")
        case .isAtLeast(let column, let bytes):
            return MariaDBCondition("OCTET_LENGTH(\(content(of: column))) >= \(bytes)")
        case .matches(let column, let pattern):
            return MariaDBCondition(
                "\(content(of: column)) REGEXP BINARY ?", [MariaDBParameter(pattern)])
        case .and(let parts):
            return .joined(parts.map { self.filter($0) }, by: "AND", empty: "TRUE")
        case .or(let parts):
            return .joined(parts.map { self.filter($0) }, by: "OR", empty: "FALSE")
        }
    }
}

extension MariaDBParameter {
    /// The bytes if there are any, otherwise the text.
    fileprivate init(_ text: String, unless bytes: [UInt8]?) {
        self = bytes.map { .bytes($0) } ?? .bytes(Array(text.utf8))
    }
}
