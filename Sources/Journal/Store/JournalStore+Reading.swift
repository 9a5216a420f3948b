import GRDB
public import Model

extension JournalStore {
    /// All change sets, newest first.
    public func changeSets() throws(MonikerError) -> [ChangeSetRecord] {
        try read { database in
            try RowCoding.changeSets(
                Row.fetchCursor(database, sql: "SELECT * FROM change_set ORDER BY id DESC"))
        }
    }

    /// The id of the newest change set; nil before the first.
    public func newestChangeSet() throws(MonikerError) -> JournalID? {
        try read { database in
            try String.fetchOne(database, sql: "SELECT max(id) FROM change_set")
                .map(RowCoding.journalID)
        }
    }

    /// How many finished change sets of a database are not marked as lost, and the newest of them.
    ///
    /// - Complexity: counted by SQLite, in one pass over the change sets.
    public func committedTally(of incarnation: String) throws(MonikerError) -> CommitTally {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS count, max(id) AS newest FROM change_set
                    WHERE state = 'done' AND NOT is_lost AND incarnation = ?
                    """, arguments: [incarnation])
            let newest: String? = row?["newest"]
            return CommitTally(
                count: row?["count"] ?? 0, newest: try newest.map(RowCoding.journalID))
        }
    }

    /// The change sets that renamed files of an attachment or wrote its texts, newest first.
    ///
    /// - Complexity: by index; linear in what is found.
    public func changeSets(
        changing attachment: AttachmentID
    ) throws(MonikerError) -> [ChangeSetRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM change_set WHERE id IN (
                        SELECT change_set FROM file_move WHERE attachment = ?1
                        UNION SELECT change_set FROM assignment WHERE attachment = ?1)
                    ORDER BY id DESC
                    """, arguments: [attachment.rawValue]
            ).map(RowCoding.changeSet)
        }
    }

    /// The change sets that a crash left unfinished, oldest first.
    public func unfinished() throws(MonikerError) -> [ChangeSetRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT * FROM change_set WHERE state IN ('intent', 'cells', 'committed') ORDER BY id"
            ).map(RowCoding.changeSet)
        }
    }

    /// One change set.
    ///
    /// - Throws: `unknown-journal` where there is none of this id.
    public func changeSet(_ id: JournalID) throws(MonikerError) -> ChangeSetRecord {
        try read { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM change_set WHERE id = ?",
                    arguments: [id.description])
            else {
                throw MonikerError(
                    .unknownJournal,
                    "there is no change set \(id) in this journal: `moniker journal` lists them")
            }
            return try RowCoding.changeSet(row)
        }
    }

    /// The file moves of a change set, in order.
    public func moves(of id: JournalID) throws(MonikerError) -> [FileMoveRecord] {
        try read { database in
            try RowCoding.moves(
                try Row.fetchCursor(
                    database, sql: "SELECT * FROM file_move WHERE change_set = ? ORDER BY sequence",
                    arguments: [id.description]))
        }
    }

    /// The old names of a change set that reverts have brought back, each with the revert that did.
    public func oldNamesBroughtBack(
        of id: JournalID
    ) throws(MonikerError) -> [(old: MediaPath, revert: JournalID)] {
        try read { database in
            try Row.fetchAll(
                database,
                // By the moves of this change set: others may have been reverted without number.
                sql: """
                    SELECT old, reverted_by FROM file_move INDEXED BY sqlite_autoindex_file_move_1
                    WHERE change_set = ? AND reverted_by IS NOT NULL
                    """, arguments: [id.description]
            ).map { row in
                (try RowCoding.path(row["old"]), try RowCoding.journalID(row["reverted_by"]))
            }
        }
    }

    /// The moves, of finished change sets after `id`, that began at the path and still stand.
    public func laterMoves(
        from old: MediaPath, after id: JournalID
    ) throws(MonikerError) -> [(changeSet: JournalID, move: FileMoveRecord)] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT file_move.* FROM file_move JOIN change_set ON change_set.id = change_set
                    WHERE old = ? AND change_set > ? AND reverted_by IS NULL
                        AND state IN ('committed', 'done')
                    ORDER BY change_set
                    """)
            return try Row.fetchAll(
                statement, arguments: [RowCoding.blob(old.bytes), id.description]
            ).map { row in
                (try RowCoding.journalID(row["change_set"]), try RowCoding.move(row))
            }
        }
    }

    /// The new names of a change set from which later change sets, that are committed and stand, have
    /// moved the file on.
    ///
    /// - Complexity: a look at an index for each move of the change set.
    public func namesMovedOn(of id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        try read { database in
            let names = try Row.fetchCursor(
                database,
                // In this order, because SQLite would rather go through all later moves.
                sql: """
                    SELECT moved.new FROM file_move AS moved
                    CROSS JOIN file_move AS later INDEXED BY file_move_by_old ON later.old = moved.new
                    CROSS JOIN change_set ON change_set.id = later.change_set
                    WHERE moved.change_set = ?1 AND later.change_set > ?1
                        AND later.reverted_by IS NULL AND state IN ('committed', 'done')
                    """, arguments: [id.description])
            var moved: Set<MediaPath> = []
            while let row = try names.next() { moved.insert(try RowCoding.path(row[0])) }
            return moved
        }
    }

    /// The names that files have been given by change sets after `id` that still stand.
    public func standingNames(givenAfter id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        try read { database in
            let names = try Row.fetchAll(
                database,
                sql: """
                    SELECT new FROM file_move JOIN change_set ON change_set.id = change_set
                    WHERE change_set > ? AND reverted_by IS NULL
                        AND state IN ('intent', 'cells', 'committed', 'done')
                    """, arguments: [id.description]
            ).map { try MediaPath(validating: RowCoding.bytes($0["new"])) }
            return Set(names)
        }
    }

    /// The cell edits of a change set, in order.
    public func cellEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        try read { database in
            try RowCoding.cellEdits(
                try Row.fetchCursor(
                    database, sql: "SELECT * FROM cell_edit WHERE change_set = ? ORDER BY sequence",
                    arguments: [id.description]))
        }
    }

    /// The cell edits of the parts of a change set that follow a part, in order.
    public func cellEdits(
        of id: JournalID, after part: Int
    ) throws(MonikerError) -> [CellEditRecord] {
        try read { database in
            try RowCoding.cellEdits(
                try Row.fetchCursor(
                    database,
                    // Each part is numbered on from the one before.
                    sql: """
                        SELECT * FROM cell_edit WHERE change_set = ? AND part > ?
                        ORDER BY part, sequence
                        """, arguments: [id.description, part]))
        }
    }

    /// How many cells the parts of a change set have changed, up to and with a part, and how many
    /// references in them.
    public func cellTotals(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> (cells: Int, references: Int) {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS cells, coalesce(sum(reference_count), 0) AS reference_count
                    FROM cell_edit WHERE change_set = ? AND part <= ?
                    """, arguments: [id.description, part])
            return (row?["cells"] ?? 0, row?["reference_count"] ?? 0)
        }
    }

    /// The finished change sets with old names whose time is up, and when the next will be.
    public func changeSetsWithDueOldNames(
        at now: Int64
    ) throws(MonikerError) -> (due: [ChangeSetRecord], next: Int64?) {
        try read { database in
            let due = try Row.fetchAll(
                database,
                sql: Self.waitingChangeSets
                    + "SELECT * FROM finished WHERE keep_old_until <= max(?, created) ORDER BY id",
                arguments: [now])
            let next = try Int64.fetchOne(
                database,
                sql: Self.waitingChangeSets
                    + """
                    SELECT min(keep_old_until) FROM finished
                    WHERE keep_old_until > max(?, created) AND keep_old_until < ?
                    """, arguments: [now, Int64.max])
            return (try due.map(RowCoding.changeSet), next)
        }
    }

    /// The rows of finished change sets with old names that wait.
    ///
    /// From one change set to the next in the index: DISTINCT would go through all their moves.
    private static let waitingChangeSets = """
        WITH RECURSIVE waiting (id) AS (
            SELECT min(change_set) FROM file_move INDEXED BY file_move_waiting
                WHERE \(JournalSchema.isWaiting)
            UNION ALL
            SELECT (
                SELECT min(change_set) FROM file_move INDEXED BY file_move_waiting
                WHERE change_set > waiting.id AND \(JournalSchema.isWaiting)
            ) FROM waiting WHERE id IS NOT NULL
        ), finished AS (
            SELECT change_set.* FROM waiting CROSS JOIN change_set USING (id)
            WHERE state = 'done' AND NOT is_lost
        )

        """

    /// The numbers of the moves of a change set whose old names wait for being retired.
    public func waitingOldNames(of id: JournalID) throws(MonikerError) -> Set<Int> {
        try read { database in
            try Int.fetchSet(
                database,
                sql: """
                    SELECT sequence FROM file_move INDEXED BY file_move_waiting
                    WHERE change_set = ? AND \(JournalSchema.isWaiting)
                    """, arguments: [id.description])
        }
    }

    /// How many moves of a change set no revert has taken back.
    public func standingMoveCount(of id: JournalID) throws(MonikerError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM file_move WHERE change_set = ? AND reverted_by IS NULL
                    """,
                arguments: [id.description]) ?? 0
        }
    }

    /// The number of changed cells of a change set.
    public func cellCount(of id: JournalID) throws(MonikerError) -> Int {
        try read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM cell_edit WHERE change_set = ?",
                arguments: [id.description]) ?? 0
        }
    }

    /// The edits of text files of a change set, in order.
    public func fileEdits(of id: JournalID) throws(MonikerError) -> [FileEditRecord] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM file_edit WHERE change_set = ? ORDER BY sequence",
                arguments: [id.description]
            ).map(RowCoding.fileEdit)
        }
    }

    /// The folders of a change set.
    public func directoryTimes(of id: JournalID) throws(MonikerError) -> [DirectoryTimeRecord] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM directory_time WHERE change_set = ?",
                arguments: [id.description]
            ).map { row in
                let bytes = RowCoding.bytes(row["directory"])
                return DirectoryTimeRecord(
                    directory: bytes.isEmpty ? nil : try MediaPath(validating: bytes),
                    before: row["before"], after: row["after"])
            }
        }
    }

    /// What a change set left as it was.
    public func findings(of id: JournalID) throws(MonikerError) -> [FindingRecord] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM finding WHERE change_set = ? ORDER BY sequence",
                arguments: [id.description]
            ).map(RowCoding.finding)
        }
    }

    /// Every content digest that some change set needs, with the newest change set that needs it.
    public func originalsInUse() throws(MonikerError) -> [(
        digest: ContentDigest, newest: JournalID
    )] {
        try read { database in
            try Row.fetchAll(
                database,
                // By the clock and not by id: a clock that was set back makes the two differ. Of a
                // group, SQLite takes the bare column from the row that has the maximum.
                sql: """
                    SELECT digest, file_move.change_set AS newest, max(created)
                    FROM file_move JOIN change_set ON change_set.id = file_move.change_set
                    WHERE digest IS NOT NULL GROUP BY digest
                    """
            ).map { row in
                (try RowCoding.digest(row["digest"]), try RowCoding.journalID(row["newest"]))
            }
        }
    }
}
