internal import CMariaDB
public import Model

/// Notes of changed rows: `{prefix}moniker_changes` holds a table's number and the key as text.
///
/// A trigger fires for LOAD DATA, REPLACE and ON DUPLICATE KEY UPDATE as well. It does not fire for
/// what a foreign key does, so tables that one changes are not tracked; nor for TRUNCATE and
/// cascading deletes, after which an index names rows that are gone, which is no harm.
extension MariaDBDatabase: ChangeTracking {
    /// This database notes changes.
    public var changeTracking: (any ChangeTracking)? { self }

    // MARK: Port

    /// Makes the table of notes and the triggers; DDL, so step by step.
    public func installTracking(
        of tables: [TrackedTable], epoch: String, prefix: String
    ) throws(MonikerError) -> [String: UntrackedReason] {
        requireNoTransaction()
        let names = TrackingNames(prefix: prefix)
        try removeTracking(prefix: prefix)
        do throws(MonikerError) {
            try execute(
                "Creating table '\(names.notes)'",
                """
                CREATE TABLE \(quotedIdentifier(names.notes)) (\
                id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, source BIGINT NOT NULL, \
                row_key VARBINARY(\(Self.longestNotedKey)) NOT NULL) ENGINE=InnoDB
                """)
            _ = try prepared(
                "Writing to table '\(names.notes)'",
                "INSERT INTO \(quotedIdentifier(names.notes)) (id, source, row_key) VALUES (?, ?, ?)",
                [
                    .integer(TrackingNames.epochNumber), .integer(TrackingNames.epochSource),
                    MariaDBParameter(epoch),
                ])
            return try makeTriggers(on: tables, names)
        } catch {
            if loss == nil { try removeTracking(prefix: prefix) }
            throw error
        }
    }

    /// For each table, whether its triggers are the ones that were made, and when they were.
    public func trackingStates(
        of tables: [TrackedTable], prefix: String
    ) throws(MonikerError) -> [String: TrackingState] {
        let names = TrackingNames(prefix: prefix)
        let rows = try query(
            "Reading the triggers of '\(names.notes)'",
            """
            SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT, CREATED \
            FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() \
            AND TRIGGER_NAME LIKE 'moniker!_%' ESCAPE '!'
            """)
        var triggers: [String: [SQLValue]] = [:]
        for row in rows { triggers[row[0].plainText] = row }
        let cascading = try tablesChangedByForeignKeys()
        var states: [String: TrackingState] = [:]
        for table in tables {
            let name = table.table.name
            if let reason = try obstacle(of: table.table, cascading) {
                states[name] = .untracked(reason)
                continue
            }
            var times: [String] = []
            var count = 0
            for event in TrackingNames.Event.allCases {
                guard let trigger = triggers[names.trigger(event, on: name)],
                    trigger[1].plainText == name
                else { continue }
                count += 1
                let body = try Self.body(of: event, on: table, names, types: conditions(on: name))
                if trigger[2].plainText == body { times.append(trigger[3].plainText) }
            }
            switch (count, times.count) {
            case (0, _): states[name] = .untracked(.notTracked)
            case (_, TrackingNames.Event.allCases.count):
                let fingerprint = TrackingNames.fingerprint(of: table.table)
                states[name] = .tracked(
                    fingerprint: times.joined(separator: ", ") + " " + fingerprint)
            default: states[name] = .untracked(.changed)
            }
        }
        return states
    }

    /// The epoch and the notes at one moment: one statement sees one moment.
    public func notedChanges(
        of tables: [TableSchema], limit: Int, prefix: String
    ) throws(MonikerError) -> (epoch: String, changes: [NotedChange])? {
        let names = TrackingNames(prefix: prefix)
        let sources = names.tables(tables)
        let rows: [[SQLValue]]
        do throws(MonikerError) {
            rows = try query(
                "Reading table '\(names.notes)'",
                """
                SELECT id, source, row_key FROM \(quotedIdentifier(names.notes)) \
                ORDER BY id LIMIT \(limit + 1)
                """)
        } catch {
            guard let failure = error.cause as? MariaDBFailure, failure.isMissingTable else {
                throw error
            }
            return nil
        }
        var epoch: String?
        var changes: [NotedChange] = []
        for row in rows {
            guard let number = row[0].integer, let source = row[1].integer,
                let text = row[2].bytes
            else { continue }
            if source == TrackingNames.epochSource {
                epoch = row[2].plainText
                continue
            }
            guard let table = sources[source] else {
                changes.append(NotedChange(number: number, table: "", key: .none))
                continue
            }
            let key = Self.key(text, of: table, types: try conditions(on: table.name).types)
            changes.append(NotedChange(number: number, table: table.name, key: key ?? .none))
        }
        return epoch.map { ($0, changes) }
    }

