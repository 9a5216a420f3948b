import GRDB
import Model

/// What each writing call leaves beside journal.sqlite, before its transaction is committed.
///
/// A manifest may therefore know more than the journal after a crash, never less.
extension JournalStore {
    /// The intent of a change set, as its rows are now.
    func writeIntent(_ id: JournalID, _ database: Database) throws {
        try manifests.write(ManifestName(changeSet: id, kind: .intent).text) { writer in
            try writer.rows(of: "change_set", id, database)
            try writer.rows(
                of: "file_move", database,
                sql: "SELECT * FROM file_move WHERE change_set = ? ORDER BY sequence",
                arguments: [id.description])
            try writer.rows(
                of: "assignment", database,
                sql: "SELECT * FROM assignment WHERE change_set = ? ORDER BY sequence",
                arguments: [id.description])
            try writer.rows(of: "directory_time", id, database)
            try writer.rows(
                of: "finding", database,
                sql: "SELECT * FROM finding WHERE change_set = ? AND sequence < ?",
                arguments: [id.description, RowCoding.firstCellFinding])
        }
    }

    /// The cell edits of one part of a change set, and what they left.
    func writeCells(_ id: JournalID, part: Int, _ database: Database) throws {
        try manifests.write(ManifestName(changeSet: id, kind: .cells(part)).text) { writer in
            try writer.rows(of: "change_set", id, database)
            try writer.rows(
                of: "cell_edit", database,
                // Named, because SQLite would rather read all earlier parts as well, in their order.
                sql: """
                    SELECT * FROM cell_edit INDEXED BY cell_edit_by_part
                    WHERE change_set = ? AND part = ? ORDER BY sequence
                    """,
                arguments: [id.description, part])
            try writer.rows(
                of: "finding", database,
                sql: "SELECT * FROM finding WHERE change_set = ? AND sequence >= ? AND part = ?",
                arguments: [id.description, RowCoding.firstCellFinding, part])
        }
    }

    /// One edit of a text file.
    func writeFileEdits(_ id: JournalID, sequences: Range<Int>, _ database: Database) throws {
        let name = ManifestName(changeSet: id, kind: .file(sequences.lowerBound)).text
        try manifests.write(name) { writer in
            try writer.rows(
                of: "file_edit", database,
                sql:
                    "SELECT * FROM file_edit WHERE change_set = ? AND sequence >= ? AND sequence < ?",
                arguments: [id.description, sequences.lowerBound, sequences.upperBound])
        }
    }

    /// How a change set ended, what has become of its names, and which moves it took back.
    func writeState(_ id: JournalID, _ database: Database) throws {
        try manifests.write(ManifestName(changeSet: id, kind: .state).text) { writer in
            try writer.rows(of: "change_set", id, database)
            try writer.rows(of: "directory_time", id, database)
            try writer.rows(
                of: ManifestTable.oldName, database,
                sql: """
                    SELECT sequence, old_name, keep_reason FROM file_move
                    WHERE change_set = ? AND (old_name <> ? OR keep_reason IS NOT NULL)
                    """,
                arguments: [id.description, FileMoveRecord.OldName.alive.rawValue])
            try writer.rows(
                of: ManifestTable.reverted, database,
                sql: "SELECT change_set, sequence FROM file_move WHERE reverted_by = ?",
                arguments: [id.description])
            try writer.rows(
                of: ManifestTable.revertedAssignment, database,
                sql: "SELECT change_set, sequence FROM assignment WHERE reverted_by = ?",
                arguments: [id.description])
        }
    }

    /// What belongs to no change set: released originals, and the site.
    func writeHome(_ database: Database) throws {
        try manifests.write(ManifestName.home) { writer in
            try writer.rows(
                of: "site_binding", database, sql: "SELECT * FROM site_binding", arguments: [])
            try writer.rows(
                of: "released_original", database, sql: "SELECT * FROM released_original",
                arguments: [])
        }
    }

    /// Makes the manifests complete: those of a journal that was written before there were any, and
    /// removes intents whose journal commit a crash took.
    ///
    /// The caller holds the lock of the home.
    ///
    /// - Complexity: one look at the folder where it is as the last writing call of this value left it;
    ///   otherwise linear in the change sets.
    func completeManifests() throws(MonikerError) {
        if areManifestsComplete { return }
        let written = try manifests.names()
        try write { database in
            let known = Set(
                try String.fetchAll(database, sql: "SELECT id FROM change_set")
                    .map(RowCoding.journalID))
            // Nothing follows an intent before the journal has it.
            try Self.requireWhole(pool.path, manifests: written, known: known)
            let abandoned = written.keys.filter { !known.contains($0) }
            if !abandoned.isEmpty { try manifests.remove(abandoned) }
            for id in known.sorted() where written[id]?.contains(.intent) != true {
                try writeIntent(id, database)
                let parts = try Int.fetchOne(
                    database, sql: "SELECT max(part) FROM cell_edit WHERE change_set = ?",
                    arguments: [id.description])
                for part in 1...max(1, parts ?? 1) { try writeCells(id, part: part, database) }
                let last = try Int.fetchOne(
                    database, sql: "SELECT max(sequence) FROM file_edit WHERE change_set = ?",
                    arguments: [id.description])
                if let last { try writeFileEdits(id, sequences: 0..<(last + 1), database) }
                try writeState(id, database)
            }
        }
        noteCompleteManifests()
    }
}

/// Rows of a manifest that are no rows of a table but changes of some.
enum ManifestTable {
    /// What has become of old names.
    static let oldName = "old_name"
    /// Moves of other change sets that this one took back.
    static let reverted = "reverted"
    /// Assignments of other change sets that this one took back.
    static let revertedAssignment = "reverted_assignment"
}

extension ManifestWriter {
    /// Writes the rows of a table that belong to a change set.
    fileprivate mutating func rows(
        of table: String, _ id: JournalID, _ database: Database
    ) throws {
        let key = table == "change_set" ? "id" : "change_set"
        try rows(
            of: table, database, sql: "SELECT * FROM \(table) WHERE \(key) = ?",
            arguments: [id.description])
    }
}
