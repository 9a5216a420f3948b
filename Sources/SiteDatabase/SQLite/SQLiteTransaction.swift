import Foundation
import GRDB
import Hashing
import Model

/// An open transaction of a `SQLiteDatabase`, which has the whole file to itself.
final class SQLiteTransaction: SiteTransaction {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func insertMarker(_ id: JournalID, prefix: String) throws(MonikerError) {
        try run {
            try database.execute(
                sql:
                    "INSERT INTO \(SQLiteDatabase.quoted(MarkerTable.name(prefix: prefix))) (id, decision) VALUES (?, ?)",
                arguments: [id.description, MarkerDecision.commit.rawValue])
        }
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        try run {
            var parameters: [(any DatabaseValueConvertible)?] = []
            let condition = condition(key, &parameters)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(columns.map(SQLiteDatabase.selected).joined(separator: ", "))
                    FROM \(SQLiteDatabase.quoted(table.name)) WHERE \(condition) LIMIT 1
                    """, arguments: StatementArguments(parameters))
            return try rows.next().map {
                try SQLiteDatabase.values($0, count: columns.count)
            }
        }
    }

    /// The digest of a cell's bytes, without a copy of them; nil where the row is gone or the cell
    /// holds no bytes.
    private func digest(
        table: TableSchema, key: RowKey, column: String
    ) throws(MonikerError) -> ContentDigest? {
        try run {
            var parameters: [(any DatabaseValueConvertible)?] = []
            let condition = condition(key, &parameters)
            let name = SQLiteDatabase.quoted(column)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(name) FROM \(SQLiteDatabase.quoted(table.name))
                    WHERE \(condition) AND typeof(\(name)) IN ('text', 'blob') LIMIT 1
                    """, arguments: StatementArguments(parameters))
            guard let row = try rows.next() else { return nil }
            return try row.withUnsafeData(atIndex: 0) { data in
                var hash = SHA256()
                if let data { hash.update(data.span) }
                return hash.finalize()
            }
        }
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest, value: SQLValue
    ) throws(MonikerError) -> Bool {
        // The file is locked for writing, so what is read here cannot change before it is written.
        guard try digest(table: table, key: key, column: column) == expected else { return false }
        return try run {
            let name = SQLiteDatabase.quoted(table.name)
            var parameters: [(any DatabaseValueConvertible)?] = []
            var condition = condition(key, &parameters)
            if !key.isPrimary {
                // One of the rows that are equal in every column.
                condition =
                    "rowid = (SELECT rowid FROM \(name) WHERE \(condition) LIMIT 1)"
            }
            // The value is the first parameter, bound behind GRDB's back because it would copy it.
            let statement = try database.makeStatement(
                sql:
                    "UPDATE \(name) SET \(SQLiteDatabase.quoted(column)) = ?1 WHERE \(condition)")
            try statement.setArguments(StatementArguments([nil] + parameters))
            try SQLiteLongValue.execute(statement, in: database, binding: value)
            return database.changesCount == 1
        }
    }

    private func condition(
        _ key: RowKey, _ parameters: inout [(any DatabaseValueConvertible)?]
    ) -> String {
        key.parts.map { SQLiteDatabase.equality($0.column, $0.value, &parameters) }
            .joined(separator: " AND ")
    }

    private func run<Value>(_ body: () throws -> Value) throws(MonikerError) -> Value {
        do {
            return try body()
        } catch {
            throw SQLiteFailure.error(error, "of the site")
        }
    }
}
