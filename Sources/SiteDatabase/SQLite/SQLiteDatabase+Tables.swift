internal import GRDB
public import Model

extension SQLiteDatabase {
    /// The site's own tables whose names start with the prefix; none of the plugin's bookkeeping.
    public func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        let bookkeeping = [prefix + "moniker_tx", prefix + "moniker_changes"]
        return try access("Reading the site's tables") { (database) throws(SQLiteFailure) in
            let list = try SQLiteStatement(
                database,
                """
                SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                AND substr(CAST(name AS BLOB), 1, \(prefix.utf8.count)) = ? ORDER BY name
                """, [.blob(Array(prefix.utf8))])
            var names: [String] = []
            while let row = try list.nextRow() { names.append(row[0].plainText) }
            var tables: [TableSchema] = []
            for name in names where !bookkeeping.contains(name) && !Self.isInternal(name) {
                tables.append(try Self.schema(of: name, in: database))
            }
            return tables
        }
    }

    /// Whether a table is SQLite's own or the plugin's.
    private static func isInternal(_ name: String) -> Bool {
        name.hasPrefix("sqlite_") || name.hasPrefix("_wp_sqlite_")
            || name == "_mysql_data_types_cache"
    }

    private static func schema(
        of table: String, in database: Database
    ) throws(SQLiteFailure) -> TableSchema {
        let triggerList = try SQLiteStatement(
            database, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
            [.string(table)])
        var triggers: Set<String> = []
        while let row = try triggerList.nextRow() { triggers.insert(row[0].plainText) }
        let list = try SQLiteStatement(
            database, "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)", [.string(table)])
        var columns: [ColumnSchema] = []
        var key: [(position: Int64, name: String)] = []
        while let row = try list.nextRow() {
            let name = row[0].plainText
            columns.append(
                ColumnSchema(
                    name: name, kind: kind(ofType: row[1].plainText),
                    isGenerated: (row[3].integer ?? 0) != 0,
                    updatesItself: triggers.contains(
                        SQLitePins.triggerName(table: table, column: name)),
                    // Only this type, as a primary key, cannot hold anything but integers.
                    isInteger: row[1].plainText.uppercased() == "INTEGER"))
            if let position = row[2].integer, position > 0 { key.append((position, name)) }
        }
        return TableSchema(
            name: table, columns: columns,
            primaryKey: key.sorted { $0.position < $1.position }.map(\.name),
            storageEngine: "SQLite", isTransactional: true)
    }

    /// What a column can hold, by the affinity of its declared type.
    ///
    /// Source: sqlite.org, "Datatypes In SQLite", section 3.1, whose order of rules this keeps.
    private static func kind(ofType declared: String) -> ColumnSchema.Kind {
        let type = declared.uppercased()
        if type.contains("INT") { return .other }
        if ["CHAR", "CLOB", "TEXT"].contains(where: { type.contains($0) }) { return .text }
        if type.contains("BLOB") { return .blob }
        return type.isEmpty || type == "ANY" ? .text : .other
    }
}
