public import Model

extension MariaDBDatabase {
    /// The base tables whose names start with the prefix, in four queries at most for any number of them.
    public func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        let action = "Reading the site's tables"
        let length = prefix.utf8.count
        let parameters = [MariaDBParameter(prefix)]
        let starts = "LEFT(CAST(TABLE_NAME AS BINARY), \(length)) = ?"
        let names = try query(
            action,
            """
            SELECT TABLE_NAME, ENGINE, DATA_LENGTH FROM information_schema.TABLES \
            WHERE TABLE_SCHEMA = DATABASE() \
            AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND \(starts)
            """, parameters)
        let transactional = try transactionalEngines(
            among: Set(names.map { $0[1].plainText.lowercased() }), action)
        let columns = try query(
            action,
            """
            SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLLATION_NAME, CHARACTER_OCTET_LENGTH, \
            CHARACTER_MAXIMUM_LENGTH, EXTRA FROM information_schema.COLUMNS \
            WHERE TABLE_SCHEMA = DATABASE() AND \(starts) ORDER BY ORDINAL_POSITION
            """, parameters)
        let keys = try query(
            action,
            """
            SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS \
            WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME = 'PRIMARY' AND \(starts) \
            ORDER BY SEQ_IN_INDEX
            """, parameters)
        var schemas: [String: [ColumnSchema]] = [:]
        var types: [String: [String: MariaDBColumnType]] = [:]
        for row in columns {
            let (table, column, type) = Self.column(row)
            schemas[table, default: []].append(column)
            types[table, default: [:]][column.name.lowercased()] = type
        }
        columnTypes.merge(types) { $1 }
        let primary = Dictionary(grouping: keys) { $0[0].plainText }
        let bookkeeping = [prefix + "moniker_tx", prefix + "moniker_changes"]
        return names.map { (name: $0[0].plainText, engine: $0[1].plainText, bytes: $0[2].integer) }
            .filter { !bookkeeping.contains($0.name) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { table in
                TableSchema(
                    name: table.name, columns: schemas[table.name] ?? [],
                    primaryKey: (primary[table.name] ?? []).map { $0[1].plainText },
                    storageEngine: table.engine,
                    isTransactional: transactional.contains(table.engine.lowercased()),
                    approximateBytes: Int(table.bytes ?? 0))
            }
    }

    /// Those of some storage engines that can roll back, by their names in lower case.
    private func transactionalEngines(
        among used: Set<String>, _ action: String
    ) throws(MonikerError) -> Set<String> {
        guard used != ["innodb"] else { return used }
        let engines = try query(
            action, "SELECT ENGINE, TRANSACTIONS FROM information_schema.ENGINES")
        return Set(
            engines.filter { $0.last?.plainText == "YES" }
                .compactMap { $0.first?.plainText.lowercased() })
    }

    private static func column(_ row: [SQLValue]) -> (String, ColumnSchema, MariaDBColumnType) {
        let type = MariaDBColumnType(
            declaration: row[2].plainText,
            collation: row[3] == .null ? nil : row[3].plainText)
        let extra = row[6].plainText.uppercased()
        // Most columns have none, and looking for text in text takes its time.
        let isPlain = extra.isEmpty
        let isText = type.kind == .text
        let isLimited = isText || type.kind == .blob
        let column = ColumnSchema(
            name: row[1].plainText, kind: type.kind,
            characterSet: isText ? type.characterSet : nil,
            maximumBytes: isLimited ? row[4].integer.map { Int($0) } : nil,
            // The TEXT types are limited in bytes; the server repeats that number here.
            maximumCharacters: ["char", "varchar"].contains(type.name)
                ? row[5].integer.map { Int($0) } : nil,
            // MySQL says DEFAULT_GENERATED of a default that is an expression.
            isGenerated: !isPlain
                && ["VIRTUAL GENERATED", "STORED GENERATED", "PERSISTENT"]
                    .contains { extra.contains($0) },
            updatesItself: !isPlain && extra.contains("ON UPDATE"),
            isInteger: type.family == .integer && type.name != "bit")
        return (row[0].plainText, column, type)
    }
}
