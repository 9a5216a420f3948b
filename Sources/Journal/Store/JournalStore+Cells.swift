import Foundation
import GRDB
public import Model

extension JournalStore {
    /// The edits of a change set that left these cells with these contents, by content, last first.
    ///
    /// A row whose key is one integer is searched by it: such edits lie in the journal in the order in
    /// which a revert asks for them, and digests all over it. Any other is searched by the digest.
    public func cellEdits(
        of id: JournalID, leaving cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest: [CellEditRecord]] {
        let plain = Self.plainKeys(of: cells.lazy.map(\.address))
        let others = Set(cells.lazy.filter { PlainRowKey($0.address.key) == nil }.map(\.digest))
        let wanted = Dictionary(cells.map { ($0.digest, [$0.address]) }, uniquingKeysWith: +)
        var found: [CellEditRecord] = []
        try read { database in
            for (table, keys) in plain {
                found += try RowCoding.cellEdits(
                    try Row.fetchCursor(
                        database.cachedStatement(sql: Self.editsOfRows),
                        arguments: [id.description, table, Self.list(keys)]))
            }
            try Self.appendEdits(of: id, leaving: Array(others), to: &found, database)
        }
        var edits: [ContentDigest: [CellEditRecord]] = [:]
        for edit in found
        where wanted[edit.after]?.contains(where: edit.address.isKnownAs) == true {
            edits[edit.after, default: []].append(edit)
        }
        return edits.mapValues { found in
            found.count == 1 ? found : found.sorted { $0.sequence > $1.sequence }
        }
    }

    /// What cells held before the last rewriting of a change set left them with these contents; nil
    /// for rows whose key is not one integer.
    public func contents(
        before id: JournalID, left cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest?] {
        var before: [CellContent: ContentDigest] = [:]
        try read { database in
            for (table, keys) in Self.plainKeys(of: cells.lazy.map(\.address)) {
                let rows = try Row.fetchCursor(
                    database.cachedStatement(sql: Self.contentsOfRows),
                    arguments: [id.description, table, Self.list(keys)])
                while let row = try rows.next() {
                    let content = CellContent(
                        table: table, key: row[0], column: row[1],
                        digest: try RowCoding.digest(row[3]))
                    before[content] = try RowCoding.digest(row[2])
                }
            }
        }
        return cells.map { address, digest in
            PlainRowKey(address.key).flatMap {
                before[
                    CellContent(
                        table: address.table, key: $0.text, column: address.column, digest: digest)]
            }
        }
    }

    /// What a cell of a row with a plain key was left with.
    private struct CellContent: Hashable {
        var table: String
        var key: String
        var column: String
        var digest: ContentDigest
    }

    /// The plain keys of some cells, by table.
    private static func plainKeys(of addresses: some Sequence<CellAddress>) -> [String: Set<String>]
    {
        var keys: [String: Set<String>] = [:]
        for address in addresses {
            guard let key = PlainRowKey(address.key) else { continue }
            keys[address.table, default: []].insert(key.text)
        }
        return keys
    }

    /// Plain keys as a JSON list; they have nothing that JSON would escape.
    private static func list(_ keys: Set<String>) -> String {
        "[\"" + keys.joined(separator: "\",\"") + "\"]"
    }

    /// Reads the edits of rows without a plain key that left one of these contents.
    private static func appendEdits(
        of id: JournalID, leaving digests: [ContentDigest], to found: inout [CellEditRecord],
        _ database: Database
    ) throws {
        for start in stride(from: 0, to: digests.count, by: Self.digestsAtOnce) {
            let some = digests[start..<min(start + Self.digestsAtOnce, digests.count)]
            found += try RowCoding.cellEdits(
                try Row.fetchCursor(
                    database, sql: Self.editsLeaving(count: some.count),
                    arguments: StatementArguments([id.description])
                        + StatementArguments(some.map { RowCoding.blob($0.bytes) })))
        }
    }

    /// How many digests are looked up in one statement.
    private static let digestsAtOnce = 500

    // Indexes are named, because SQLite would rather search the whole change set in its order.

    /// The edits of a change set and a table whose rows have one of a JSON list of plain keys.
    static let editsOfRows = """
        SELECT * FROM cell_edit INDEXED BY cell_edit_by_row
        WHERE change_set = ? AND table_name = ? AND \(JournalSchema.hasPlainKey)
            AND row_key IN (SELECT value FROM json_each(?))
        """

    /// The contents before and after of such edits, but for those of texts; rows of one key in their
    /// order.
    static let contentsOfRows = """
        SELECT row_key, column_name, before, after FROM cell_edit INDEXED BY cell_edit_by_row
        WHERE change_set = ? AND table_name = ? AND \(JournalSchema.hasPlainKey)
            AND row_key IN (SELECT value FROM json_each(?)) AND assignment IS NULL
        ORDER BY sequence
        """

    /// The edits of a change set whose rows have no plain key and that left one of some contents.
    static func editsLeaving(count: Int) -> String {
        """
        SELECT * FROM cell_edit INDEXED BY cell_edit_by_after
        WHERE change_set = ? AND NOT (\(JournalSchema.hasPlainKey))
            AND after IN (\(Array(repeating: "?", count: count).joined(separator: ",")))
        """
    }
}
