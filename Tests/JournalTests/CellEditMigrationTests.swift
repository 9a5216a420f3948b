import Foundation
import GRDB
import Model
import Testing

@testable import Journal

/// Journals whose cell edits were rows of a table `WITHOUT ROWID`.
@Suite struct CellEditMigrationTests {
    private static let lastBefore = "8 shared beginnings"

    /// A journal of before with two change sets, whose rows were not added in their order.
    private func journalOfBefore(rows: Int) throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try JournalSchema.migrator.migrate(queue, upTo: Self.lastBefore)
        try queue.write { database in
            for id in ["J2", "J1"] {
                try database.execute(
                    sql: """
                        INSERT INTO change_set (id, kind, state, created, incarnation, prefix,
                            uploads, keep_old_until, reference_count)
                        VALUES (?, 'rename', 'done', 1, 'i', 'wp_', x'2F', 0, 3)
                        """, arguments: [id])
                for sequence in (0..<rows).reversed() {
                    // The longest rows need pages of their own beside, in both forms.
                    let long = Data(repeating: UInt8(sequence & 255), count: 37 * sequence)
                    try database.execute(
                        sql: """
                            INSERT INTO cell_edit (change_set, sequence, table_name, row_key,
                                column_name, transactional, reference_count, before, after, splices,
                                paths, part, kind, assignment, row)
                            VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                            """,
                        arguments: [
                            id, sequence, "wp_posts",
                            Self.key(sequence).before, "post_content",
                            sequence % 2, sequence, Data([1]), Data([UInt8(sequence % 7)]), long,
                            Data([0, UInt8(sequence & 255)]), 1 + sequence / 50,
                            sequence % 9 == 0 ? "insert" : "rewrite",
                            sequence % 9 == 0 ? sequence / 9 : nil,
                            sequence % 9 == 0 ? #"{"parts":[],"primary":false}"# : nil,
                        ])
                }
            }
            for number in 0..<4 {
                let key = number == 0 ? nil : Self.key(number).before
                try database.execute(
                    sql: """
                        INSERT INTO assignment (change_set, sequence, attachment, field, table_name,
                            row_key, column_name, is_text, paths)
                        VALUES ('J1', ?1, 7, 'title', 'wp_posts', ?2, 'post_title', 1, x'')
                        """, arguments: [number, key])
                try database.execute(
                    sql: """
                        INSERT INTO finding (change_set, sequence, kind, reason, table_name, row_key,
                            detail, count) VALUES ('J1', ?1, 'skipped', '', 'wp_posts', ?2, '', 1)
                        """, arguments: [number, key])
            }
        }
        return queue
    }

    /// Keys of all forms, as they were stored and as they are.
    private static func key(_ number: Int) -> (before: String, after: String) {
        func plain(_ column: String) -> String {
            #"{"parts":[{"column":"\#(column)","kind":"integer","value":"\#(number)"}],"primary":true}"#
        }
        return switch number % 4 {
        case 0: (plain("ID"), "ID=\(number)")
        case 1: (plain("meta_id"), "meta_id=\(number)")
        case 2: (plain("a-b"), plain("a-b"))
        default: (#"{"parts":[],"primary":true}"#, #"{"parts":[],"primary":true}"#)
        }
    }

    private func rows(
        _ queue: DatabaseQueue, inOrderOf order: String = "change_set, sequence"
    ) throws -> [[String: DatabaseValue]] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM cell_edit ORDER BY \(order)").map {
                row in
                Dictionary(uniqueKeysWithValues: row.map { ($0, $1) })
            }
        }
    }

    @Test("every row is there afterwards, in its order, with every index and shorter keys")
    func migrates() throws {
        let queue = try journalOfBefore(rows: 200)
        var expected = try rows(queue)
        #expect(expected.count == 400)
        for index in expected.indices {
            expected[index]["row_key"] = Self.key(index % 200).after.databaseValue
        }
        try JournalSchema.migrator.migrate(queue)
        let after = try rows(queue)
        let stored = try rows(queue, inOrderOf: "rowid")
        #expect(after == expected)
        #expect(stored == expected)
        for table in ["assignment", "finding"] {
            let keys = try queue.read { database in
                try Optional<String>.fetchAll(
                    database, sql: "SELECT row_key FROM \(table) ORDER BY sequence")
            }
            #expect(keys == [nil, Self.key(1).after, Self.key(2).after, Self.key(3).after])
        }
        let (wrong, names) = try queue.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check")
                    + String.fetchAll(database, sql: "PRAGMA foreign_key_check"),
                try String.fetchSet(
                    database,
                    sql:
                        "SELECT name FROM sqlite_schema WHERE name LIKE '%cell\\_edit%' ESCAPE '\\'"
                )
            )
        }
        #expect(wrong == ["ok"])
        #expect(
            names == [
                "cell_edit", "cell_edit_by_after", "cell_edit_by_row", "cell_edit_by_part",
                "cell_edit_by_assignment", "sqlite_autoindex_cell_edit_1",
            ])
        // Rows still belong to a change set, once.
        for (id, sequence) in [("J3", 1), ("J1", 1)] {
            #expect(throws: DatabaseError.self) {
                try queue.write { database in
                    try database.execute(
                        sql: """
                            INSERT INTO cell_edit SELECT ?1, ?2, table_name, row_key, column_name,
                                transactional, reference_count, before, after, splices, paths, part,
                                kind, assignment, row FROM cell_edit LIMIT 1
                            """, arguments: [id, sequence])
                }
            }
        }
    }

    @Test("rows of a thousand bytes fill their pages")
    func fillsPages() throws {
        let queue = try DatabaseQueue()
        try JournalSchema.migrator.migrate(queue)
        let id = JournalID(milliseconds: 1, random: 2)
        let edits = (0..<1000).map { number in
            CellEditRecord(
                sequence: number,
                address: CellAddress(
                    table: "wp_posts",
                    key: RowKey(
                        parts: [RowKey.Part(column: "ID", value: .integer(Int64(number)))],
                        isPrimary: true), column: "post_content"),
                isTransactional: true, before: ContentDigest(of: number),
                after: ContentDigest(of: -number),
                splices: [
                    RecordedSplice(offset: 0, old: [], new: Array(repeating: 7, count: 900))
                ],
                paths: [], references: 1)
        }
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            try RowCoding.insert(edits, of: id, part: 1, into: database)
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            // Three rows a page; as they were stored before it was 5 MB.
            #expect(pages < 410, "\(pages)")
        }
    }

    @Test(
        "what is asked of cell edits is found by the index that is meant for it, and in its order",
        arguments: [
            ("WHERE change_set = 'J' ORDER BY sequence", "sqlite_autoindex_cell_edit_1"),
            ("WHERE change_set = 'J' AND part > 3 ORDER BY part, sequence", "cell_edit_by_part"),
            ("WHERE change_set = 'J' AND part <= 3", "cell_edit_by_part"),
            (
                "INDEXED BY cell_edit_by_part WHERE change_set = 'J' AND part = 3 ORDER BY sequence",
                "cell_edit_by_part"
            ),
            (
                """
                INDEXED BY cell_edit_by_assignment
                WHERE change_set = 'J' AND assignment IS NOT NULL ORDER BY assignment
                """, "cell_edit_by_assignment"
            ),
        ])
    func usesIndex(question: String, index: String) throws {
        let plan = try queryPlan(of: "SELECT * FROM cell_edit " + question)
        #expect(plan.count == 1, "\(plan)")
        #expect(
            plan.allSatisfy { $0.hasPrefix("SEARCH cell_edit USING INDEX \(index) ") }, "\(plan)")
    }
}

extension ContentDigest {
    /// A digest that is as good as any.
    fileprivate init(of number: Int) {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: (number &* 0x9E37_79B9 &+ $0 &* $0)) }
        guard let digest = ContentDigest(bytes: bytes) else { preconditionFailure("32 bytes") }
        self = digest
    }
}
