import Model

extension MariaDBTransaction {
    /// Adds a row and returns its primary key.
    func insertRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> RowKey {
        try step { () throws(MonikerError) -> RowKey in
            let action = "Adding a row to table '\(table.name)'"
            let names = row.parts.map { quotedIdentifier($0.column) }.joined(separator: ", ")
            let places = row.parts.map { part in
                table.column(named: part.column)?.kind == .json ? "CONVERT(? USING utf8mb4)" : "?"
            }
            let statement = try database.prepared(
                action,
                """
                INSERT INTO \(quotedIdentifier(table.name)) (\(names)) \
                VALUES (\(places.joined(separator: ", ")))
                """, row.parts.map { MariaDBParameter($0.value) })
            let number = Int64(clamping: statement.insertedKey)
            try database.refuseWarnings(action)
            return try table.key(of: row, numbered: number)
        }
    }

    /// Deletes one row that equals another in every column that this names.
    func deleteRow(table: TableSchema, _ row: RowKey) throws(MonikerError) -> Bool {
        try step { () throws(MonikerError) -> Bool in
            let condition = try database.conditions(on: table.name).key(row)
            let statement = try database.prepared(
                "Deleting a row of table '\(table.name)'",
                "DELETE FROM \(quotedIdentifier(table.name)) WHERE \(condition.sql) LIMIT 1",
                condition.parameters)
            return statement.matchedRows == 1
        }
    }
}
