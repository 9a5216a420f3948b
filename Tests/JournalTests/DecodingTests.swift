import Foundation
import GRDB
import Model
import Testing

@testable import Journal

/// What a damaged journal.sqlite may hold although SQLite can still read it: an error, never a trap
/// and never a guess.
@Suite struct DecodingTests {
    private static var move: Row {
        [
            "sequence": 0, "attachment": 7, "role": "attached", "old": Data("a.jpg".utf8),
            "new": Data("b.jpg".utf8), "device": 1, "inode": 2, "size": 3, "mode": 0o644,
            "owner": 33,
            "grp": 33, "modified": 4, "links": 1, "digest": nil, "new_name_existed": 0,
            "old_name": "alive", "keep_reason": nil, "reverted_by": nil,
        ]
    }

    /// The row with another value in one column.
    private static func move(_ column: String, _ value: (any DatabaseValueConvertible)?) -> Row {
        var columns: [String: (any DatabaseValueConvertible)?] = [:]
        for (name, stored) in move { columns[name] = stored }
        columns[column] = .some(value)
        return Row(columns)
    }

    @Test("a file move of numbers and words that were never written")
    func damagedMoves() throws {
        #expect(try RowCoding.move(Self.move).status?.mode == 0o644)
        let damaged: [(String, any DatabaseValueConvertible)] = [
            ("mode", -1), ("owner", Int64(UInt32.max) + 1), ("grp", Int64.min), ("old_name", "?"),
            ("keep_reason", "?"), ("reverted_by", "J?"), ("digest", Data([1])),
            ("old", Data("../a.jpg".utf8)), ("new", Data()),
        ]
        for (column, value) in damaged {
            #expect(
                fails { () throws(MonikerError) in _ = try RowCoding.move(Self.move(column, value))
                }, "\(column)")
        }
    }

    @Test(
        "splices that overlap, go backwards, end early or are followed by something",
        arguments: [
            [], [1], [1, 5, 1, 1, 65], [0, 0], [2, 5, 1, 0, 65, 4, 1, 0, 65],
            [2, 5, 2, 0, 65, 65, 6, 1, 0, 65],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        ] as [[UInt8]])
    func damagedSplices(bytes: [UInt8]) {
        #expect(fails { () throws(MonikerError) in _ = try SpliceCoding.decode(bytes) })
    }

    @Test("splices are read as they were written")
    func splices() throws {
        let splices: RecordedSplices = [
            RecordedSplice(offset: 0, old: [], new: Array(repeating: 7, count: 300)),
            RecordedSplice(offset: 1 << 40, old: [1, 2], new: []),
            RecordedSplice(offset: 1 << 40 + 2, old: [3], new: [0]),
        ]
        #expect(try SpliceCoding.decode(SpliceCoding.encode(splices)) == splices)
        #expect(try SpliceCoding.decode(SpliceCoding.encode([])) == [])
    }

    @Test("splices in their first form, as earlier versions wrote them, are read")
    func splicesInFirstForm() throws {
        #expect(try SpliceCoding.decode([0]) == [])
        #expect(
            try SpliceCoding.decode([2, 5, 1, 2, 65, 66, 67, 9, 0, 1, 68]) == [
                RecordedSplice(offset: 5, old: [65], new: [66, 67]),
                RecordedSplice(offset: 9, old: [], new: [68]),
            ])
    }

    @Test("what a value names again takes a few bytes", arguments: [1, 40, 1000])
    func repeatedSplices(files: Int) throws {
        var splices: [RecordedSplice] = []
        for number in 0..<3000 {
            let size = "-\(number % files)x200.jpg"
            splices.append(
                RecordedSplice(
                    offset: 90 * number, old: Array("holiday-in-the-mountains\(size)".utf8),
                    new: Array("two-goats-on-a-meadow\(size)".utf8)))
        }
        let recorded = RecordedSplices(splices)
        let bytes = SpliceCoding.encode(recorded)
        #expect(try SpliceCoding.decode(bytes) == recorded)
        #expect(bytes.count < 3000 * 40, "\(bytes.count)")
    }

    @Test(
        "splices in their second form that are damaged",
        arguments: [
            // Nothing was written before; more is shared than there was; the run ends early.
            [0, 1, 5, 1], [0, 1, 5, 0, 1, 0, 0, 0], [0, 1, 5, 0, 0, 2, 65],
            // Something follows; only one was written before.
            [0, 1, 5, 0, 0, 1, 65, 0, 0, 7], [0, 2, 5, 0, 0, 1, 65, 0, 0, 1, 2],
        ] as [[UInt8]])
    func damagedSharedSplices(bytes: [UInt8]) {
        #expect(fails { () throws(MonikerError) in _ = try SpliceCoding.decode(bytes) })
    }

    @Test("lists of paths are read as they were written, and in their first form")
    func paths() throws {
        let paths = [
            try MediaPath("2024/05/a-1.jpg"), try MediaPath("2024/05/a.jpg"), try MediaPath("b"),
        ]
        #expect(try RowCoding.decodePaths(Data(RowCoding.encode(paths))) == paths)
        #expect(
            try RowCoding.decodePaths(Data("2024/05/a-1.jpg\0b\0".utf8)) == [paths[0], paths[2]])
        #expect(try RowCoding.decodePaths(Data(RowCoding.encode([]))) == [])
    }

    @Test("a damaged record of an edit is not followed")
    func revertsOnlyWhatIsThere() {
        let splices: RecordedSplices = [RecordedSplice(offset: 2, old: [9], new: [1, 2])]
        #expect(splices.reverted([0, 0, 1, 2, 3]) == [0, 0, 9, 3])
        #expect(splices.reverted([0, 0, 1, 3, 3]) == nil)
        #expect(splices.reverted([0, 0, 1]) == nil)
        let backwards: RecordedSplices = [
            RecordedSplice(offset: 4, old: [], new: [1]),
            RecordedSplice(offset: 0, old: [], new: [1]),
        ]
        #expect(backwards.reverted([1, 1, 1, 1, 1, 1, 1]) == nil)
    }

    @Test(
        "a row's key that was never written is an error, not another row's key",
        arguments: [
            ("integer", "7x"), ("real", "a"), ("text-hex", "f"), ("blob-hex", "f0g"), ("date", "1"),
            ("null", "1"), ("text-hex", "é"),
        ])
    func damagedKeys(kind: String, value: String) {
        let text =
            #"{"parts":[{"column":"ID","kind":"\#(kind)","value":"\#(value)"}],"primary":true}"#
        #expect(fails { () throws(MonikerError) in _ = try RowKeyCoding.decode(text) })
    }

    @Test("keys of every type are read as they were written")
    func keys() throws {
        let values: [SQLValue] = [
            .null, .integer(.min), .real(-1.5e300), .text(Array("é\"\\".utf8)), .text([0xFF, 0]),
            .blob([]), .blob([0, 0xAB]),
        ]
        let key = RowKey(
            parts: values.map { RowKey.Part(column: "c", value: $0) }, isPrimary: false)
        #expect(try RowKeyCoding.decode(RowKeyCoding.encode(key)) == key)
    }

    @Test(
        "a key of one integer is read in its first form, whatever its column is called",
        arguments: [
            "ID", "umeta_id", "a\"b", "größe", "a/b", "", "a\\", "\",\"kind\":\"real", "a=1", "{",
            "=",
        ],
        [true, false])
    func integerKeys(column: String, isPrimary: Bool) throws {
        for number in [0, 7, -7, .max, .min] as [Int64] {
            let key = RowKey(
                parts: [RowKey.Part(column: column, value: .integer(number))], isPrimary: isPrimary)
            let object: [String: Any] = [
                "primary": isPrimary,
                "parts": [["column": column, "kind": "integer", "value": String(number)]],
            ]
            let first = String(
                decoding: try JSONSerialization.data(
                    withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]),
                as: UTF8.self)
            let isShort = isPrimary && ["ID", "umeta_id"].contains(column)
            let text = try RowKeyCoding.encode(key)
            #expect(text == (isShort ? "\(column)=\(number)" : first))
            for form in [text, first] {
                let read = try RowKeyCoding.decode(form)
                let current = try RowKeyCoding.current(form)
                #expect(read == key && current == text)
            }
            // As the migration says it in SQL.
            let migrated = try DatabaseQueue().read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT \(PlainRowKey.shortened("key")) FROM (SELECT ? AS key)",
                    arguments: [first])
                    + String.fetchAll(
                        database,
                        sql: "SELECT \(PlainRowKey.shortened("key")) FROM (SELECT ? AS key)",
                        arguments: [text])
            }
            #expect(migrated == [text, text])
        }
    }

    @Test("keys of other types and of more than one column stay as they are stored")
    func otherKeys() throws {
        let keys = [
            [("a", SQLValue.text(Array("7".utf8)))], [("a", .blob([7]))], [("a", .null)],
            [("a", .real(7))], [("a", .integer(7)), ("b", .integer(8))], [],
        ].map { parts in
            RowKey(parts: parts.map { RowKey.Part(column: $0, value: $1) }, isPrimary: true)
        }
        for key in keys {
            let text = try RowKeyCoding.encode(key)
            let migrated = try DatabaseQueue().read { database in
                try String.fetchOne(
                    database,
                    sql: "SELECT \(PlainRowKey.shortened("key")) FROM (SELECT ? AS key)",
                    arguments: [text])
            }
            #expect(text.hasPrefix("{") && migrated == text)
        }
    }

    @Test(
        "the short form of a key that was never written is an error",
        arguments: [
            "ID=+7", "ID=07", "ID=", "ID= 7", "ID=9223372036854775808", "ID=-0", "=7", "I D=7",
            "ID",
            "", "ID=7=7", "ID=7 ", "a-b=7", "größe=7",
        ])
    func strangeKeys(text: String) {
        #expect(fails { () throws(MonikerError) in _ = try RowKeyCoding.decode(text) })
    }

    @Test(
        "lists of paths that were never written", arguments: ["a.jpg", "a.jpg\0\0", "../a\0", "\0"])
    func damagedPaths(text: String) {
        #expect(fails { () throws(MonikerError) in _ = try RowCoding.decodePaths(Data(text.utf8)) })
    }

    /// Whether the work ends with `journal-unusable`.
    private func fails(_ body: () throws(MonikerError) -> Void) -> Bool {
        do throws(MonikerError) {
            try body()
            return false
        } catch {
            return error.code == .journalUnusable
        }
    }
}
