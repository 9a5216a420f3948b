import Foundation
import GRDB
import Model

extension SQLiteDatabase {
    /// An identifier in double quotes.
    static func quoted(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// A column as its storage class and its bytes: text is cast, so that no driver decodes it.
    static func selected(_ column: String) -> String {
        let name = quoted(column)
        return
            "typeof(\(name)), CASE typeof(\(name)) WHEN 'text' THEN CAST(\(name) AS BLOB) ELSE \(name) END"
    }

    /// The values of a row whose columns were read with `selected`.
    static func values(_ row: Row, count: Int) -> [SQLValue] {
        (0..<count).map { index in
            let type: String = row[index * 2]
            let value: DatabaseValue = row[index * 2 + 1]
            switch value.storage {
            case .null: return .null
            case .int64(let number): return .integer(number)
            case .double(let number): return .real(number)
            case .string(let text): return .text(Array(text.utf8))
            case .blob(let data):
                return type == "text" ? .text(Array(data)) : .blob(Array(data))
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

    /// A comparison that no collation and no affinity bends. For text the column's own comparison,
    /// which an index can answer, comes first.
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
                    parameters.append(Data(term))
                    return "instr(CAST(\(quoted(column)) AS BLOB), ?) > 0"
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
