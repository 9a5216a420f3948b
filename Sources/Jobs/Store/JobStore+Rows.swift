import GRDB
import Model

extension Job {
    /// The columns that a job is made of, in the order of `init`.
    static let columns = "*"

    init(_ row: Row) throws {
        let sequence: Int64 = row["sequence"]
        func value<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
            guard let value = Value(rawValue: row[column] as String) else {
                throw MonikerError(
                    .jobsUnusable,
                    "job \(sequence) has a \(column) that this version of moniker does not know: use the newer version"
                )
            }
            return value
        }
        id = row["id"]
        kind = try value("kind")
        state = try value("state")
        request = (row["request"] as String?).flatMap { JobRequest(rawValue: $0) }
        origin = try value("origin")
        priority = row["priority"]
        options = try JobOptions(parsing: (row["options"] as String).utf8)
        progress = JobProgress(
            phase: row["phase"], done: row["done"], total: row["total"], etaSeconds: row["eta"],
            items: JobProgress.Items(
                applied: row["applied"], review: row["review"], skipped: row["skipped"],
                failed: row["failed"]))
        journal = row["journal"]
        let code: String? = row["error_code"]
        error = code.map { Failure(code: $0, message: row["error_message"] ?? "") }
        attempts = row["attempts"]
        schedule = row["schedule"]
        created = row["created"]
        started = row["started"]
        finished = row["finished"]
        notBefore = row["not_before"]
        isRetry = row["is_retry"]
        self.sequence = sequence
        report = row["report"]
    }
}

extension Database {
    /// A job by its id.
    ///
    /// - Throws: `unknown-job`.
    func job(_ id: String) throws -> Job {
        guard
            let row = try Row.fetchOne(self, sql: "SELECT * FROM job WHERE id = ?", arguments: [id])
        else {
            throw MonikerError(
                .unknownJob,
                "there is no job \"\(displayText(id.utf8))\": `moniker jobs` lists them",
                details: ["job": displayText(id.utf8)])
        }
        return try Job(row)
    }

    func job(_ sequence: Int64) throws -> Job? {
        try Row.fetchOne(self, sql: "SELECT * FROM job WHERE sequence = ?", arguments: [sequence])
            .map { try Job($0) }
    }

    /// Writes down that something has happened to a job, as it is now.
    func tell(_ sequence: Int64) throws {
        guard let job = try job(sequence) else { return }
        try execute(
            sql: "INSERT INTO event (job, kind, data) VALUES (?, ?, ?)",
            arguments: [
                sequence,
                (job.state.isFinal ? JobEvent.Kind.end : JobEvent.Kind.progress).rawValue,
                JSON.text(job),
            ])
    }
}
