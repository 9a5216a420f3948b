public import Model

extension MariaDBDatabase {
    /// The base tables with a prefix, from information_schema.
    ///
    /// - Complexity: three queries, however many tables there are.
    public func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        var tables: [String: TableSchema] = [:]
        try connection.query(
            """
            SELECT TABLE_NAME, ENGINE FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'
            """
        ) { (row) throws(MonikerError) in
            let name = Self.text(row[0])
            guard name.utf8.starts(with: prefix.utf8),
                !MarkerTable.names(prefix: prefix).contains(name),
                !name.hasSuffix("moniker_tx"), !name.hasSuffix("moniker_changes")
            else { return true }
            let engine = Self.text(row[1])
            tables[name] = TableSchema(
                name: name, columns: [], primaryKey: [], storageEngine: engine,
                isTransactional: engine.lowercased() == "innodb")
            return true
        }
        try connection.query(
            """
            SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_SET_NAME, COLLATION_NAME,
                CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH, EXTRA
            FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
            ORDER BY TABLE_NAME, ORDINAL_POSITION
            """
        ) { (row) throws(MonikerError) in
            let table = Self.text(row[0])
            guard tables[table] != nil else { return true }
            let column = Self.column(row)
            tables[table]?.columns.append(column)
            if let characterSet = column.characterSet {
                collations["\(table).\(column.name)"] = (characterSet, Self.text(row[4]))
            }
            return true
        }
        try connection.query(
            """
            SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS
            WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME = 'PRIMARY'
            ORDER BY TABLE_NAME, SEQ_IN_INDEX
            """
        ) { (row) throws(MonikerError) in
            tables[Self.text(row[0])]?.primaryKey.append(Self.text(row[1]))
            return true
        }
        return tables.values.sorted { $0.name < $1.name }
    }

    static func text(_ value: SQLValue) -> String {
        value.bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func column(_ row: [SQLValue]) -> ColumnSchema {
        let type = text(row[2]).lowercased()
        let characterSet = row[3].bytes.map { String(decoding: $0, as: UTF8.self).lowercased() }
        // Two- and four-byte character sets hold no bytes that the rewriter could find.
        let isWide = ["ucs2", "utf16", "utf16le", "utf32"].contains(characterSet ?? "")
        let kind: ColumnSchema.Kind =
            switch type {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext":
                isWide ? .other : .text
            case "json": .json
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob": .blob
            default: .other
            }
        let isLimitedByCharacters = type == "char" || type == "varchar"
        let extra = text(row[7]).lowercased()
        return ColumnSchema(
            name: text(row[1]), kind: kind, characterSet: characterSet,
            maximumBytes: isLimitedByCharacters
                ? nil : row[6].integer.flatMap { $0 > 0 ? Int($0) : nil },
            maximumCharacters: isLimitedByCharacters ? row[5].integer.map { Int($0) } : nil,
            isGenerated: extra.contains("generated"),
            updatesItself: extra.contains("on update"))
    }
}
