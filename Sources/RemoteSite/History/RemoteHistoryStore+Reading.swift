import Foundation
import GRDB
import Model

extension RemoteHistoryStore {
    func changeSets(limit: Int) throws(MonikerError) -> [RemoteChangeSet] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, created, reverts FROM change_set WHERE site = ?
                    ORDER BY id DESC LIMIT ?
                    """, arguments: [self.site, max(0, limit)])
            return try rows.compactMap { row in
                guard let id = RemoteChangeID(row["id"]) else { return nil }
                var set = RemoteChangeSet(
                    id: id, created: row["created"],
                    reverts: (row["reverts"] as String?).flatMap { RemoteChangeID($0) })
                let counts = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT state, COUNT(*), SUM(reverted_by IS NOT NULL) FROM change
                        WHERE change_set = ? GROUP BY state
                        """, arguments: [id.description])
                for count in counts {
                    guard let state = RemoteChange.State(rawValue: count[0]) else { continue }
                    set.states[state] = count[1]
                    set.reverted += count[2]
                }
                set.attachments =
                    try Int.fetchOne(
                        database,
                        sql: "SELECT COUNT(DISTINCT attachment) FROM change WHERE change_set = ?",
                        arguments: [id.description]) ?? 0
                return set
            }
        }
    }

    func changes(of id: RemoteChangeID) throws(MonikerError) -> [RemoteChange] {
        let site = site
        return try read { database in
            let owner = try String.fetchOne(
                database, sql: "SELECT site FROM change_set WHERE id = ?",
                arguments: [id.description])
            guard let owner else {
                throw MonikerError(
                    .unknownJournal,
                    "no change set \(id) is in the history; list them, or check --home")
            }
            guard owner == site else {
                throw MonikerError(
                    .foreignJournal, "the change set \(id) belongs to the site \(owner)")
            }
            return try Row.fetchAll(
                database, sql: "\(Self.selection) WHERE change_set = ? ORDER BY number",
                arguments: [id.description]
            ).compactMap(Self.change)
        }
    }

    /// What was recorded and not resolved, in order.
    func pending() throws(MonikerError) -> [RemoteChange] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    \(Self.selection) WHERE state = 'pending' AND change_set IN
                        (SELECT id FROM change_set WHERE site = ?) ORDER BY number
                    """, arguments: [self.site]
            ).compactMap(Self.change)
        }
    }

    /// The attachments whose text alternative was last written empty, and stands.
    func decorative() throws(MonikerError) -> Set<Int64> {
        try read { database in
            // With MAX, SQLite takes the other columns from the row that holds it.
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT attachment, after, MAX(number) FROM change
                    WHERE field = 'alt' AND state = 'written' AND reverted_by IS NULL
                        AND change_set IN (SELECT id FROM change_set WHERE site = ?)
                    GROUP BY attachment
                    """,
                arguments: [self.site])
            return Set(rows.filter { ($0[1] as Data).isEmpty }.map { $0[0] as Int64 })
        }
    }

    static let selection = """
        SELECT change_set, attachment, field, before, after, provider, model, state, stored, code,
            message, reverted_by
        FROM change
        """

    /// A row as a value; nil where it says what no version of the program says.
    static func change(_ row: Row) -> RemoteChange? {
        guard let field = MetadataField(rawValue: row["field"]),
            let state = RemoteChange.State(rawValue: row["state"])
        else { return nil }
        func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }
        var source: TextSource?
        if let provider = row["provider"] as String? {
            source =
                (row["model"] as String?).map { .model(provider: provider, model: $0) } ?? .human
        }
        var failure: RemoteChange.Failure?
        if let code = row["code"] as String? {
            failure = RemoteChange.Failure(code: code, message: row["message"] ?? "")
        }
        return RemoteChange(
            changeSet: RemoteChangeID(row["change_set"]),
            attachment: AttachmentID(row["attachment"]),
            field: field, before: text(row["before"]), after: text(row["after"]), source: source,
            state: state, stored: (row["stored"] as Data?).map(text), failure: failure,
            revertedBy: (row["reverted_by"] as String?).flatMap { RemoteChangeID($0) })
    }
}
