internal import GRDB
public import Model

/// Markers and the incarnation id are rows of `{prefix}moniker_tx`.
extension SQLiteDatabase {
    private static let incarnationName = "incarnation"

    /// Makes the table of markers.
    public func prepareMarkers(prefix: String) throws(MonikerError) {
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        // Asked first: CREATE TABLE would need the write lock although nothing is to be done.
        if try exists(prefix: prefix) { return }
        try access("Creating table '\(prefix)moniker_tx'") { (database) throws(SQLiteFailure) in
            try SQLiteStatement(
                database,
                """
                CREATE TABLE IF NOT EXISTS \(table) (id TEXT NOT NULL PRIMARY KEY, \
                decision TEXT NOT NULL, created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
                """, []
            ).run()
        }
    }

    /// Reads a marker as committed at this moment; nil where there is none.
    public func marker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision? {
        guard let text = try stored(id.description, prefix: prefix) else { return nil }
        if let decision = MarkerDecision(text) { return decision }
        throw MonikerError(
            .databaseFailed,
            "The marker of \(id) says '\(text)', which no version of Moniker writes; "
                + "check who changed it")
    }

    /// All markers as committed at this moment.
    public func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        guard try exists(prefix: prefix) else { return [:] }
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        return try access("Reading the markers of table '\(prefix)moniker_tx'") {
            (database) throws(SQLiteFailure) in
            let statement = try SQLiteStatement(
                database, "SELECT id, decision FROM \(table)", [])
            var markers: [JournalID: MarkerDecision] = [:]
            while let row = try statement.nextRow() {
                let texts = row.map { String(decoding: $0.bytes ?? [], as: UTF8.self) }
                guard let id = JournalID(texts[0]) else { continue }
                markers[id] = MarkerDecision(texts[1])
            }
            return markers
        }
    }

    /// How many markers `commit` there are at this moment, and the newest change set that has one.
    public func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        guard try exists(prefix: prefix) else { return CommitTally() }
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        return try access("Counting the markers of table '\(prefix)moniker_tx'") {
            (database) throws(SQLiteFailure) in
            let statement = try SQLiteStatement(
                database, "SELECT count(*), max(id) FROM \(table) WHERE decision = ?",
                [.string(MarkerDecision.commit.text)])
            let row = try statement.nextRow() ?? []
            return CommitTally(
                count: Int(row.first?.integer ?? 0),
                newest: row.last?.bytes.flatMap { JournalID(String(decoding: $0, as: UTF8.self)) })
        }
    }

    /// Decides a transaction whose fate is unknown; the database's write lock is the wait.
    public func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        try prepareMarkers(prefix: prefix)
        try insertUnlessThere(id.description, MarkerDecision.abort.text, prefix: prefix)
        guard let standing = try marker(id, prefix: prefix) else {
            throw MonikerError(
                .databaseFailed,
                "The marker of \(id) is not there although it was written; check that nothing "
                    + "removes rows from table '\(prefix)moniker_tx'")
        }
        return standing
    }

    /// Removes markers that are no longer needed.
    public func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        guard !ids.isEmpty, try exists(prefix: prefix) else { return }
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        try transaction(during: "Removing markers from table '\(prefix)moniker_tx'") {
            (database) throws(SQLiteFailure) in
            for id in ids {
                try SQLiteStatement(
                    database, "DELETE FROM \(table) WHERE id = ?", [.string(id.description)]
                ).run()
            }
        }
    }

    /// The id this database was given when Moniker first wrote to it.
    public func incarnation(prefix: String) throws(MonikerError) -> String? {
        try stored(Self.incarnationName, prefix: prefix)
    }

    /// Stores the incarnation id unless one is there.
    public func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String {
        try prepareMarkers(prefix: prefix)
        if let standing = try incarnation(prefix: prefix) { return standing }
        try insertUnlessThere(Self.incarnationName, candidate, prefix: prefix)
        return try incarnation(prefix: prefix) ?? candidate
    }

    /// Drops the table of markers, the triggers that note changes and their table.
    public func removeTraces(prefix: String) throws(MonikerError) {
        if try hasTrackingTraces(prefix: prefix) { try removeTracking(prefix: prefix) }
        guard try exists(prefix: prefix) else { return }
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        try access("Dropping table '\(prefix)moniker_tx'") { (database) throws(SQLiteFailure) in
            try SQLiteStatement(database, "DROP TABLE IF EXISTS \(table)", []).run()
        }
    }

    private func insertUnlessThere(
        _ name: String, _ value: String, prefix: String
    ) throws(MonikerError) {
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        try transaction(during: "Writing a marker to table '\(prefix)moniker_tx'") {
            (database) throws(SQLiteFailure) in
            try SQLiteStatement(
                database, "INSERT OR IGNORE INTO \(table) (id, decision) VALUES (?, ?)",
                [.string(name), .string(value)]
            ).run()
        }
    }

    private func transaction(
        during action: String, _ body: (Database) throws(SQLiteFailure) -> Void
    ) throws(MonikerError) {
        try transaction { (transaction) throws(MonikerError) in
            guard let transaction = transaction as? SQLiteTransaction else { return }
            try transaction.step(action, body)
        }
    }

    private func stored(_ name: String, prefix: String) throws(MonikerError) -> String? {
        guard try exists(prefix: prefix) else { return nil }
        let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
        return try access("Reading a marker from table '\(prefix)moniker_tx'") {
            (database) throws(SQLiteFailure) in
            let statement = try SQLiteStatement(
                database, "SELECT decision FROM \(table) WHERE id = ?", [.string(name)])
            return try statement.nextRow()?.first?.bytes.map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    private func exists(prefix: String) throws(MonikerError) -> Bool {
        try access("Looking for table '\(prefix)moniker_tx'") { (database) throws(SQLiteFailure) in
            let statement = try SQLiteStatement(
                database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                [.string(prefix + "moniker_tx")])
            return try statement.nextRow() != nil
        }
    }
}
