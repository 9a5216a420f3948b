import Foundation
import GRDB
public import Model

extension JournalStore {
    /// Writes down a change set before anything of it happens (J#1 of docs/protocol.md).
    ///
    /// A release of an original that one of the moves needs is lifted in the same transaction.
    public func recordIntent(
        _ record: ChangeSetRecord, moves: [FileMoveRecord], assignments: [CellAssignment],
        directories: [DirectoryTimeRecord], findings: [FindingRecord]
    ) throws(MonikerError) {
        try completeManifests()
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO change_set (id, kind, state, created, incarnation, prefix, uploads,
                        reverts, keep_old_until, reference_count) VALUES (?,?,?,?,?,?,?,?,?,?)
                    """,
                arguments: [
                    record.id.description, record.kind.rawValue, record.state.rawValue,
                    record.created, record.incarnation, record.prefix,
                    RowCoding.blob(record.uploads), record.reverts?.description,
                    record.keepOldUntil, record.references,
                ])
            try RowCoding.insert(moves, of: record.id, into: database)
            let isLifted = try Self.liftReleases(
                ofOriginals: moves.lazy.compactMap(\.digest), in: database)
            for assignment in assignments {
                try RowCoding.insert(assignment, of: record.id, into: database)
            }
            for directory in directories {
                try database.execute(
                    sql:
                        "INSERT INTO directory_time (change_set, directory, before, after) VALUES (?,?,?,?)",
                    arguments: [
                        record.id.description, RowCoding.blob(directory.directory?.bytes ?? []),
                        directory.before, directory.after,
                    ])
            }
            try RowCoding.insert(findings, of: record.id, from: 0, into: database)
            if isLifted { try writeHome(database) }
            try writeIntent(record.id, database)
        }
    }

    /// Writes down the cell edits of one part before they can be committed (J#2), replacing those
    /// of an earlier attempt at this part, with what they leave as it is.
    public func recordCells(
        _ edits: [CellEditRecord], findings: [FindingRecord], references: Int, part: Int,
        of id: JournalID
    ) throws(MonikerError) {
        try write { database in
            // Prepared once: a bulk rename comes here hundreds of times.
            let later = try Int.fetchOne(
                database.cachedStatement(
                    sql: "SELECT max(part) FROM cell_edit WHERE change_set = ? AND part > ?"),
                arguments: [id.description, part])
            try database.cachedStatement(
                sql: "DELETE FROM cell_edit WHERE change_set = ? AND part >= ?"
            ).execute(arguments: [id.description, part])
            try RowCoding.insert(edits, of: id, part: part, into: database)
            try database.cachedStatement(
                sql: "DELETE FROM finding WHERE change_set = ? AND sequence >= ? AND part >= ?"
            ).execute(arguments: [id.description, RowCoding.firstCellFinding, part])
            let last = try Int.fetchOne(
                database.cachedStatement(
                    sql: "SELECT max(sequence) FROM finding WHERE change_set = ?"),
                arguments: [id.description])
            try RowCoding.insert(
                findings, of: id, from: max(RowCoding.firstCellFinding, (last ?? 0) + 1),
                part: part, into: database)
            try database.cachedStatement(
                sql: "UPDATE change_set SET state = ?, reference_count = ? WHERE id = ?"
            ).execute(
                arguments: [ChangeSetRecord.State.cells.rawValue, references, id.description])
            try writeCells(id, part: part, database)
            if let later {
                try manifests.remove(
                    ((part + 1)...later).map { ManifestName(changeSet: id, kind: .cells($0)) })
            }
        }
    }

    /// Writes down the edit of a text file before it happens.
    public func recordFileEdits(
        _ edits: [FileEditRecord], of id: JournalID
    ) throws(MonikerError) {
        guard let first = edits.first else { return }
        try write { database in
            let insert = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO file_edit (change_set, sequence, path, before, after,
                        modified, splices, paths) VALUES (?,?,?,?,?,?,?,?)
                    """)
            for edit in edits {
                try insert.execute(arguments: [
                    id.description, edit.sequence, RowCoding.blob(edit.path.bytes),
                    RowCoding.blob(edit.before.bytes), RowCoding.blob(edit.after.bytes),
                    edit.modified, RowCoding.blob(SpliceCoding.encode(edit.splices)),
                    RowCoding.blob(RowCoding.encode(edit.paths)),
                ])
            }
            try writeFileEdits(
                id, sequences: first.sequence..<(first.sequence + edits.count), database)
        }
    }

    /// Moves a change set to a state.
    public func setState(
        _ state: ChangeSetRecord.State, of id: JournalID
    ) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE change_set SET state = ? WHERE id = ?",
                arguments: [state.rawValue, id.description])
            // Whether it was committed is the marker's to say.
            if state == .aborted || state == .done { try writeState(id, database) }
        }
    }

    /// Writes down that a change set is finished (J#3): which old names were retired, the folders'
    /// times, and, for a revert, which moves and assignments it took back and which of an earlier
    /// revert are in force again.
    public func finish(
        _ id: JournalID, reverted: [(changeSet: JournalID, sequence: Int)],
        revertedAssignments: [(changeSet: JournalID, sequence: Int)], retiring: [Int],
        ending: () throws(MonikerError) -> ChangeSetEnding
    ) throws(MonikerError) {
        try write { database in
            let byChangeSet = Dictionary(grouping: reverted, by: \.changeSet)
            for (changeSet, moves) in byChangeSet.sorted(by: { $0.key < $1.key }) {
                try Self.markReverted(
                    moves.map(\.sequence), of: changeSet, by: id, in: database)
            }
            for assignment in revertedAssignments {
                try Self.markReverted(assignment: assignment, by: id, in: database)
            }
            try Self.set(oldNames: .retired, ofMoves: retiring, in: id, database)
            let ending = try ending()
            try Self.set(oldNames: .alive, ofMoves: ending.kept, in: id, database)
            try RowCoding.update(ending.directories, of: id, in: database)
            try database.execute(
                sql: "UPDATE change_set SET state = ? WHERE id = ?",
                arguments: [ChangeSetRecord.State.done.rawValue, id.description])
            try writeState(id, database)
        }
    }

    /// Writes down which old names were retired, and the folders' times after that.
    public func recordRetired(
        _ sequences: [Int], directories: [DirectoryTimeRecord], of id: JournalID
    ) throws(MonikerError) {
        try write { database in
            try Self.set(oldNames: .retired, ofMoves: sequences, in: id, database)
            try RowCoding.update(directories, of: id, in: database)
            try writeState(id, database)
        }
    }

    /// Writes down why the old names of some moves outlive their time.
    public func recordKeepReason(
        _ reason: FileMoveRecord.KeepReason, moves sequences: [Int], of id: JournalID
    ) throws(MonikerError) {
        guard !sequences.isEmpty else { return }
        try write { database in
            try Self.set(
                "keep_reason", to: reason.rawValue, ofMoves: sequences, in: id, database)
            try writeState(id, database)
        }
    }

    /// Lifts releases of originals that are needed again; false where there were none.
    private static func liftReleases(
        ofOriginals digests: some Sequence<ContentDigest>, in database: Database
    ) throws -> Bool {
        // Nearly always there are none, whatever number of originals is asked for.
        guard
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM released_original)")
                == true
        else { return false }
        let delete = try database.cachedStatement(
            sql: "DELETE FROM released_original WHERE digest = ?")
        var isLifted = false
        for digest in digests {
            try delete.execute(arguments: [RowCoding.blob(digest.bytes)])
            isLifted = isLifted || database.changesCount > 0
        }
        return isLifted
    }

    /// Sets what has become of the old names of some moves of a change set.
    private static func set(
        oldNames: FileMoveRecord.OldName, ofMoves sequences: [Int], in id: JournalID,
        _ database: Database
    ) throws {
        guard !sequences.isEmpty else { return }
        try set("old_name", to: oldNames.rawValue, ofMoves: sequences, in: id, database)
    }

    /// Sets a column of some moves of a change set, in one statement.
    private static func set(
        _ column: String, to value: String, ofMoves sequences: [Int], in id: JournalID,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE file_move SET \(column) = ? WHERE change_set = ?
                    AND sequence IN (SELECT value FROM json_each(?))
                """,
            arguments: [
                value, id.description,
                "[" + sequences.map(String.init).joined(separator: ",") + "]",
            ])
    }

    /// Marks moves of a change set as taken back, and what they had themselves taken back as standing
    /// again.
    static func markReverted(
        _ sequences: [Int], of changeSet: JournalID, by id: JournalID, in database: Database
    ) throws {
        try set("reverted_by", to: id.description, ofMoves: sequences, in: changeSet, database)
        // Only a change set that is a revert itself.
        let hasReverted = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM file_move WHERE reverted_by = ?)",
            arguments: [changeSet.description])
        guard hasReverted == true else { return }
        for sequence in sequences {
            try reinstate(movesRevertedBy: changeSet, sequence: sequence, in: database)
        }
    }

    /// Marks the moves that a reverted revert had taken back as standing again: those that lead,
    /// one after the other, from where it put the file.
    private static func reinstate(
        movesRevertedBy id: JournalID, sequence: Int, in database: Database
    ) throws {
        guard
            var path = try Data.fetchOne(
                try database.cachedStatement(
                    sql: "SELECT new FROM file_move WHERE change_set = ? AND sequence = ?"),
                arguments: [id.description, sequence])
        else { return }
        let undone = try database.cachedStatement(
            sql:
                "SELECT change_set, sequence, new FROM file_move WHERE reverted_by = ? AND old = ?")
        while let row = try Row.fetchOne(undone, arguments: [id.description, path]) {
            try database.execute(
                sql:
                    "UPDATE file_move SET reverted_by = NULL WHERE change_set = ? AND sequence = ?",
                arguments: [row["change_set"] as String, row["sequence"] as Int])
            path = row["new"]
        }
    }
}
