internal import GRDB
import Model

extension SQLiteTransaction {
    /// Adds a row and returns its primary key.
    func insertRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> RowKey {
        let number = try step("Adding a row to table '\(table.name)'") {
            (database) throws(SQLiteFailure) -> Int64 in
            let names = row.parts.map { quotedSQLiteIdentifier($0.column) }
            let places = row.parts.map { _ in "?" }
            try SQLiteStatement(
                database,
                """
                INSERT INTO \(quotedSQLiteIdentifier(table.name)) \
                (\(names.joined(separator: ", "))) VALUES (\(places.joined(separator: ", ")))
                """, row.parts.map(\.value)
            ).run()
            return database.lastInsertedRowID
        }
        do throws(MonikerError) {
            return try table.key(of: row, numbered: number)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Deletes one row that equals another in every column that this names.
    func deleteRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> Bool {
        let condition = SQLiteCondition.key(row)
        return try step("Deleting a row of table '\(table.name)'") {
            (database) throws(SQLiteFailure) -> Bool in
            let name = quotedSQLiteIdentifier(table.name)
            return try SQLiteStatement(
                database, "DELETE FROM \(name) WHERE \(try Self.one(table, condition))",
                condition.values
            ).run() == 1
        }
    }
}
