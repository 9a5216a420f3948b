import GRDB
import Model

/// Puts the rows of manifests into an empty journal.
struct ManifestReplay {
    let manifests: ManifestFolder
    let names: [JournalID: Set<ManifestName.Kind>]
    let database: Database

    /// Replays change sets, in the order in which they were made.
    func replay(_ ids: [JournalID]) throws {
        var reverts: [(by: JournalID, moves: [ManifestRows.Item])] = []
        for id in ids { reverts.append((id, try replay(id, isNewest: id == ids.last))) }
        for revert in reverts {
            var moves: [JournalID: [Int]] = [:]
            for move in revert.moves {
                guard
                    let text = String.fromDatabaseValue(move.values["change_set"] ?? .null),
                    let sequence = Int.fromDatabaseValue(move.values["sequence"] ?? .null)
                else { throw RowCoding.damaged("manifest") }
                let taken = (changeSet: try RowCoding.journalID(text), sequence: sequence)
                if move.table == ManifestTable.revertedAssignment {
                    try JournalStore.markReverted(
                        assignment: taken, by: revert.by, in: database)
                } else {
                    moves[taken.changeSet, default: []].append(taken.sequence)
                }
            }
            for (changeSet, sequences) in moves.sorted(by: { $0.key < $1.key }) {
                try JournalStore.markReverted(
                    sequences, of: changeSet, by: revert.by, in: database)
            }
        }
        guard let home = try manifests.read(ManifestName.home) else { return }
        for item in home.items { try insert(item) }
    }

    /// Replays a change set and returns the moves and assignments that it took back.
    private func replay(_ id: JournalID, isNewest: Bool) throws -> [ManifestRows.Item] {
        var changeSet: ManifestRows.Item?
        var rows: [ManifestRows.Item] = []
        var directories: [ManifestRows.Item] = []
        var oldNames: [ManifestRows.Item] = []
        var reverted: [ManifestRows.Item] = []
        for kind in (names[id] ?? []).sorted() {
            let name = ManifestName(changeSet: id, kind: kind).text
            guard let manifest = try manifests.read(name) else { continue }
            let times = manifest.items.filter { $0.table == "directory_time" }
            if !times.isEmpty { directories = times }
            for item in manifest.items {
                switch item.table {
                case "change_set": changeSet = item
                case "directory_time": break
                case ManifestTable.oldName: oldNames.append(item)
                case ManifestTable.reverted, ManifestTable.revertedAssignment:
                    reverted.append(item)
                default: rows.append(item)
                }
            }
        }
        guard var changeSet else { throw RowCoding.damaged("manifest of \(id)") }
        let text = String.fromDatabaseValue(changeSet.values["state"] ?? .null) ?? ""
        switch ChangeSetRecord.State(rawValue: text) {
        case .done, .aborted: break
        case .intent, .cells, .committed:
            // Nothing is begun before what came before it is finished, so only the newest can be
            // unfinished. Rolling back an older one could take away names that live again.
            guard isNewest else { throw unfinished(id) }
        case nil: throw RowCoding.damaged("manifest of \(id)")
        }
        for column in ["is_lost"] where changeSet.values[column] == nil {
            changeSet.values[column] = 0.databaseValue
        }
        try insert(changeSet)
        for item in rows + directories { try insert(item) }
        for item in oldNames {
            try database.execute(
                sql:
                    "UPDATE file_move SET old_name = ?, keep_reason = ? WHERE change_set = ? AND sequence = ?",
                arguments: [
                    item.values["old_name"], item.values["keep_reason"], id.description,
                    item.values["sequence"],
                ])
        }
        // What the intent of a journal that is older than its manifests says is said again below.
        try database.execute(
            sql: "UPDATE file_move SET reverted_by = NULL WHERE change_set = ?",
            arguments: [id.description])
        try database.execute(
            sql: "UPDATE assignment SET reverted_by = NULL WHERE change_set = ?",
            arguments: [id.description])
        return reverted
    }

    /// Inserts a row into a table that the journal has.
    private func insert(_ item: ManifestRows.Item) throws {
        guard Self.tables.contains(item.table) else { throw RowCoding.damaged("manifest") }
        let known = Set(try database.columns(in: item.table).map(\.name))
        let columns = item.values.keys.sorted()
        guard known.isSuperset(of: columns) else { throw RowCoding.damaged("manifest") }
        var values = item.values
        if let key = String.fromDatabaseValue(values["row_key"] ?? .null) {
            values["row_key"] = try RowKeyCoding.current(key).databaseValue
        }
        try database.execute(
            sql: """
                INSERT INTO \(item.table) (\(columns.joined(separator: ", ")))
                VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
                """, arguments: StatementArguments(columns.map { values[$0] }))
    }

    private static let tables: Set<String> = [
        "change_set", "file_move", "assignment", "cell_edit", "file_edit", "directory_time",
        "finding",
        "site_binding", "released_original",
    ]

    private func unfinished(_ id: JournalID) -> MonikerError {
        MonikerError(
            .journalLost,
            "the manifests do not say how \(id) ended, although others were made after it: a manifest is missing, so the journal cannot be rebuilt; restore the home from a backup",
            details: ["journal": "\(id)"])
    }
}