    /// Forgets notes, a thousand in a statement, and stores another epoch.
    public func forgetChanges(
        _ numbers: [Int64], epoch: String, prefix: String
    ) throws(MonikerError) {
        let names = TrackingNames(prefix: prefix)
        let notes = quotedIdentifier(names.notes)
        try transaction { (_) throws(MonikerError) -> Void in
            var start = 0
            while start < numbers.count {
                let part = numbers[start..<min(start + 1000, numbers.count)]
                start += part.count
                let list = part.map { String($0) }.joined(separator: ", ")
                try execute(
                    "Removing rows of table '\(names.notes)'",
                    "DELETE FROM \(notes) WHERE id IN (\(list))")
            }
            _ = try prepared(
                "Writing to table '\(names.notes)'",
                "UPDATE \(notes) SET row_key = ? WHERE id = ?",
                [MariaDBParameter(epoch), .integer(TrackingNames.epochNumber)])
        }
    }

    /// Whether the table of notes, or a trigger that writes to it, is there.
    public func hasTrackingTraces(prefix: String) throws(MonikerError) -> Bool {
        let names = TrackingNames(prefix: prefix)
        if try exists(names.notes) { return true }
        return try !triggers(writingTo: names).isEmpty
    }

    /// Removes the triggers first: one without its table would have to do without it.
    public func removeTracking(prefix: String) throws(MonikerError) {
        requireNoTransaction()
        let names = TrackingNames(prefix: prefix)
        for trigger in try triggers(writingTo: names) {
            try execute(
                "Removing trigger '\(trigger)'",
                "DROP TRIGGER IF EXISTS \(quotedIdentifier(trigger))")
        }
        try execute(
            "Dropping table '\(names.notes)'",
            "DROP TABLE IF EXISTS \(quotedIdentifier(names.notes))")
        // The note that there was no such table is no warning to anybody.
    }

    // MARK: Triggers

    /// The most bytes that the text of a key can have: an InnoDB key of 3,072 bytes in hexadecimal
    /// digits, and separators.
    private static let longestNotedKey = 6200
    private static let longestKey = 3072

    private func makeTriggers(
        on tables: [TrackedTable], _ names: TrackingNames
    ) throws(MonikerError) -> [String: UntrackedReason] {
        let cascading = try tablesChangedByForeignKeys()
        var untracked: [String: UntrackedReason] = [:]
        tables: for table in tables {
            let name = table.table.name
            if let reason = try obstacle(of: table.table, cascading) {
                untracked[name] = reason
                continue
            }
            for event in TrackingNames.Event.allCases {
                let body = try Self.body(of: event, on: table, names, types: conditions(on: name))
                let trigger = names.trigger(event, on: name)
                do throws(MariaDBFailure) {
                    try connection.execute(
                        """
                        CREATE TRIGGER \(quotedIdentifier(trigger)) \
                        AFTER \(event.rawValue.uppercased()) ON \(quotedIdentifier(name)) \
                        FOR EACH ROW \(body)
                        """)
                } catch {
                    // A server before MariaDB 10.2.3 and MySQL 5.7 takes one trigger for an event.
                    if error.number == ER_NOT_SUPPORTED_YET {
                        untracked[name] = .triggerRefused
                        continue tables
                    }
                    throw refusal(error, name)
                }
            }
        }
        return untracked
    }

    private func refusal(_ failure: MariaDBFailure, _ table: String) -> MonikerError {
        let details = ["table": table, "errno": String(failure.number)]
        if failure.number == ER_BINLOG_CREATE_ROUTINE_NEED_SUPER {
            return MonikerError(
                .triggersDenied,
                "The server writes a binary log and lets only administrators make triggers, so no index of table '\(table)' can be kept: set log_bin_trust_function_creators = 1 on the server, or go on without the index",
                details: details, cause: failure)
        }
        if failure.isDenied {
            return MonikerError(
                .triggersDenied,
                "The database user '\(options.user)' may not make triggers, which the reference index needs on table '\(table)': grant TRIGGER on database '\(options.database)', or go on without the index",
                details: details, cause: failure)
        }
        return report(failure, during: "Making a trigger on table '\(table)'")
    }

