import Foundation
import GRDB
import Testing

@testable import Journal

/// Journals whose file moves were rows of a table `WITHOUT ROWID`.
@Suite struct FileMoveMigrationTests {
    private static let lastBefore = "9 compact cell edits"

    /// A journal of before: two change sets and a revert of a part of the first, with rows that were
    /// not added in their order.
    private func journalOfBefore() throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try JournalSchema.migrator.migrate(queue, upTo: Self.lastBefore)
        try queue.write { database in
            for id in ["J2", "J1", "J3"] {
                try database.execute(
                    sql: """
                        INSERT INTO change_set (id, kind, state, created, incarnation, prefix,
                            uploads, keep_old_until, reference_count)
                        VALUES (?, 'rename', 'done', 1, 'i', 'wp_', x'2F', 0, 3)
                        """, arguments: [id])
            }
            for id in ["J2", "J1"] {
                for sequence in (0..<60).reversed() {
                    let isThere = sequence % 4 != 0
                    try database.execute(
                        sql: """
                            INSERT INTO file_move (change_set, sequence, attachment, role, old, new,
                                device, inode, size, mode, owner, grp, modified, links, digest,
                                new_name_existed, old_name, keep_reason, reverted_by)
                            VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                            """,
                        arguments: [
                            id, sequence, sequence / 7, "size:\(sequence)",
                            Data([UInt8(sequence), 0, 255]), Data([1, UInt8(sequence)]),
                            isThere ? 8 : nil, isThere ? sequence : nil, isThere ? 1 << 40 : nil,
                            isThere ? 0o644 : nil, isThere ? 33 : nil, isThere ? 34 : nil,
                            isThere ? -5 : nil, isThere ? 2 : nil,
                            isThere ? Data(repeating: UInt8(sequence % 5), count: 32) : nil,
                            sequence % 2, sequence % 3 == 0 ? "retired" : "alive",
                            sequence % 11 == 0 ? "shared" : nil,
                            id == "J1" && sequence % 6 == 1 ? "J3" : nil,
                        ])
                }
            }
        }
        return queue
    }

    private func rows(_ queue: DatabaseQueue, inOrderOf order: String) throws -> [Row] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM file_move ORDER BY \(order)")
        }
    }

    @Test("every row is there afterwards, in its order, with the indexes that are asked")
    func migrates() throws {
        let queue = try journalOfBefore()
        let before = try rows(queue, inOrderOf: "change_set, sequence")
        #expect(before.count == 120)
        try JournalSchema.migrator.migrate(queue)
        #expect(try rows(queue, inOrderOf: "change_set, sequence") == before)
        #expect(try rows(queue, inOrderOf: "rowid") == before)
        let (wrong, names) = try queue.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check")
                    + String.fetchAll(database, sql: "PRAGMA foreign_key_check"),
                try String.fetchSet(
                    database,
                    sql: "SELECT name FROM sqlite_schema WHERE tbl_name = 'file_move'")
            )
        }
        #expect(wrong == ["ok"])
        #expect(
            names == [
                "file_move", "sqlite_autoindex_file_move_1", "file_move_by_old",
                "file_move_by_attachment", "file_move_waiting", "file_move_by_revert",
            ])
        // Rows still belong to a change set, once.
        for (id, sequence) in [("J9", 1), ("J1", 1)] {
            #expect(throws: DatabaseError.self) {
                try queue.write { database in
                    try database.execute(
                        sql: """
                            INSERT INTO file_move (change_set, sequence, attachment, role, old, new,
                                new_name_existed, old_name) VALUES (?, ?, 1, '', x'00', x'00', 0, '')
                            """, arguments: [id, sequence])
                }
            }
        }
    }

    @Test(
        "what is asked of file moves is found by the index that is meant for it, and in its order",
        arguments: [
            ("WHERE change_set = 'J' ORDER BY sequence", "sqlite_autoindex_file_move_1"),
            ("WHERE change_set = 'J' AND sequence = 3", "sqlite_autoindex_file_move_1"),
            ("WHERE old = x'00' AND change_set > 'J' AND reverted_by IS NULL", "file_move_by_old"),
            (
                "INDEXED BY file_move_waiting WHERE change_set = 'J' AND \(JournalSchema.isWaiting)",
                "file_move_waiting"
            ),
            ("WHERE reverted_by = 'J'", "file_move_by_revert"),
            ("WHERE attachment = 7", "file_move_by_attachment"),
        ])
    func usesIndex(question: String, index: String) throws {
        let plan = try queryPlan(of: "SELECT * FROM file_move " + question)
        #expect(plan.count == 1, "\(plan)")
        #expect(
            plan.allSatisfy { $0.hasPrefix("SEARCH file_move USING INDEX \(index) ") }, "\(plan)")
    }
}
