import GRDB
public import Model

extension JournalStore {
    /// The texts that a change set is to write, in order.
    public func assignments(of id: JournalID) throws(MonikerError) -> [CellAssignment] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM assignment WHERE change_set = ? ORDER BY sequence",
                arguments: [id.description]
            ).map(RowCoding.assignment)
        }
    }

    /// How many of the assignments of a change set its parts have dealt with, up to and with a
    /// part.
    public func assignmentsDecided(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT coalesce(max(assignment), -1) + 1 FROM (
                        SELECT assignment FROM cell_edit WHERE change_set = ?1 AND part <= ?2
                        UNION ALL
                        SELECT assignment FROM finding WHERE change_set = ?1 AND part <= ?2)
                    """, arguments: [id.description, part]) ?? 0
        }
    }

    /// The cell edits of a change set that carry out assignments, in order.
    public func assignmentEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        try read { database in
            try RowCoding.cellEdits(
                try Row.fetchCursor(
                    database,
                    // Named, because SQLite would rather read the whole change set.
                    sql: """
                        SELECT * FROM cell_edit INDEXED BY cell_edit_by_assignment
                        WHERE change_set = ? AND assignment IS NOT NULL ORDER BY assignment
                        """, arguments: [id.description]))
        }
    }

    /// The assignments to an attachment, of committed change sets, oldest first.
    public func assignments(
        to attachment: AttachmentID
    ) throws(MonikerError) -> [(changeSet: JournalID, assignment: CellAssignment)] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT assignment.* FROM assignment
                    JOIN change_set ON change_set.id = change_set
                    WHERE attachment = ? AND state IN ('committed', 'done')
                    ORDER BY change_set, sequence
                    """)
            return try Row.fetchAll(statement, arguments: [attachment.rawValue]).map { row in
                (try RowCoding.journalID(row["change_set"]), try RowCoding.assignment(row))
            }
        }
    }

    /// Marks an assignment as taken back, and what it had itself taken back as standing again.
    static func markReverted(
        assignment: (changeSet: JournalID, sequence: Int), by id: JournalID, in database: Database
    ) throws {
        try database.cachedStatement(
            sql: "UPDATE assignment SET reverted_by = ? WHERE change_set = ? AND sequence = ?"
        ).execute(
            arguments: [id.description, assignment.changeSet.description, assignment.sequence])
        try database.cachedStatement(
            sql: """
                UPDATE assignment SET reverted_by = NULL
                WHERE reverted_by = ?1 AND EXISTS (
                    SELECT 1 FROM assignment AS back WHERE back.change_set = ?1
                    AND back.sequence = ?2 AND CASE
                        WHEN back.shown IS NULL THEN assignment.shown IS NULL
                            AND (back.attachment, back.field)
                                = (assignment.attachment, assignment.field)
                        ELSE assignment.shown IS NOT NULL
                            AND (back.table_name, back.row_key, back.column_name)
                                = (assignment.table_name, assignment.row_key,
                                    assignment.column_name)
                    END)
                """
        ).execute(arguments: [assignment.changeSet.description, assignment.sequence])
    }
}
