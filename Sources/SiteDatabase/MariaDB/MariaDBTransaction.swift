import Model

/// An open transaction on a MariaDB or MySQL connection.
final class MariaDBTransaction: SiteTransaction {
    let database: MariaDBDatabase
    private var hasEnded = false
    /// The first failure of a statement; with it, the transaction cannot be committed.
    private(set) var failure: MonikerError?

    init(_ database: MariaDBDatabase) { self.database = database }

    /// Refuses every later call.
    func end() { hasEnded = true }

    /// Runs a step unless an earlier one failed, and remembers its failure.
    func step<Value>(
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

    func writeMarker(
        _ decision: MarkerDecision, after previous: MarkerDecision?, of id: JournalID,
        prefix: String
    ) throws(MonikerError) {
        try step { () throws(MonikerError) in
            guard let previous else {
                try database.insertMarker(id, decision: decision, prefix: prefix, ignore: false)
                return
            }
            guard try database.replaceMarker(id, previous, with: decision, prefix: prefix) else {
                throw MonikerError(
                    .duplicateKey,
                    "The marker of \(id) no longer says '\(previous.text)': another process has gone on with this change set, or has ended it",
                    details: ["journal": "\(id)"])
            }
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
            let action = Self.writing(column, table)
            let builder = try database.conditions(on: table.name)
            let condition = builder.key(key)
            let statement = try database.prepared(
                action,
                """
                \(Self.update(column, of: table)) \
                WHERE \(condition.sql) AND \(builder.digest(of: column)) = ? LIMIT 1
                """,
                [MariaDBParameter(value)] + condition.parameters
                    + [MariaDBParameter(expected.description)])
            let matched = statement.matchedRows
            try database.refuseWarnings(action)
            return matched == 1
        }
    }

    func compareAndSwap(
        table: TableSchema, column: String, _ swaps: [CellSwap]
    ) throws(MonikerError) -> Bool {
        // Long values are sent in pieces, which an array cannot be.
        let isLong = { (swap: CellSwap) in (swap.value.bytes?.count ?? 0) >= Self.longValue }
        for swap in swaps where isLong(swap) {
            guard
                try compareAndSwap(
                    table: table, key: swap.key, column: column, expected: swap.expected,
                    value: swap.value)
            else { return false }
        }
        let short = swaps.filter { !isLong($0) }
        guard let first = short.first else { return true }
        return try step { () throws(MonikerError) -> Bool in
            let builder = try database.conditions(on: table.name)
            let condition = builder.key(first.key)
            let matched = try database.runForEach(
                Self.writing(column, table),
                """
                \(Self.update(column, of: table)) \
                WHERE \(condition.sql) AND \(builder.digest(of: column)) = ?
                """,
                short.map { swap in
                    [MariaDBParameter(swap.value)] + builder.key(swap.key).parameters
                        + [MariaDBParameter(swap.expected.description)]
                })
            return matched == UInt64(short.count)
        }
    }

    /// Values from here on are not sent together with others.
    private static let longValue = 256 * 1024

    private static func writing(_ column: String, _ table: TableSchema) -> String {
        "Writing column '\(column)' of table '\(table.name)'"
    }

    /// The beginning of a statement that writes one column and pins those that update themselves.
    private static func update(_ column: String, of table: TableSchema) -> String {
        let isJSON = table.column(named: column)?.kind == .json
        var assignments = [
            "\(quotedIdentifier(column)) = \(isJSON ? "CONVERT(? USING utf8mb4)" : "?")"
        ]
        for other in table.columns where other.updatesItself && !other.isGenerated {
            if other.name.lowercased() == column.lowercased() { continue }
            let name = quotedIdentifier(other.name)
            assignments.append("\(name) = \(name)")
        }
        return
            "UPDATE \(quotedIdentifier(table.name)) SET \(assignments.joined(separator: ", "))"
    }
}

extension MariaDBDatabase {
    /// Makes an error of the warnings that the last statement left: a truncated value, for one.
    func refuseWarnings(_ action: String) throws(MonikerError) {
        guard connection.warningCount > 0 else { return }
        let rows = try query("Reading the server's warnings", "SHOW WARNINGS")
        let first = rows.first.map { $0.map(\.plainText).joined(separator: " ") } ?? "unnamed"
        let number = rows.first.flatMap { $0.dropFirst().first?.integer } ?? 0
        throw MonikerError(
            MariaDBFailure.refusesValue(Int32(clamping: number)) ? .notStorable : .databaseFailed,
            "\(action) made the server warn: \(first); nothing of this step was kept",
            details: ["warning": first])
    }
}
