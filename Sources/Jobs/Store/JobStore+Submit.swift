import GRDB
public import Model

extension JobStore {
    /// Puts a job into the queue.
    ///
    /// With a key that was used before, the job of that time is returned, whatever the rest says.
    ///
    /// - Throws: `invalid-argument` for options that the kind does not take; `queue-full` when too
    ///   many jobs wait already; `jobs-unusable`. Nothing is queued then.
    public func submit(_ submission: JobSubmission) throws(MonikerError) -> Job {
        try submission.options.check(for: submission.kind)
        return try write { database in
            if let key = submission.key,
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM job WHERE key = ?", arguments: [key])
            {
                return try Job(row)
            }
            return try insert(submission, into: database)
        }
    }

    /// Adds a job within a transaction.
    func insert(
        _ submission: JobSubmission, schedule: String? = nil, into database: Database
    ) throws -> Job {
        try requireRoom(database)
        try database.execute(
            sql: """
                INSERT INTO job (id, kind, origin, priority, state, options, key, schedule, created,
                    total)
                VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)
                """,
            arguments: [
                newID("B"), submission.kind.rawValue, submission.origin.rawValue,
                submission.priority, submission.options.json, submission.key, schedule,
                clock.wall(),
                submission.options.attachments?.count ?? submission.options.names?.count ?? 0,
            ])
        let sequence = database.lastInsertedRowID
        try database.tell(sequence)
        guard let job = try database.job(sequence) else {
            preconditionFailure("a row that was inserted is not there")
        }
        return job
    }

    /// - Throws: `queue-full` where a further job would be one too many.
    func requireRoom(_ database: Database) throws {
        let active =
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM job WHERE state IN ('queued', 'running', 'paused')") ?? 0
        guard active < policy.mostJobs else {
            throw MonikerError(
                .queueFull,
                "\(active) jobs wait already and no more are taken: let some end, or cancel some",
                details: ["jobs": "\(active)"])
        }
    }
}
