import GRDB
public import Model

extension SQLiteDatabase {
    /// Makes the marker table unless it is there.
    public func prepareMarkers(prefix: String) throws(MonikerError) {
        let name = MarkerTable.name(prefix: prefix)
        guard try read({ try $0.tableExists(name) }) == false else { return }
        try write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS \(Self.quoted(name)) (
                        id TEXT NOT NULL PRIMARY KEY, decision TEXT NOT NULL,
                        created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
                    """)
        }
    }

    /// Reads a marker.
    public func marker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision? {
        try value(of: id.description, prefix: prefix).flatMap(MarkerDecision.init)
    }

    private func value(of id: String, prefix: String) throws(MonikerError) -> String? {
        let name = MarkerTable.name(prefix: prefix)
        return try read { database in
            guard try database.tableExists(name) else { return nil }
            return try String.fetchOne(
                database, sql: "SELECT decision FROM \(Self.quoted(name)) WHERE id = ?",
                arguments: [id])
        }
    }

    private func insert(
        _ id: String, _ value: String, prefix: String
    ) throws(MonikerError) {
        let name = MarkerTable.name(prefix: prefix)
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO \(Self.quoted(name)) (id, decision) VALUES (?, ?)",
                arguments: [id, value])
        }
    }

    /// Decides a transaction whose fate is unknown.
    ///
    /// Waits for a transaction that is still alive, because it holds the write lock.
    public func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        try insert(id.description, MarkerDecision.abort.rawValue, prefix: prefix)
        guard let decision = try marker(id, prefix: prefix) else {
            throw MonikerError(
                .databaseFailed, "the marker of \(id) cannot be read back: try again")
        }
        return decision
    }

    /// Removes markers.
    public func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        let name = MarkerTable.name(prefix: prefix)
        try write { database in
            for id in ids {
                try database.execute(
                    sql: "DELETE FROM \(Self.quoted(name)) WHERE id = ?",
                    arguments: [id.description])
            }
        }
    }

    /// Reads the incarnation id.
    public func incarnation(prefix: String) throws(MonikerError) -> String? {
        try value(of: MarkerTable.incarnationID, prefix: prefix)
    }

    /// Stores the incarnation id unless there is one.
    public func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String {
        if let standing = try incarnation(prefix: prefix) { return standing }
        try insert(MarkerTable.incarnationID, candidate, prefix: prefix)
        return try incarnation(prefix: prefix) ?? candidate
    }

    /// Removes everything Moniker keeps in the database.
    public func removeTraces(prefix: String) throws(MonikerError) {
        try write { database in
            for name in MarkerTable.names(prefix: prefix) {
                try database.execute(sql: "DROP TABLE IF EXISTS \(Self.quoted(name))")
            }
        }
    }
}