    /// Our triggers that write to a table of notes, whatever table they are on now.
    private func triggers(writingTo names: TrackingNames) throws(MonikerError) -> [String] {
        try query(
            "Reading the triggers of '\(names.notes)'",
            """
            SELECT TRIGGER_NAME FROM information_schema.TRIGGERS \
            WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME LIKE 'moniker!_%' ESCAPE '!' \
            AND INSTR(CAST(ACTION_STATEMENT AS BINARY), ?) > 0
            """, [MariaDBParameter("INSERT INTO \(quotedIdentifier(names.notes)) ")]
        ).map { $0[0].plainText }
    }

    /// What a trigger does.
    ///
    /// Where the table of notes is gone (error 1146) it does nothing: a site's write never fails for
    /// that, and without its epoch no index is used.
    private static func body(
        of event: TrackingNames.Event, on table: TrackedTable, _ names: TrackingNames,
        types: MariaDBConditionBuilder
    ) throws(MonikerError) -> String {
        let schema = table.table
        let insert = { (row: String) in
            let parts = schema.primaryKey.map { column in
                let name = "\(row).\(quotedIdentifier(column))"
                return types.types[column.lowercased()]?.family == .integer
                    ? name : "HEX(CAST(\(name) AS BINARY))"
            }
            return """
                INSERT INTO \(quotedIdentifier(names.notes)) (source, row_key) \
                VALUES (\(names.source(of: schema.name)), CONCAT_WS(',', \(parts.joined(separator: ", "))));
                """
        }
        let handler = "DECLARE CONTINUE HANDLER FOR 1146 BEGIN END;"
        switch event {
        case .insert: return "BEGIN \(handler) \(insert("NEW")) END"
        case .delete: return "BEGIN \(handler) \(insert("OLD")) END"
        case .update:
            let same = { (column: String) in
                let old = types.bytes(of: column, in: "OLD")
                return "\(old) <=> \(types.bytes(of: column, in: "NEW"))"
            }
            let unchanged = table.watchedColumns.map(same).joined(separator: " AND ")
            let unmoved = schema.primaryKey.map(same).joined(separator: " AND ")
            return """
                BEGIN \(handler) IF NOT (\(unchanged)) THEN \(insert("NEW")) \
                IF NOT (\(unmoved)) THEN \(insert("OLD")) END IF; END IF; END
                """
        }
    }

    /// The key that a trigger wrote as text; nil for what none writes.
    private static func key(
        _ text: [UInt8], of table: TableSchema, types: [String: MariaDBColumnType]
    ) -> RowKey? {
        let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == table.primaryKey.count else { return nil }
        var key = RowKey(parts: [], isPrimary: true)
        for (column, part) in zip(table.primaryKey, parts) {
            let family = types[column.lowercased()]?.family
            let value: SQLValue
            if family == .integer {
                value =
                    Int64(String(decoding: part, as: UTF8.self)).map(SQLValue.integer)
                    ?? .text(Array(part))
            } else {
                guard let bytes = bytes(hexadecimal: part) else { return nil }
                value = family == .binary ? .blob(bytes) : .text(bytes)
            }
            key.parts.append(RowKey.Part(column: column, value: value))
        }
        return key
    }

    private static func bytes(hexadecimal digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    // MARK: Obstacles

    private func obstacle(
        of table: TableSchema, _ cascading: Set<String>
    ) throws(MonikerError) -> UntrackedReason? {
        if table.primaryKey.isEmpty { return .noPrimaryKey }
        if !table.isTransactional { return .noTransactions }
        if cascading.contains(table.name) { return .foreignKeys }
        let types = try conditions(on: table.name).types
        var length = 0
        for name in table.primaryKey {
            switch types[name.lowercased()]?.family {
            case .integer: length += 20
            case .text, .binary: length += table.column(named: name)?.maximumBytes ?? .max / 64
            default: return .unsuitableKey
            }
        }
        return length > Self.longestKey ? .unsuitableKey : nil
    }

    /// The tables in which a foreign key can change a value, which fires no trigger.
    private func tablesChangedByForeignKeys() throws(MonikerError) -> Set<String> {
        let rows = try query(
            "Reading the foreign keys",
            """
            SELECT DISTINCT TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS \
            WHERE CONSTRAINT_SCHEMA = DATABASE() \
            AND (UPDATE_RULE NOT IN ('RESTRICT', 'NO ACTION') \
            OR DELETE_RULE IN ('SET NULL', 'SET DEFAULT'))
            """)
        return Set(rows.map { $0[0].plainText })
    }
}
