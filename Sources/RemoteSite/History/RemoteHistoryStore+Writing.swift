import Foundation
import GRDB
import Model

extension RemoteHistoryStore {
    /// Records what is about to be sent; it is on disk when the call returns.
    func record(
        _ changes: [RemoteChange], in id: RemoteChangeID, created: Int64,
        reverting reverted: RemoteChangeID?
    ) throws(MonikerError) {
        try write { database in
            try self.begin(id, created: created, reverting: reverted, database)
            for change in changes {
                var provider: String?
                var model: String?
                switch change.source {
                case .human: provider = "human"
                case .model(let name, let version): (provider, model) = (name, version)
                case nil: break
                }
                try database.execute(
                    sql: """
                        INSERT INTO change (change_set, attachment, field, before, after, provider,
                            model, state)
                        VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')
                        """,
                    arguments: [
                        id.description, change.attachment.rawValue, change.field.rawValue,
                        Data(change.before.utf8), Data(change.after.utf8), provider, model,
                    ])
            }
        }
    }

    /// Writes down what became of recorded changes.
    ///
    /// A change that puts an earlier text back marks the one that it takes back.
    func resolve(_ changes: [RemoteChange]) throws(MonikerError) {
        try write { database in
            for change in changes {
                guard let id = change.changeSet?.description else { continue }
                try database.execute(
                    sql: """
                        UPDATE change SET state = ?, stored = ?, code = ?, message = ?
                        WHERE change_set = ? AND attachment = ? AND field = ?
                        """,
                    arguments: [
                        change.state.rawValue, change.stored.map { Data($0.utf8) },
                        change.failure?.code, change.failure?.message, id,
                        change.attachment.rawValue, change.field.rawValue,
                    ])
                let reverted = try String.fetchOne(
                    database, sql: "SELECT reverts FROM change_set WHERE id = ?", arguments: [id])
                if change.state == .written, let reverted {
                    try Self.mark(change, of: reverted, by: id, database)
                }
            }
        }
    }

    /// Marks changes as taken back whose earlier text the site holds already.
    func settle(
        _ changes: [RemoteChange], in id: RemoteChangeID, created: Int64,
        reverting reverted: RemoteChangeID
    ) throws(MonikerError) {
        guard !changes.isEmpty else { return }
        try write { database in
            try self.begin(id, created: created, reverting: reverted, database)
            for change in changes {
                try Self.mark(change, of: reverted.description, by: id.description, database)
            }
        }
    }

    private func begin(
        _ id: RemoteChangeID, created: Int64, reverting reverted: RemoteChangeID?,
        _ database: Database
    ) throws {
        try database.execute(
            sql:
                "INSERT OR IGNORE INTO change_set (id, site, created, reverts) VALUES (?, ?, ?, ?)",
            arguments: [id.description, site, created, reverted?.description])
    }

    /// Marks a change as taken back; what that one had itself taken back stands again.
    private static func mark(
        _ change: RemoteChange, of reverted: String, by id: String, _ database: Database
    ) throws {
        let row: [any DatabaseValueConvertible] = [
            change.attachment.rawValue, change.field.rawValue,
        ]
        try database.execute(
            sql: """
                UPDATE change SET reverted_by = ?
                WHERE change_set = ? AND attachment = ? AND field = ?
                """, arguments: [id, reverted] + StatementArguments(row))
        try database.execute(
            sql: """
                UPDATE change SET reverted_by = NULL
                WHERE change_set = (SELECT reverts FROM change_set WHERE id = ?)
                    AND reverted_by = ? AND attachment = ? AND field = ?
                """, arguments: [reverted, reverted] + StatementArguments(row))
    }
}
