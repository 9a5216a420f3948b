internal import GRDB
public import Model

/// Notes of changed rows: `{prefix}moniker_changes` holds a table's number and up to four values of
/// a key, as they are.
extension SQLiteDatabase: ChangeTracking {
    /// The columns of a note that hold the values of a key.
    private static let keyColumns = ["k1", "k2", "k3", "k4"]

    /// This database notes changes.
    public var changeTracking: (any ChangeTracking)? { self }

    // MARK: Port

    /// Makes the table of notes and the triggers, in one transaction.
    public func installTracking(
        of tables: [TrackedTable], epoch: String, prefix: String
    ) throws(MonikerError) -> [String: UntrackedReason] {
        let names = TrackingNames(prefix: prefix)
        let notes = quotedSQLiteIdentifier(names.notes)
        var untracked: [String: UntrackedReason] = [:]
        try step("Making triggers that note changes in '\(names.notes)'") {
            (database) throws(SQLiteFailure) in
            try Self.removeTracking(names, in: database)
            let keys = Self.keyColumns.joined(separator: ", ")
            try SQLiteStatement(
                database,
                "CREATE TABLE \(notes) (id INTEGER PRIMARY KEY, source INTEGER NOT NULL, \(keys))",
                []
            ).run()
            try SQLiteStatement(
                database, "INSERT INTO \(notes) (id, source, k1) VALUES (?, ?, ?)",
                [
                    .integer(TrackingNames.epochNumber), .integer(TrackingNames.epochSource),
                    .string(epoch),
                ]
            ).run()
            for table in tables {
                if let reason = Self.obstacle(of: table.table) {
                    untracked[table.table.name] = reason
                    continue
                }
                for event in TrackingNames.Event.allCases {
                    try SQLiteStatement(
                        database, Self.definition(of: event, on: table, names), []
                    ).run()
                }
            }
        }
        return untracked
    }

