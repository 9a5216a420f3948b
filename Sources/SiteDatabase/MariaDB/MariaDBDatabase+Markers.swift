public import Model

extension MariaDBDatabase {
    /// Where markers are.
    private enum Place {
        case table(String)
        /// The options table, because CREATE was denied. If it is MyISAM, a marker in it is not
        /// rolled back with its transaction, and recovery takes an interrupted change set forward;
        /// every value is compared before it is written, so nothing is lost by that.
        case options(String)
    }

    private func place(_ prefix: String) throws(MonikerError) -> Place {
        let name = MarkerTable.name(prefix: prefix)
        return try exists(name) ? .table(name) : .options(prefix + "options")
    }

    private func exists(_ table: String) throws(MonikerError) -> Bool {
        var exists = false
        try connection.query(
            """
            SELECT 1 FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND BINARY TABLE_NAME = ?
            """, [.string(table)]
        ) { (_) throws(MonikerError) in
            exists = true
            return false
        }
        return exists
    }

    /// Makes the marker table unless it is there or CREATE is denied.
    public func prepareMarkers(prefix: String) throws(MonikerError) {
        let name = MarkerTable.name(prefix: prefix)
        guard try !exists(name) else { return }
        do {
            try connection.run(
                """
                CREATE TABLE IF NOT EXISTS \(Self.quoted(name)) (
                    id VARBINARY(64) NOT NULL PRIMARY KEY, decision VARBINARY(64) NOT NULL,
                    created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
                ) ENGINE=InnoDB
                """)
        } catch  where error.code == .permissionDenied {
            // The options table takes the markers then.
            return
        }
    }

    /// Reads a marker.
    public func marker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision? {
        try value(of: id.description, prefix: prefix).flatMap(MarkerDecision.init)
    }

    private func value(of id: String, prefix: String) throws(MonikerError) -> String? {
        var value: String?
        let sql: String
        let key: String
        switch try place(prefix) {
        case .table(let name):
            sql = "SELECT decision FROM \(Self.quoted(name)) WHERE id = ?"
            key = id
        case .options(let name):
            guard try exists(name) else { return nil }
            sql = "SELECT option_value FROM \(Self.quoted(name)) WHERE option_name = ?"
            key = MarkerTable.option(id)
        }
        try connection.query(sql, [.string(key)]) { (row) throws(MonikerError) in
            value = Self.text(row[0])
            return false
        }
        return value
    }

    /// Inserts a row if there is none of its id.
    func insert(
        _ id: String, _ value: String, prefix: String, ignoringDuplicates: Bool
    ) throws(MonikerError) {
        let verb = ignoringDuplicates ? "INSERT IGNORE" : "INSERT"
        switch try place(prefix) {
        case .table(let name):
            try connection.execute(
                "\(verb) INTO \(Self.quoted(name)) (id, decision) VALUES (?, ?)",
                [.string(id), .string(value)], about: name)
        case .options(let name):
            try connection.execute(
                "\(verb) INTO \(Self.quoted(name)) (option_name, option_value, autoload) VALUES (?, ?, 'no')",
                [.string(MarkerTable.option(id)), .string(value)], about: name)
        }
    }

    /// Decides a transaction whose fate is unknown.
    public func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        // Waits for the row lock of a transaction that is still alive.
        try insert(
            id.description, MarkerDecision.abort.rawValue, prefix: prefix,
            ignoringDuplicates: true)
        guard let decision = try marker(id, prefix: prefix) else {
            throw MonikerError(
                .databaseFailed, "the marker of \(id) cannot be read back: try again")
        }
        return decision
    }

    /// Removes markers.
    public func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        for id in ids {
            switch try place(prefix) {
            case .table(let name):
                try connection.execute(
                    "DELETE FROM \(Self.quoted(name)) WHERE id = ?", [.string(id.description)])
            case .options(let name):
                try connection.execute(
                    "DELETE FROM \(Self.quoted(name)) WHERE option_name = ?",
                    [.string(MarkerTable.option(id.description))])
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
        try insert(
            MarkerTable.incarnationID, candidate, prefix: prefix, ignoringDuplicates: true)
        return try incarnation(prefix: prefix) ?? candidate
    }

    /// Removes everything Moniker keeps in the database.
    public func removeTraces(prefix: String) throws(MonikerError) {
        for name in MarkerTable.names(prefix: prefix) where try exists(name) {
            try connection.run("DROP TABLE IF EXISTS \(Self.quoted(name))")
        }
        let options = prefix + "options"
        guard try exists(options) else { return }
        try connection.execute(
            "DELETE FROM \(Self.quoted(options)) WHERE option_name LIKE 'moniker\\\\_tx\\\\_%'")
    }
}
