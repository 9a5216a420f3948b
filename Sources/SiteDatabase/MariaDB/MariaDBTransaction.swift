import Model

/// An open transaction on a MariaDB or MySQL connection.
final class MariaDBTransaction: SiteTransaction {
    private let database: MariaDBDatabase
    private var hasEnded = false
    /// The first failure of a statement; with it, the transaction cannot be committed.
    private(set) var failure: MonikerError?

    init(_ database: MariaDBDatabase) { self.database = database }

    /// Refuses every later call.
    func end() { hasEnded = true }

    /// Runs a step unless an earlier one failed, and remembers its failure.
    private func step<Value>(
        _ body: () throws(MonikerError) -> Value
    ) throws(MonikerError) -> Value {
        precondition(!hasEnded, "a transaction is used inside its body only")
        if let failure { throw failure }
        do throws(MonikerError) {
            return try body()
        } catch {
            failure = error
            throw error
        }
    }

    func insertMarker(_ id: JournalID, prefix: String) throws(MonikerError) {
        try step { () throws(MonikerError) in
            try database.insertMarker(id, decision: .commit, prefix: prefix, ignore: false)
        }
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        try step { () throws(MonikerError) -> [SQLValue]? in
            let condition = try database.conditions(on: table.name).key(key)
            let names = columns.map(quotedIdentifier).joined(separator: ", ")
            return try database.query(
                "Locking a row of table '\(table.name)'",
                """
                SELECT \(names.isEmpty ? "1" : names) FROM \(quotedIdentifier(table.name)) \
                WHERE \(condition.sql) LIMIT 1 FOR UPDATE
                """, condition.parameters
            ).first.map { columns.isEmpty ? [] : $0 }
        }
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value: SQLValue
    ) throws(MonikerError) -> Bool {
        try step { () throws(MonikerError) -> Bool in
            let action = "Writing column '\(column)' of table '\(table.name)'"
            let builder = try database.conditions(on: table.name)
            let condition = builder.key(key)
            let isJSON = table.column(named: column)?.kind == .json
            var assignments = [
                "\(quotedIdentifier(column)) = \(isJSON ? "CONVERT(? USING utf8mb4)" : "?")"
            ]
            for other in table.columns where other.updatesItself && !other.isGenerated {
                if other.name.lowercased() == column.lowercased() { continue }
                let name = quotedIdentifier(other.name)
                assignments.append("\(name) = \(name)")
            }
            let statement = try database.prepared(
                action,
                """
                UPDATE \(quotedIdentifier(table.name)) SET \(assignments.joined(separator: ", ")) \
                WHERE \(condition.sql) AND \(builder.digest(of: column)) = ? LIMIT 1
                """,
                [MariaDBParameter(value)] + condition.parameters
                    + [MariaDBParameter(expected.description)])
            let matched = statement.matchedRows
            try database.refuseWarnings(action)
            return matched == 1
        }
    }
}

extension MariaDBDatabase {
    /// Makes an error of the warnings that the last statement left: a truncated value, for one.
    func refuseWarnings(_ action: String) throws(MonikerError) {
        guard connection.warningCount > 0 else { return }
        let rows = try query("Reading the server's warnings", "SHOW WARNINGS")
        let first = rows.first.map { $0.map(\.plainText).joined(separator: " ") } ?? "unnamed"
        throw MonikerError(
            .databaseFailed,
            "\(action) made the server warn: \(first); nothing of this step was kept",
            details: ["warning": first])
    }
}
