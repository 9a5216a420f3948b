import Foundation
import GRDB
import Model
import Testing

@testable import Journal

/// Manifests in their third form, and that nothing is read from one that is not whole.
@Suite struct ManifestTests {
    private static let id = JournalID(milliseconds: 1_700_000_000_000, random: 7)

    /// A journal in a folder of its own, with one change set of two parts.
    private func withParts(_ body: (URL) throws -> Void) throws {
        try withJournal { journal, folder in
            try journal.recordIntent(
                ChangeSetRecord(
                    id: Self.id, kind: .rename, state: .intent, created: 1,
                    incarnation: "\"\\\n\u{1}é",
                    prefix: "wp_", uploads: [0xFF, 0, 0x0A], reverts: nil, keepOldUntil: .max,
                    references: 0, isLost: false),
                moves: [], assignments: [],
                directories: [DirectoryTimeRecord(directory: nil, before: -1, after: nil)],
                findings: []
            )
            for part in 1...2 {
                let edits = try (0..<20).map { number in
                    try edit(20 * (part - 1) + number, bytes: number)
                }
                try journal.recordCells(
                    edits, findings: [], references: 20 * part, part: part, of: Self.id)
            }
            try body(folder)
        }
    }

    private func edit(_ sequence: Int, bytes: Int) throws -> CellEditRecord {
        let value: SQLValue =
            sequence % 5 == 0 ? .text(Array("a\"{".utf8)) : .integer(Int64(sequence - 3))
        let digest = try #require(
            ContentDigest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: sequence * 37 + $0) }))
        return CellEditRecord(
            sequence: sequence,
            address: CellAddress(
                table: "wp_posts",
                key: RowKey(parts: [RowKey.Part(column: "ID", value: value)], isPrimary: true),
                column: "post_content"),
            isTransactional: true, before: digest, after: digest,
            splices: bytes == 0
                ? []
                : [
                    RecordedSplice(
                        offset: 3, old: (0..<bytes).map { UInt8(250 - $0 * 11 % 250) }, new: [])
                ],
            paths: try (0..<(bytes % 3)).map { try MediaPath("2024/0\($0 + 1)/a.jpg") },
            references: 1, row: bytes == 7 ? RowKey(parts: [], isPrimary: false) : nil)
    }

    private func rows(_ folder: URL) throws -> [[Row]] {
        let queue = try DatabaseQueue(
            path: folder.appendingPathComponent("journal.sqlite").path)
        return try queue.read { database in
            try ["change_set", "directory_time", "cell_edit"].map {
                try Row.fetchAll(database, sql: "SELECT * FROM \($0) ORDER BY 1, 2")
            }
        }
    }

    @Test("the journal is rebuilt from them, row for row")
    func rebuilds() throws {
        try withParts { folder in
            let before = try rows(folder)
            #expect(before.map(\.count) == [1, 1, 40])
            for suffix in ["", "-wal", "-shm"] {
                try FileManager.default.removeItem(
                    at: folder.appendingPathComponent("journal.sqlite" + suffix))
            }
            let path = folder.appendingPathComponent("journal.sqlite").path
            #expect(try JournalStore.rebuild(path: path)?.changeSets == 1)
            let after = try rows(folder)
            #expect(after == before)
        }
    }

    @Test("an intent that a crash of another process left goes, also where a journal stays open")
    func abandonedIntent() throws {
        try withJournal { journal, folder in
            let manifests = folder.appendingPathComponent("manifests")
            for number in 1...3 as ClosedRange<UInt64> {
                let abandoned = JournalID(milliseconds: 1_700_000_001_000 + number, random: 7)
                let file = manifests.appendingPathComponent("\(abandoned).intent.json")
                if number > 1 {
                    try Data("{}".utf8).write(to: file)
                    // Files made within a tick of the clock are of one time to the kernel.
                    try FileManager.default.setAttributes(
                        [.modificationDate: Date(timeIntervalSinceNow: Double(10 * number))],
                        ofItemAtPath: manifests.path)
                }
                let id = JournalID(milliseconds: 1_700_000_000_000 + number, random: 7)
                try journal.recordIntent(
                    ChangeSetRecord(
                        id: id, kind: .rename, state: .intent, created: 1, incarnation: "i",
                        prefix: "wp_", uploads: [0x2F], reverts: nil, keepOldUntil: 0,
                        references: 0, isLost: false),
                    moves: [], assignments: [], directories: [], findings: [])
                try journal.setState(.done, of: id)
                let names = try FileManager.default.contentsOfDirectory(atPath: manifests.path)
                #expect(names.count == 2 * Int(number), "\(names)")
                #expect(!names.contains(file.lastPathComponent))
            }
        }
    }

    @Test("another reader of JSON and base64 finds the same in them")
    func isPlainJSON() throws {
        try withParts { folder in
            let name = ManifestName(changeSet: Self.id, kind: .cells(2)).text
            let text = try String(
                contentsOf: folder.appendingPathComponent("manifests/" + name), encoding: .utf8)
            let lines = try text.split(separator: "\n").map {
                try JSONSerialization.jsonObject(with: Data($0.utf8))
            }
            let head = try #require(lines[3] as? [String: Any])
            let columns = try #require(head["columns"] as? [String])
            #expect(head["table"] as? String == "cell_edit")
            #expect(head["base64"] as? [String] == ["before", "after", "splices", "paths"])
            let stored = try rows(folder)[2].suffix(20)
            for (line, row) in zip(lines[4...], stored) {
                let values = try #require(line as? [Any])
                #expect(values.count == columns.count)
                for (column, value) in zip(columns, values) {
                    let expected: DatabaseValue = row[column]
                    switch expected.storage {
                    case .null: #expect(value is NSNull)
                    case .int64(let number): #expect(value as? Int64 == number)
                    case .string(let text): #expect(value as? String == text)
                    case .blob(let data):
                        #expect(Data(base64Encoded: try #require(value as? String)) == data)
                    case .double: Issue.record("there are none")
                    }
                }
            }
            let last = try #require(lines.last as? [String: Int])
            #expect(last == ["rows": 21, "tables": 2] && lines.count == 25)
        }
    }

    @Test("one that is cut off anywhere, or lacks any of its lines, is refused")
    func incomplete() throws {
        try withParts { folder in
            let name = ManifestName(changeSet: Self.id, kind: .cells(1)).text
            let whole = Array(
                try Data(contentsOf: folder.appendingPathComponent("manifests/" + name)))
            #expect(try ManifestRows(whole, named: name).items.count == 21)
            let ends = Array(stride(from: 0, to: whole.count - 60, by: 31))
            for count in ends + Array((whole.count - 60)..<(whole.count - 1)) {
                #expect(isRefused(Array(whole[..<count])), "\(count) bytes")
            }
            let lines = whole.split(separator: UInt8(ascii: "\n"))
            for index in lines.indices {
                var rest = lines
                rest.remove(at: index)
                #expect(
                    isRefused(Array(rest.joined(separator: [UInt8(ascii: "\n")]))), "line \(index)")
            }
        }
    }

    private static func manifest(_ lines: String...) -> [UInt8] {
        let head = #"{"format":"moniker-manifest","version":3}"#
        return Array(([head] + lines).joined(separator: "\n").utf8)
    }

    private static let table = #"{"table":"t","columns":["a","b"],"base64":["b"]}"#

    @Test(
        "one with values that were never written is refused",
        arguments: [
            #"[1]"#, #"[1,"AQID",2]"#, #"[1,2]"#, #"[1,"AQI"]"#, #"[1,"AQJ="]"#, #"[1,"AQ"]"#,
            #"[1,"A*ID"]"#, #"[1," QID"]"#, #"[1,"AQID\n"]"#, #"[1,{"hex":"01"}]"#,
            #"[{"hex":"01"},null]"#, #"[1.5,null]"#, #"[true,null]"#, #"[[],null]"#, "[1,null",
            #"{"table":"t","row":{"a":1}}"#,
        ])
    func strangeValues(row: String) {
        let end = #"{"rows":1,"tables":1}"#
        #expect(!isRefused(Self.manifest(Self.table, #"[1,"AQID"]"#, end)))
        #expect(isRefused(Self.manifest(Self.table, row, end)))
    }

    @Test(
        "one whose lines do not fit together is refused",
        arguments: [
            (table, #"{"rows":1,"tables":2}"#), (table, #"{"rows":2,"tables":1}"#),
            (table, #"{"rows":1}"#),
            (#"{"table":"t","columns":["a","a"],"base64":[]}"#, #"{"rows":1,"tables":1}"#),
            (#"{"table":"t","columns":["a","b"],"base64":["c"]}"#, #"{"rows":1,"tables":1}"#),
            (#"{"table":"t","columns":["a","b"]}"#, #"{"rows":1,"tables":1}"#),
        ])
    func strangeLines(table: String, end: String) {
        #expect(isRefused(Self.manifest(table, #"[1,null]"#, end)))
    }

    @Test("base64 is what others write, and read only where it is that exactly")
    func base64() throws {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 89 + count * 57) }
            var letters: [UInt8] = [7]
            // SAFETY: the bytes are used within the call.
            unsafe bytes.withUnsafeBytes { unsafe Base64.append($0, to: &letters) }
            #expect(letters.removeFirst() == 7)
            let text = String(decoding: letters, as: UTF8.self)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(Base64.bytes(text) == bytes)
        }
        for first in 0..<4096 {
            let bytes = [UInt8(first >> 4), UInt8(first << 4 & 0xF0 | 5), 0xC3]
            #expect(Base64.bytes(Data(bytes).base64EncodedString()) == bytes)
        }
        for text in [
            "A", "AA", "AAA", "A===", "====", "AA=A", "AB==", "AAB=", "AAAA=", "AAAA====",
            "AA==AAAA",
            "AA_-", "AA A", "AAA\n", "ééé", "AAAé",
        ] {
            #expect(Base64.bytes(text) == nil, "\(text)")
        }
    }

    private func isRefused(_ bytes: [UInt8]) -> Bool {
        do throws(MonikerError) {
            _ = try ManifestRows(bytes, named: "m")
            return false
        } catch {
            return error.code == .journalLost
        }
    }
}
