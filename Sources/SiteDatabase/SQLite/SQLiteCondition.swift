import Model

/// Quotes the name of a table or column for SQLite: the only place where a name enters a statement.
func quotedSQLiteIdentifier(_ name: String) -> String {
    let parts = name.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.joined(separator: "\"\"") + "\""
}

/// A part of a WHERE clause with the values of its placeholders, for SQLite.
struct SQLiteCondition {
    var sql: String
    var values: [SQLValue]

    init(_ sql: String, _ values: [SQLValue] = []) {
        self.sql = sql
        self.values = values
    }

    private static func joined(
        _ parts: [SQLiteCondition], by word: String, empty: String
    ) -> SQLiteCondition {
        guard !parts.isEmpty else { return SQLiteCondition(empty) }
        return SQLiteCondition(
            "(" + parts.map(\.sql).joined(separator: " \(word) ") + ")", parts.flatMap(\.values))
    }

    /// The column has exactly this value: the column's own collation finds candidates by index,
    /// the bytes and the storage class decide.
    static func exactly(_ column: String, _ value: SQLValue) -> SQLiteCondition {
        let name = quotedSQLiteIdentifier(column)
        let type: String
        switch value {
        case .null: return SQLiteCondition("\(name) IS NULL")
        case .integer: type = "integer"
        case .real: type = "real"
        case .text:
            return SQLiteCondition(
                "(\(name) = ? AND \(name) = ? COLLATE BINARY AND typeof(\(name)) = 'text')",
                [value, value])
        case .blob: type = "blob"
        }
        return SQLiteCondition("(\(name) = ? AND typeof(\(name)) = '\(type)')", [value])
    }

    /// The row has this key, or equals this before-image in every column.
    static func key(_ key: RowKey) -> SQLiteCondition {
        joined(key.parts.map { exactly($0.column, $0.value) }, by: "AND", empty: "FALSE")
    }

    /// What a filter says.
    ///
    /// A number in a filter also matches its spelling as text and the other
    /// way round, since columns without a type hold either.
    static func filter(_ filter: RowFilter) -> SQLiteCondition {
        switch filter {
        case .all: return SQLiteCondition("TRUE")
        case .equals(let column, let value): return equal(column, value)
        case .isAny(let column, let values):
            return joined(values.map { equal(column, $0) }, by: "OR", empty: "FALSE")
        case .within(let column, let after, let through):
            let name = quotedSQLiteIdentifier(column)
            return SQLiteCondition(
                "(\(name) > ? AND \(name) <= ?)", [.integer(after), .integer(through)])
        case .hasPrefix(let column, let prefix):
            let name = quotedSQLiteIdentifier(column)
            // A part of an empty value is NULL to SQLite.
            if prefix.isEmpty { return SQLiteCondition("\(name) IS NOT NULL") }
            return SQLiteCondition(
                "substr(CAST(\(name) AS BLOB), 1, \(prefix.count)) = ?", [.blob(prefix)])
        case .containsAny(let columns, let terms):
            let parts = columns.flatMap { column in
                terms.map { term in
                    let name = quotedSQLiteIdentifier(column)
                    return SQLiteCondition("instr(CAST(\(name) AS BLOB), ?) > 0", [.blob(term)])
                }
            }
            return joined(parts, by: "OR", empty: "FALSE")
        case .isAtLeast(let column, let bytes):
            return SQLiteCondition(
                "length(CAST(\(quotedSQLiteIdentifier(column)) AS BLOB)) >= \(bytes)")
        case .matches:
            // `SQLiteContentTest` takes it out of every filter that scans make.
            preconditionFailure("SQLite's conditions know no regular expressions")
        case .and(let parts):
            return joined(parts.map { self.filter($0) }, by: "AND", empty: "TRUE")
        case .or(let parts):
            return joined(parts.map { self.filter($0) }, by: "OR", empty: "FALSE")
        }
    }

    private static func equal(_ column: String, _ value: SQLValue) -> SQLiteCondition {
        let name = quotedSQLiteIdentifier(column)
        guard let bytes = value.bytes else {
            return value == .null
                ? SQLiteCondition("\(name) IS NULL") : SQLiteCondition("\(name) = ?", [value])
        }
        return SQLiteCondition(
            "(\(name) IN (?, ?) AND CAST(\(name) AS BLOB) = ?)",
            [.text(bytes), .blob(bytes), .blob(bytes)])
    }
}
