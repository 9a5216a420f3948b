import Model
import Testing

@testable import Journal

/// Which edits the journal finds for cells and what they hold.
@Suite struct CellLookupTests {
    private static let id = JournalID(milliseconds: 1_700_000_000_000, random: 7)
    private static let another = JournalID(milliseconds: 1_700_000_000_001, random: 7)

    /// The key of one integer.
    private static func number(_ value: Int64) -> RowKey {
        RowKey(parts: [RowKey.Part(column: "ID", value: .integer(value))], isPrimary: true)
    }

    /// A key of two columns.
    private static func pair(_ value: Int64) -> RowKey {
        RowKey(
            parts: [
                RowKey.Part(column: "object", value: .integer(value)),
                RowKey.Part(column: "language", value: .text(Array(#"d"e"#.utf8))),
            ], isPrimary: true)
    }

    /// The before-image of a row of a table without a primary key.
    private static func image(_ value: Int64) -> RowKey {
        RowKey(parts: [RowKey.Part(column: "v", value: .integer(value))], isPrimary: false)
    }

    private static func digest(_ number: UInt8) throws -> ContentDigest {
        try #require(ContentDigest(bytes: Array(repeating: number, count: 32)))
    }

    private static func cell(
        _ key: RowKey, in table: String = "wp_posts", _ column: String = "post_content"
    ) -> CellAddress {
        CellAddress(table: table, key: key, column: column)
    }

    /// A journal whose change set `id` has left these contents, one edit after the other in two
    /// parts; each edit with the same content and cell is in `another` as well.
    private func withEdits(
        _ edits: [(CellAddress, UInt8)], ofTexts texts: Set<Int> = [],
        _ body: (JournalStore) throws -> Void
    ) throws {
        try withJournal { journal, _ in
            for id in [Self.id, Self.another] {
                try journal.recordIntent(
                    ChangeSetRecord(
                        id: id, kind: .rename, state: .intent, created: 1, incarnation: "i",
                        prefix: "wp_", uploads: [0x2F], reverts: nil, keepOldUntil: 0,
                        references: 0, isLost: false),
                    moves: [], assignments: [], directories: [], findings: [])
                let records = try edits.enumerated().map { sequence, edit in
                    CellEditRecord(
                        sequence: sequence, address: edit.0, isTransactional: true,
                        before: try Self.digest(UInt8(truncatingIfNeeded: 100 + sequence)),
                        after: try Self.digest(edit.1), splices: [], paths: [], references: 1,
                        assignment: texts.contains(sequence) ? 0 : nil)
                }
                let half = records.count / 2
                try journal.recordCells(
                    Array(records[..<half]), findings: [], references: 0, part: 1, of: id)
                try journal.recordCells(
                    Array(records[half...]), findings: [], references: 0, part: 2, of: id)
            }
            try body(journal)
        }
    }

    /// The numbers of the edits that are found, by the number of the content.
    private func edits(
        of cells: [(CellAddress, UInt8)], in journal: JournalStore
    ) throws -> [UInt8: [Int]] {
        let edits = try journal.cellEdits(
            of: Self.id,
            leaving: try cells.map { (address: $0.0, digest: try Self.digest($0.1)) })
        return Dictionary(
            uniqueKeysWithValues: edits.map { ($0.key.bytes[0], $0.value.map(\.sequence)) })
    }

    /// The numbers of the contents before, as they are told; nil where they are not.
    private func contents(
        before cells: [(CellAddress, UInt8)], in journal: JournalStore
    ) throws -> [UInt8?] {
        try journal.contents(
            before: Self.id,
            left: try cells.map { (address: $0.0, digest: try Self.digest($0.1)) }
        ).map { $0?.bytes[0] }
    }

    @Test("an edit is found by its row and what it left, last first, whatever the kind of key")
    func finds() throws {
        for key in [Self.number, Self.pair] as [(Int64) -> RowKey] {
            let first = Self.cell(key(1))
            let second = Self.cell(key(2))
            let all: [(CellAddress, UInt8)] = [
                (first, 1), (second, 2), (first, 3), (second, 4), (first, 1),
            ]
            try withEdits(all) { journal in
                let one = try edits(of: [(first, 1)], in: journal)
                #expect(one == [1: [4, 0]])
                let some = try edits(of: [(first, 3), (second, 2), (second, 9)], in: journal)
                #expect(some == [3: [2], 2: [1]])
                let none = try edits(of: [], in: journal)
                #expect(none.isEmpty)
            }
        }
    }

    @Test("another row, column or table with the same content is another cell")
    func tellsApart() throws {
        for key in [Self.number, Self.pair] as [(Int64) -> RowKey] {
            let cell = Self.cell(key(1))
            let others = [
                Self.cell(key(2)), Self.cell(key(1), "post_excerpt"),
                Self.cell(key(1), in: "wp_postmeta"),
            ]
            try withEdits(others.map { ($0, 1) } + [(cell, 1)]) { journal in
                let own = try edits(of: [(cell, 1)], in: journal)
                #expect(own == [1: [3]])
                for (sequence, other) in others.enumerated() {
                    let found = try edits(of: [(other, 1)], in: journal)
                    #expect(found == [1: [sequence]])
                }
                let two = try edits(of: [(cell, 1), (others[1], 1)], in: journal)
                #expect(two == [1: [3, 1]])
            }
        }
    }

    @Test("a row without a primary key is known by its content, in its table and column")
    func withoutKey() throws {
        let recorded = Self.cell(Self.image(1), in: "wp_log", "message")
        let found = Self.cell(Self.image(2), in: "wp_log", "message")
        let elsewhere = Self.cell(Self.image(1), in: "wp_log", "title")
        try withEdits([(recorded, 1), (elsewhere, 1), (recorded, 2), (recorded, 1)]) { journal in
            let same = try edits(of: [(found, 1)], in: journal)
            #expect(same == [1: [3, 0]])
            let other = try edits(of: [(found, 3)], in: journal)
            #expect(other.isEmpty)
        }
    }

    @Test("thousands of cells are found in one question, of all kinds of keys")
    func findsMany() throws {
        let cells = (0..<3000).map { number in
            let key = [Self.number, Self.pair, Self.image][number % 3](Int64(number))
            return (
                Self.cell(key, in: ["a", "b", "c"][number % 3]), UInt8(truncatingIfNeeded: number)
            )
        }
        try withEdits(cells) { journal in
            let found = try edits(of: cells.filter { $0.1 < 128 }, in: journal)
            for content in UInt8(0)..<128 {
                let expected = Array(cells.indices.filter { cells[$0].1 == content }.reversed())
                #expect(found[content] == expected)
            }
            #expect(found.count == 128)
        }
    }

    @Test("what a cell held before its last rewriting is told where its row's key is an integer")
    func tellsContents() throws {
        let first = Self.cell(Self.number(1))
        let title = Self.cell(Self.number(1), "post_title")
        let second = Self.cell(Self.number(2))
        let pair = Self.cell(Self.pair(1))
        // What was there before each edit is its number and 100.
        try withEdits([(first, 1), (title, 1), (first, 2), (first, 1), (pair, 1), (second, 3)]) {
            journal in
            let before = try contents(
                before: [(first, 1), (second, 1), (title, 1), (first, 2), (pair, 1), (second, 3)],
                in: journal)
            #expect(before == [103, nil, 101, 102, nil, 105])
            let none = try contents(before: [], in: journal)
            #expect(none.isEmpty)
        }
    }

    @Test("an edit that belongs to a text is none that rewriting could have made")
    func leavesTexts() throws {
        let cell = Self.cell(Self.number(1))
        try withEdits([(cell, 1), (cell, 1)], ofTexts: [1]) { journal in
            let before = try contents(before: [(cell, 1)], in: journal)
            #expect(before == [100])
            let found = try edits(of: [(cell, 1)], in: journal)
            #expect(found == [1: [1, 0]])
        }
    }

    @Test("neither question reads more of the journal than it needs")
    func usesIndexes() throws {
        let byRow = try queryPlan(of: JournalStore.editsOfRows)
        #expect(
            byRow.first
                == "SEARCH cell_edit USING INDEX cell_edit_by_row (change_set=? AND table_name=? AND row_key=?)"
        )
        #expect(byRow.filter { $0.contains("cell_edit") }.count == 1, "\(byRow)")
        let contents = try queryPlan(of: JournalStore.contentsOfRows)
        #expect(contents.first == byRow.first)
        #expect(
            try queryPlan(of: JournalStore.editsLeaving(count: 2)) == [
                "SEARCH cell_edit USING INDEX cell_edit_by_after (change_set=? AND after=?)"
            ])
    }
}
