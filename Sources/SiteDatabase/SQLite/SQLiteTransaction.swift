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
            return try Row.fetchOne(
                database,
                sql: """
                    SELECT \(columns.map(SQLiteDatabase.selected).joined(separator: ", "))
                    FROM \(SQLiteDatabase.quoted(table.name)) WHERE \(condition) LIMIT 1
                    """, arguments: StatementArguments(parameters)
            ).map { SQLiteDatabase.values($0, count: columns.count) }
        }
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest, value: SQLValue
    ) throws(MonikerError) -> Bool {
        // The file is locked for writing, so what is read here cannot change before it is written.
        guard
            let current = try lockRow(table: table, key: key, columns: [column])?.first?.bytes,
            SHA256.digest(of: current) == expected
        else { return false }
        return try run {
            let name = SQLiteDatabase.quoted(table.name)
            let (assigned, bound) = SQLiteDatabase.parameter(value)
            var parameters = [bound]
            var condition = condition(key, &parameters)
            if !key.isPrimary {
                // One of the rows that are equal in every column.
                condition =
                    "rowid = (SELECT rowid FROM \(name) WHERE \(condition) LIMIT 1)"
            }
            try database.execute(
                sql:
                    "UPDATE \(name) SET \(SQLiteDatabase.quoted(column)) = \(assigned) WHERE \(condition)",
                arguments: StatementArguments(parameters))
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
