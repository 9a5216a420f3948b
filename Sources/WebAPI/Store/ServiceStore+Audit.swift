import GRDB
import Glibc
import HomeStore
import Jobs
public import Model

/// Who asked for a change.
public struct AuditEntry: Encodable, Hashable, Sendable {
    /// The token's id, or `dashboard`.
    public var caller: String
    /// The token's name.
    public var name: String
    /// The request's id, as in the log.
    public var request: String
    /// When: seconds since 1970.
    public var at: Int64

    init(_ row: Row) {
        caller = row["caller"]
        name = row["name"]
        request = row["request"]
        at = row["at"]
    }

    /// Who asked the service of a home for a change set, or for the job that made it.
    ///
    /// The service may be running.
    ///
    /// - Returns: nil where it was no request of the service.
    /// - Throws: `service-unusable`, `jobs-unusable`.
    public static func asked(
        for journal: JournalID, home: String
    ) throws(MonikerError) -> AuditEntry? {
        let path = home + "/service.sqlite"
        // SAFETY: the C string lives through the call, which only reads it.
        guard unsafe access(path, F_OK) == 0 else { return nil }
        // A home with a service has a queue.
        let job = try JobStore(home: home).job(making: journal)
        return try HomeDatabase(home: home, ServiceStore.file).read {
            try entry(of: journal, job: job, $0)
        }
    }

    /// What is noted of a change set, or else of the job that made it.
    static func entry(
        of journal: JournalID, job: String?, _ database: Database
    ) throws -> AuditEntry? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT * FROM audit
                WHERE journal = ?1 OR (operation = 'job' AND target = ?2)
                ORDER BY journal IS NULL, id LIMIT 1
                """, arguments: [journal.description, job]
        ).map { AuditEntry($0) }
    }
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

    /// Who asked for a change set, or for the job that made it; nil where it was no request of the
    /// service.
    func audit(of journal: JournalID, job: String?) throws(MonikerError) -> AuditEntry? {
        try read { try AuditEntry.entry(of: journal, job: job, $0) }
    }

    /// Notes which job or schedule a request was about, and what came of it.
    func noteJob(_ number: Int64, target: String, outcome: String) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE audit SET target = ?, outcome = ? WHERE id = ?",
                arguments: [target, outcome, number])
        }
    }
}