    /// For each table, whether its triggers are the ones that were made.
    ///
    /// A table that was made again, by a dump for instance, changes SQLite's `schema_version`, and
    /// so does any other change of the schema: a fingerprint too many only costs a census.
    public func trackingStates(
        of tables: [TrackedTable], prefix: String
    ) throws(MonikerError) -> [String: TrackingState] {
        let names = TrackingNames(prefix: prefix)
        return try access("Reading the triggers of \(names.notes)") {
            (database) throws(SQLiteFailure) in
            let version = try SQLiteStatement(database, "PRAGMA schema_version", []).nextRow()
            let statement = try SQLiteStatement(
                database, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'", [])
            var definitions: [String: String] = [:]
            while let row = try statement.nextRow() {
                definitions[row[0].plainText] = row[1].plainText
            }
            var states: [String: TrackingState] = [:]
            for table in tables {
                if let reason = Self.obstacle(of: table.table) {
                    states[table.table.name] = .untracked(reason)
                    continue
                }
                let found = TrackingNames.Event.allCases.map {
                    definitions[names.trigger($0, on: table.table.name)]
                }
                let expected = TrackingNames.Event.allCases.map {
                    Self.definition(of: $0, on: table, names)
                }
                if found.allSatisfy({ $0 == nil }) {
                    states[table.table.name] = .untracked(.notTracked)
                } else if found != expected.map(Optional.some) {
                    states[table.table.name] = .untracked(.changed)
                } else {
                    states[table.table.name] = .tracked(
                        fingerprint:
                            "\(version?.first?.plainText ?? "") \(TrackingNames.fingerprint(of: table.table))"
                    )
                }
            }
            return states
        }
    }

    /// The epoch and the notes at one moment.
    public func notedChanges(
        of tables: [TableSchema], limit: Int, prefix: String
    ) throws(MonikerError) -> (epoch: String, changes: [NotedChange])? {
        guard try hasTrackingTraces(prefix: prefix) else { return nil }
        let names = TrackingNames(prefix: prefix)
        let sources = names.tables(tables)
        return try access("Reading table '\(names.notes)'") { (database) throws(SQLiteFailure) in
            let statement = try SQLiteStatement(
                database,
                """
                SELECT id, source, \(Self.keyColumns.joined(separator: ", ")) \
                FROM \(quotedSQLiteIdentifier(names.notes)) ORDER BY id LIMIT \(limit + 1)
                """, [])
            var epoch: String?
            var changes: [NotedChange] = []
            while let row = try statement.nextRow() {
                guard let number = row[0].integer, let source = row[1].integer else { continue }
                if source == TrackingNames.epochSource {
                    epoch = row[2].plainText
                    continue
                }
                guard let table = sources[source] else {
                    changes.append(NotedChange(number: number, table: "", key: .none))
                    continue
                }
                let parts = zip(table.primaryKey, row.dropFirst(2)).map {
                    RowKey.Part(column: $0, value: $1)
                }
                changes.append(
                    NotedChange(
                        number: number, table: table.name,
                        key: RowKey(parts: parts, isPrimary: true)))
            }
            return epoch.map { ($0, changes) }
        }
    }

    /// Forgets notes and stores another epoch.
    public func forgetChanges(
        _ numbers: [Int64], epoch: String, prefix: String
    ) throws(MonikerError) {
        let names = TrackingNames(prefix: prefix)
        let notes = quotedSQLiteIdentifier(names.notes)
        try step("Removing rows of table '\(names.notes)'") { (database) throws(SQLiteFailure) in
            for number in numbers {
                try SQLiteStatement(
                    database, "DELETE FROM \(notes) WHERE id = ?", [.integer(number)]
                ).run()
            }
            try SQLiteStatement(
                database, "UPDATE \(notes) SET k1 = ? WHERE id = ?",
                [.string(epoch), .integer(TrackingNames.epochNumber)]
            ).run()
        }
    }

    /// Whether the table of notes is there.
    public func hasTrackingTraces(prefix: String) throws(MonikerError) -> Bool {
        let names = TrackingNames(prefix: prefix)
        return try access("Looking for table '\(names.notes)'") {
            (database) throws(SQLiteFailure) in
            try SQLiteStatement(
                database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                [.string(names.notes)]
            ).nextRow() != nil
        }
    }

    /// Removes triggers and table.
    public func removeTracking(prefix: String) throws(MonikerError) {
        let names = TrackingNames(prefix: prefix)
        try step("Removing table '\(names.notes)' and its triggers") {
            (database) throws(SQLiteFailure) in
            try Self.removeTracking(names, in: database)
        }
    }

    // MARK: Parts

    private func step(
        _ action: String, _ body: (Database) throws(SQLiteFailure) -> Void
    ) throws(MonikerError) {
        try transaction { (transaction) throws(MonikerError) in
            guard let transaction = transaction as? SQLiteTransaction else { return }
            try transaction.step(action, body)
        }
    }

    /// The triggers that write to the table of notes, whatever table they are on now, and it.
    private static func removeTracking(
        _ names: TrackingNames, in database: Database
    ) throws(SQLiteFailure) {
        let statement = try SQLiteStatement(
            database,
            """
            SELECT name FROM sqlite_schema WHERE type = 'trigger' \
            AND name GLOB 'moniker_*' AND instr(sql, ?) > 0
            """, [.string("INSERT INTO \(quotedSQLiteIdentifier(names.notes)) ")])
        var triggers: [String] = []
        while let row = try statement.nextRow() { triggers.append(row[0].plainText) }
        for trigger in triggers {
            try SQLiteStatement(database, "DROP TRIGGER \(quotedSQLiteIdentifier(trigger))", [])
                .run()
        }
        try SQLiteStatement(
            database, "DROP TABLE IF EXISTS \(quotedSQLiteIdentifier(names.notes))", []
        ).run()
    }

    private static func obstacle(of table: TableSchema) -> UntrackedReason? {
        if table.primaryKey.isEmpty { return .noPrimaryKey }
        return table.primaryKey.count > keyColumns.count ? .unsuitableKey : nil
    }

    /// The trigger of an event, word for word as SQLite stores it.
    private static func definition(
        of event: TrackingNames.Event, on table: TrackedTable, _ names: TrackingNames
    ) -> String {
        let schema = table.table
        let columns = keyColumns.prefix(schema.primaryKey.count).joined(separator: ", ")
        let insert = { (row: String) in
            let values = schema.primaryKey.map { "\(row).\(quotedSQLiteIdentifier($0))" }
            return """
                INSERT INTO \(quotedSQLiteIdentifier(names.notes)) (source, \(columns)) \
                SELECT \(names.source(of: schema.name)), \(values.joined(separator: ", "))
                """
        }
        let start =
            "CREATE TRIGGER \(quotedSQLiteIdentifier(names.trigger(event, on: schema.name))) "
            + "AFTER \(event.rawValue.uppercased()) ON \(quotedSQLiteIdentifier(schema.name)) "
        switch event {
        case .insert: return start + "BEGIN \(insert("NEW")); END"
        case .delete: return start + "BEGIN \(insert("OLD")); END"
        case .update:
            // IS compares by the column's collation, which may fold case; a cast keeps the bytes.
            let unchanged = table.watchedColumns.map { column in
                let name = quotedSQLiteIdentifier(column)
                return
                    "(CAST(OLD.\(name) AS BLOB) IS CAST(NEW.\(name) AS BLOB) AND typeof(OLD.\(name)) = typeof(NEW.\(name)))"
            }
            let moved = schema.primaryKey.map { column in
                let name = quotedSQLiteIdentifier(column)
                return "CAST(OLD.\(name) AS BLOB) IS CAST(NEW.\(name) AS BLOB)"
            }
            return start + "WHEN NOT (\(unchanged.joined(separator: " AND "))) BEGIN "
                + "\(insert("NEW")); "
                + "\(insert("OLD")) WHERE NOT (\(moved.joined(separator: " AND "))); END"
        }
    }
}
