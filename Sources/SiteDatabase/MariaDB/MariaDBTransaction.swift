import Hashing
import Model

/// An open transaction of a `MariaDBDatabase`.
final class MariaDBTransaction: SiteTransaction {
    private let database: MariaDBDatabase

    init(_ database: MariaDBDatabase) { self.database = database }

    func insertMarker(_ id: JournalID, prefix: String) throws(MonikerError) {
        try database.insert(
            id.description, MarkerDecision.commit.rawValue, prefix: prefix,
            ignoringDuplicates: false)
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        var parameters: [SQLValue] = []
        let condition = condition(table, key, &parameters)
        var values: [SQLValue]?
        try database.connection.query(
            """
            SELECT \(columns.map(MariaDBDatabase.quoted).joined(separator: ", "))
            FROM \(MariaDBDatabase.quoted(table.name)) WHERE \(condition) LIMIT 1 FOR UPDATE
            """, parameters, about: table.name
        ) { (row) throws(MonikerError) in
            values = row
            return true
        }
        return values
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest, value: SQLValue
    ) throws(MonikerError) -> Bool {
        let name = MariaDBDatabase.quoted(column)
        let isJSON = table.column(named: column)?.kind == .json
        var parameters = [value]
        let condition = condition(table, key, &parameters)
        parameters.append(.string(expected.description))
        // A column that updates itself is pinned to its value.
        let pinned = table.columns.filter { $0.updatesItself && $0.name != column }.map {
            ", \(MariaDBDatabase.quoted($0.name)) = \(MariaDBDatabase.quoted($0.name))"
        }.joined()
        // MySQL's JSON type refuses binary text.
        let assigned = isJSON ? "CONVERT(? USING utf8mb4)" : "?"
        let compared = isJSON ? "CAST(\(name) AS CHAR CHARACTER SET utf8mb4)" : name
        let place = "\(table.name).\(column)"
        let effect = try database.connection.execute(
            """
            UPDATE \(MariaDBDatabase.quoted(table.name)) SET \(name) = \(assigned)\(pinned)
            WHERE \(condition) AND SHA2(\(compared), 256) = ? LIMIT 1
            """, parameters, about: place)
        guard effect.warnings == 0 else {
            throw MonikerError(
                .databaseFailed,
                "the database warned while \(place) was written; nothing was changed: look at the column's type and character set",
                details: ["place": place])
        }
        return effect.affectedRows == 1
    }

    /// The condition for one row.
    ///
    /// Text is compared byte by byte; for a primary key by its own collation as well, so that the
    /// index finds it.
    private func condition(
        _ table: TableSchema, _ key: RowKey, _ parameters: inout [SQLValue]
    ) -> String {
        var parts: [String] = []
        for part in key.parts {
            let name = MariaDBDatabase.quoted(part.column)
            switch part.value {
            case .null: parts.append("\(name) IS NULL")
            case .integer:
                parts.append("\(name) = ?")
                parameters.append(part.value)
            case .real:
                // A FLOAT does not equal the double it is read as; the other columns tell the row.
                if key.isPrimary {
                    parts.append("\(name) = ?")
                    parameters.append(part.value)
                }
            case .text, .blob:
                if key.isPrimary,
                    let known = database.collations["\(table.name).\(part.column)"]
                {
                    parts.append(
                        "\(name) = CONVERT(? USING \(known.characterSet)) COLLATE \(known.collation)"
                    )
                    parameters.append(part.value)
                }
                parts.append("BINARY \(name) = ?")
                parameters.append(part.value)
            }
        }
        return parts.isEmpty ? "1" : parts.joined(separator: " AND ")
    }
}
