import GRDB
import Model

/// Who asked for a change.
struct AuditEntry: Encodable, Sendable {
    /// The token's id, or `dashboard`.
    var caller: String
    /// The token's name.
    var name: String
    /// The request's id, as in the log.
    var request: String
    /// When: seconds since 1970.
    var at: Int64
}

extension ServiceStore {
    /// Notes who asks for a change, before it begins; the number of the note.
    func beginAudit(
        _ request: APIRequest, operation: String, target: String
    ) throws(MonikerError) -> Int64 {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO audit (at, caller, name, request, operation, target)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Self.now(), request.caller?.id ?? "", request.caller?.name ?? "", request.id,
                    operation, target,
                ])
            return database.lastInsertedRowID
        }
    }

    /// Notes what came of it.
    func finishAudit(
        _ number: Int64, journal: String?, outcome: String
    ) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE audit SET journal = ?, outcome = ? WHERE id = ?",
                arguments: [journal, outcome, number])
        }
    }

    /// Who asked for a change set; nil where it was no request of the service.
    func audit(of journal: JournalID) throws(MonikerError) -> AuditEntry? {
        try read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM audit WHERE journal = ?",
                arguments: [journal.description]
            ).map {
                AuditEntry(
                    caller: $0["caller"], name: $0["name"], request: $0["request"], at: $0["at"])
            }
        }
    }
}
