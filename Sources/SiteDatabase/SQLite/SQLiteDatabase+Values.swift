import Foundation
import GRDB
import Model

extension SQLiteDatabase {
    /// An identifier in double quotes.
    static func quoted(_ identifier: String) -> String {
        "\""
            + identifier.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// A column as its storage class and itself.
    static func selected(_ column: String) -> String {
        let name = quoted(column)
        return "typeof(\(name)), \(name)"
    }

    /// The values of a cursor's current row whose columns were read with `selected`.
    ///
    /// Text is taken as its bytes, so that none is decoded, and a long value is copied once.
    static func values(_ row: Row, count: Int) throws -> [SQLValue] {
        try (0..<count).map { index in
            let type: String = row[index * 2]
            switch type {
            case "integer": return .integer(row[index * 2 + 1])
            case "real": return .real(row[index * 2 + 1])
            case "null": return .null
            default:
                let bytes = try row.withUnsafeData(atIndex: index * 2 + 1) { $0.map(Array.init) }
                return type == "text" ? .text(bytes ?? []) : .blob(bytes ?? [])
            }
        }
    }

    /// A value as a parameter, with the SQL that gives it its storage class.
    static func parameter(
        _ value: SQLValue
    ) -> (sql: String, value: (any DatabaseValueConvertible)?) {
        switch value {
        case .null: ("?", nil)
        case .integer(let number): ("?", number)
        case .real(let number): ("?", number)
        case .text(let bytes): ("CAST(? AS TEXT)", Data(bytes))
        case .blob(let bytes): ("?", Data(bytes))
        }
    }

    /// A comparison that no collation and no affinity bends.
    ///
    /// For text the column's own comparison, which an index can answer, comes first.
    static func equality(
        _ column: String, _ value: SQLValue,
        _ parameters: inout [(any DatabaseValueConvertible)?]
    ) -> String {
        let name = quoted(column)
        let (sql, bound) = parameter(value)
        guard case .text(let bytes) = value else {
            parameters.append(bound)
            return "\(name) IS \(sql)"
        }
        parameters += [bound, Data(bytes)]
        return "(\(name) = \(sql) AND CAST(\(name) AS BLOB) = ?)"
    }

    static func condition(
        _ filter: RowFilter, _ parameters: inout [(any DatabaseValueConvertible)?]
    ) -> String {
        switch filter {
        case .all: return "1"
        case .equals(let column, let value): return equality(column, value, &parameters)
        case .isAny(let column, let values):
            let parts = values.map { equality(column, $0, &parameters) }
            return parts.isEmpty ? "0" : "(\(parts.joined(separator: " OR ")))"
        case .hasPrefix(let column, let bytes):
            parameters.append(Data(bytes))
            return "substr(CAST(\(quoted(column)) AS BLOB), 1, \(bytes.count)) = ?"
        case .containsAny(let columns, let terms):
            let tests = columns.flatMap { column in
                terms.map { term in
                    // Both sides of one storage class: a cast would copy the whole value.
                    parameters += [Data(term), Data(term)]
                    let name = quoted(column)
                    return
                        "instr(\(name), CASE typeof(\(name)) WHEN 'blob' THEN ? ELSE CAST(? AS TEXT) END) > 0"
                }
            }
            return tests.isEmpty ? "0" : "(\(tests.joined(separator: " OR ")))"
        case .and(let filters):
            let parts = filters.map { condition($0, &parameters) }
            return parts.isEmpty ? "1" : "(\(parts.joined(separator: " AND ")))"
        case .or(let filters):
            let parts = filters.map { condition($0, &parameters) }
            return parts.isEmpty ? "0" : "(\(parts.joined(separator: " OR ")))"
        }
    }
}
