public import Model

/// Where the markers of a prefix's transactions are kept.
enum MariaDBMarkerPlace {
    /// The table `{prefix}moniker_tx`.
    case ownTable
    /// Rows of `{prefix}options`, where CREATE is denied.
    case options
}

/// Markers and the incarnation id are rows of one table; the unique key on their name is the fence
/// that lets only one decision stand.
///
/// Where CREATE is denied they are rows of the options table. If that one is MyISAM, a marker
/// cannot be rolled back with its transaction: it is written before the cells, so a crash in
/// between leaves a `commit` that recovery has to check against the cells.
extension MariaDBDatabase {
    private static let incarnationName = "incarnation"

    // MARK: Port

    /// Makes the table of markers; where CREATE is denied, checks that the options table is there.
    public func prepareMarkers(prefix: String) throws(MonikerError) {
        requireNoTransaction()
        // Another connection may have removed them since.
        let remembered = markerPlaces.removeValue(forKey: prefix)
        if remembered == .ownTable, try canRead(prefix + "moniker_tx") {
            markerPlaces[prefix] = .ownTable
            return
        }
        if try findMarkers(prefix: prefix) != nil { return }
        if let loss { throw loss }
        let action = "Creating table '\(prefix)moniker_tx'"
        do throws(MariaDBFailure) {
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS \(quotedIdentifier(prefix + "moniker_tx")) (\
                id VARBINARY(64) NOT NULL PRIMARY KEY, decision VARBINARY(255) NOT NULL, \
                created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP) ENGINE=InnoDB
                """)
            markerPlaces[prefix] = .ownTable
        } catch {
            guard error.isDenied else { throw report(error, during: action) }
            let name = prefix + "options"
            guard try exists(name) else { throw report(error, during: action) }
            markerPlaces[prefix] = .options
        }
    }

    /// Reads a marker as committed at this moment; nil where there is none.
    public func marker(_ id: JournalID, prefix: String) throws(MonikerError) -> MarkerDecision? {
        guard let text = try stored(id.description, prefix) else { return nil }
        return try decision(text, of: id)
    }

    /// All markers as committed at this moment.
    public func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        let rows = try allMarkers(prefix) { "\($0.changeSet), \($0.valueColumn)" }
        var markers: [JournalID: MarkerDecision] = [:]
        for row in rows {
            guard let id = Self.changeSet(row[0]) else { continue }
            markers[id] = MarkerDecision(String(decoding: row[1].bytes ?? [], as: UTF8.self))
        }
        return markers
    }

    /// How many markers `commit` there are at this moment, and the newest change set that has one.
    public func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        let rows = try allMarkers(prefix, saying: .commit) { "COUNT(*), MAX(\($0.changeSet))" }
        guard let row = rows.first else { return CommitTally() }
        return CommitTally(count: Int(row[0].integer ?? 0), newest: Self.changeSet(row[1]))
    }

    /// Decides a transaction whose fate is unknown, in a transaction of its own.
    public func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        try prepareMarkers(prefix: prefix)
        try transaction { (_) throws(MonikerError) in
            try insertMarker(id, decision: .abort, prefix: prefix, ignore: true)
        }
        guard let standing = try marker(id, prefix: prefix) else {
            throw MonikerError(
                .databaseFailed,
                "The marker of \(id) is not there although it was written; check that nothing "
                    + "removes rows from the tables with prefix '\(prefix)'")
        }
        return standing
    }

    /// Removes markers that are no longer needed.
    public func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        markerPlaces[prefix] = nil
        guard let place = try findMarkers(prefix: prefix) else { return }
        for id in ids { try remove(id.description, place, prefix) }
    }

    /// The id this database was given when Moniker first wrote to it.
    public func incarnation(prefix: String) throws(MonikerError) -> String? {
        try stored(Self.incarnationName, prefix)
    }

    /// Stores the incarnation id unless one is there.
    public func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String {
        if let known = try incarnation(prefix: prefix) { return known }
        try prepareMarkers(prefix: prefix)
        try transaction { (_) throws(MonikerError) in
            try insert(Self.incarnationName, candidate, prefix: prefix, ignore: true)
        }
        return try incarnation(prefix: prefix) ?? candidate
    }

    /// Removes the table of markers and the rows of the options table, the triggers that note
    /// changes and their table.
    public func removeTraces(prefix: String) throws(MonikerError) {
        requireNoTransaction()
        if try hasTrackingTraces(prefix: prefix) { try removeTracking(prefix: prefix) }
        markerPlaces[prefix] = nil
        if try exists(prefix + "moniker_tx") {
            try execute(
                "Dropping table '\(prefix)moniker_tx'",
                "DROP TABLE IF EXISTS \(quotedIdentifier(prefix + "moniker_tx"))")
        }
        guard try exists(prefix + "options") else { return }
        _ = try prepared(
            "Removing markers from table '\(prefix)options'",
            """
            DELETE FROM \(quotedIdentifier(prefix + "options")) \
            WHERE option_name LIKE 'moniker!_tx!_%' ESCAPE '!' \
            AND LEFT(CAST(option_name AS BINARY), 11) = 'moniker_tx_'
            """)
    }

    // MARK: Rows

    /// What a question about the markers of change sets selects; no rows where there is no place for
    /// them.
    ///
    /// - Parameter decision: which markers; nil for all.
    private func allMarkers(
        _ prefix: String, saying decision: MarkerDecision? = nil,
        _ columns: (MariaDBMarkerPlace) -> String
    ) throws(MonikerError) -> [[SQLValue]] {
        let isRemembered = markerPlaces[prefix] != nil
        guard let place = try findMarkers(prefix: prefix) else { return [] }
        let table = place.table(prefix)
        let start = place == .ownTable ? "" : "moniker!_tx!_"
        let condition = decision == nil ? "" : " AND CAST(\(place.valueColumn) AS BINARY) = ?"
        do throws(MonikerError) {
            return try query(
                "Reading the markers of table '\(table)'",
                """
                SELECT \(columns(place)) FROM \(quotedIdentifier(table)) \
                WHERE \(place.nameColumn) LIKE '\(start)J%' ESCAPE '!'\(condition)
                """, decision.map { [MariaDBParameter($0.text)] } ?? [])
        } catch {
            // Another connection removed the table after this one had seen it.
            guard isRemembered, Self.isMissingTable(error) else { throw error }
            markerPlaces[prefix] = nil
            return try allMarkers(prefix, saying: decision, columns)
        }
    }

    private static func changeSet(_ value: SQLValue) -> JournalID? {
        value.bytes.flatMap { JournalID(String(decoding: $0, as: UTF8.self)) }
    }

    /// Writes the marker of a change set.
    func insertMarker(
        _ id: JournalID, decision: MarkerDecision, prefix: String, ignore: Bool
    ) throws(MonikerError) {
        try insert(id.description, decision.text, prefix: prefix, ignore: ignore)
    }

    /// Writes a marker over what it said before; false where it says something else.
    func replaceMarker(
        _ id: JournalID, _ previous: MarkerDecision, with decision: MarkerDecision, prefix: String
    ) throws(MonikerError) -> Bool {
        guard let place = try findMarkers(prefix: prefix) else { return false }
        let table = place.table(prefix)
        let value = quotedIdentifier(place.valueColumn)
        let condition = try conditions(on: table).exactly(
            place.nameColumn, .string(place.name(id.description)))
        let matched = try runForEach(
            "Writing a marker to table '\(table)'",
            """
            UPDATE \(quotedIdentifier(table)) SET \(value) = ? \
            WHERE \(condition.sql) AND CAST(\(value) AS BINARY) = ?
            """,
            [
                [MariaDBParameter(decision.text)] + condition.parameters
                    + [MariaDBParameter(previous.text)]
            ])
        return matched == 1
    }

    private func insert(
        _ name: String, _ value: String, prefix: String, ignore: Bool
    ) throws(MonikerError) {
        guard let place = try findMarkers(prefix: prefix) else {
            throw MonikerError(
                .databaseFailed,
                "There is no place for markers in the tables with prefix '\(prefix)'; "
                    + "prepare it first")
        }
        let verb = ignore ? "INSERT IGNORE INTO" : "INSERT INTO"
        let table = quotedIdentifier(place.table(prefix))
        let columns =
            switch place {
            case .ownTable: "(id, decision) VALUES (?, ?)"
            case .options: "(option_name, option_value, autoload) VALUES (?, ?, 'no')"
            }
        _ = try prepared(
            "Writing a marker to table '\(place.table(prefix))'", "\(verb) \(table) \(columns)",
            [MariaDBParameter(place.name(name)), MariaDBParameter(value)])
    }

    private func stored(_ name: String, _ prefix: String) throws(MonikerError) -> String? {
        guard let place = try findMarkers(prefix: prefix) else { return nil }
        let table = place.table(prefix)
        let rows: [[SQLValue]]
        do throws(MonikerError) {
            let condition = try conditions(on: table).exactly(
                place.nameColumn, .string(place.name(name)))
            rows = try query(
                "Reading a marker from table '\(table)'",
                """
                SELECT \(place.valueColumn) \
                FROM \(quotedIdentifier(table)) WHERE \(condition.sql)
                """, condition.parameters)
        } catch {
            // Another connection removed the table after this one had seen it.
            guard Self.isMissingTable(error) else { throw error }
            markerPlaces[prefix] = nil
            return nil
        }
        return rows.first?.first?.bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isMissingTable(_ error: MonikerError) -> Bool {
        (error.cause as? MariaDBFailure)?.isMissingTable ?? false
    }

    private func remove(
        _ name: String, _ place: MariaDBMarkerPlace, _ prefix: String
    ) throws(MonikerError) {
        let table = place.table(prefix)
        let condition = try conditions(on: table).exactly(
            place.nameColumn, .string(place.name(name)))
        _ = try prepared(
            "Removing a marker from table '\(table)'",
            "DELETE FROM \(quotedIdentifier(table)) WHERE \(condition.sql)", condition.parameters)
    }

    private func decision(_ text: String, of id: JournalID) throws(MonikerError) -> MarkerDecision {
        if let decision = MarkerDecision(text) { return decision }
        throw MonikerError(
            .databaseFailed,
            "The marker of \(id) says '\(text)', which no version of Moniker writes; "
                + "check who changed it")
    }

    // MARK: Places

    /// Where the markers are; nil before the first `prepareMarkers`.
    ///
    /// Rows in the options table keep counting when CREATE is granted later.
    private func findMarkers(prefix: String) throws(MonikerError) -> MariaDBMarkerPlace? {
        if let known = markerPlaces[prefix] { return known }
        if try exists(prefix + "moniker_tx") {
            markerPlaces[prefix] = .ownTable
            // As it was made.
            columnTypes[prefix + "moniker_tx"] = ["id": .markerText, "decision": .markerText]
            return .ownTable
        }
        guard try exists(prefix + "options") else { return nil }
        let rows = try query(
            "Looking for markers in table '\(prefix)options'",
            """
            SELECT 1 FROM \(quotedIdentifier(prefix + "options")) \
            WHERE option_name LIKE 'moniker!_tx!_%' ESCAPE '!' LIMIT 1
            """)
        if rows.isEmpty { return nil }
        markerPlaces[prefix] = .options
        return .options
    }

    /// Whether a table that was there still is; quicker to ask than `exists`.
    private func canRead(_ table: String) throws(MonikerError) -> Bool {
        do throws(MonikerError) {
            _ = try query(
                "Looking for table '\(table)'",
                "SELECT 1 FROM \(quotedIdentifier(table)) LIMIT 0")
            return true
        } catch {
            guard Self.isMissingTable(error) else { throw error }
            return false
        }
    }

    func exists(_ table: String) throws(MonikerError) -> Bool {
        // Compared twice: the server opens one table for the first, and not each of the database.
        let rows = try query(
            "Looking for table '\(table)'",
            """
            SELECT 1 FROM information_schema.TABLES \
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? \
            AND CAST(TABLE_NAME AS BINARY) = ?
            """, [MariaDBParameter(table), MariaDBParameter(table)])
        return !rows.isEmpty
    }
}

extension MariaDBColumnType {
    /// What the columns of the table of markers hold.
    fileprivate static let markerText = MariaDBColumnType(declaration: "varbinary", collation: nil)
}

extension MariaDBMarkerPlace {
    /// The table's name.
    fileprivate func table(_ prefix: String) -> String {
        switch self {
        case .ownTable: prefix + "moniker_tx"
        case .options: prefix + "options"
        }
    }

    /// The column with the unique key.
    fileprivate var nameColumn: String {
        switch self {
        case .ownTable: "id"
        case .options: "option_name"
        }
    }

    /// The column that holds what a marker says.
    fileprivate var valueColumn: String {
        switch self {
        case .ownTable: "decision"
        case .options: "option_value"
        }
    }

    /// The change set of a marker, as its id is written.
    fileprivate var changeSet: String {
        "SUBSTRING(CAST(\(nameColumn) AS BINARY), \(name("").utf8.count + 1))"
    }

    /// What a marker is called here.
    fileprivate func name(_ name: String) -> String {
        switch self {
        case .ownTable: name
        case .options: "moniker_tx_" + name
        }
    }
}
