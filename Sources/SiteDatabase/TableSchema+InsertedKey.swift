import Model

extension TableSchema {
    /// The primary key of a row that was added.
    ///
    /// - Parameter number: what the database counted, for a key that the row does not name.
    /// - Throws: `database-failed` for a table in which the row could not be found again.
    func key(of row: RowKey, numbered number: Int64) throws(MonikerError) -> RowKey {
        let named = primaryKey.compactMap { column in
            row[column].map { RowKey.Part(column: column, value: $0) }
        }
        if !primaryKey.isEmpty, named.count == primaryKey.count {
            return RowKey(parts: named, isPrimary: true)
        }
        guard let column = integerKey, number > 0 else {
            throw MonikerError(
                .databaseFailed,
                "A row was added to table '\(name)', whose primary key does not count by itself, so it could not be found again; nothing of this step was kept"
            )
        }
        return RowKey(
            parts: [RowKey.Part(column: column, value: .integer(number))], isPrimary: true)
    }
}
