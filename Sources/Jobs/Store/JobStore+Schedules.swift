import GRDB
public import Model

/// A job that is submitted again and again.
public struct JobSchedule: Encodable, Hashable, Sendable {
    /// The id: `S` and 16 characters.
    public var id: String
    /// What the jobs do.
    public var kind: JobKind
    /// What exactly.
    public var options: JobOptions
    /// The priority of the jobs.
    public var priority: Int
    /// When: a cron expression of five fields, in UTC.
    public var cron: String
    /// When the next one is submitted, in seconds since 1970; nil: never.
    public var next: Int64?
    /// The newest job of it.
    public var lastJob: String?

    private enum CodingKeys: String, CodingKey {
        case id, kind, options, priority, cron, next
        case lastJob = "last_job"
    }
}

extension JobStore {
    /// Submits a job again and again, from the next time on that a cron expression names.
    ///
    /// Times that pass while no worker runs are made up for by one job, not by many. While the last
    /// job of a schedule has not ended, no further one is made.
    ///
    /// - Throws: `invalid-argument` for an expression that is none or names no time, and for options
    ///   that the kind does not take; `queue-full`; `jobs-unusable`, `busy`.
    public func schedule(
        _ submission: JobSubmission, cron text: String
    ) throws(MonikerError) -> JobSchedule {
        try submission.options.check(for: submission.kind)
        let cron = try CronExpression(parsing: text)
        guard let next = cron.next(after: clock.wall()) else {
            throw MonikerError(
                .invalidArgument,
                "the cron expression \"\(displayText(text.utf8))\" names a day that never comes")
        }
        return try write { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM schedule") ?? 0
            guard count < policy.mostJobs else {
                throw MonikerError(
                    .queueFull, "there are \(count) schedules already: remove one first")
            }
            let id = newID("S")
            try database.execute(
                sql: """
                    INSERT INTO schedule (id, kind, options, priority, cron, created, next)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, submission.kind.rawValue, submission.options.json, submission.priority,
                    text, clock.wall(), next,
                ])
            return JobSchedule(
                id: id, kind: submission.kind, options: submission.options,
                priority: submission.priority, cron: text, next: next)
        }
    }

    /// All schedules, oldest first.
    ///
    /// - Throws: `jobs-unusable`.
    public func schedules() throws(MonikerError) -> [JobSchedule] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM schedule ORDER BY sequence")
                .compactMap { try Self.schedule($0) }
        }
    }

    /// Removes a schedule; the jobs that it has made stay.
    ///
    /// - Throws: `unknown-schedule`; `jobs-unusable`, `busy`.
    public func unschedule(_ id: String) throws(MonikerError) {
        try write { database in
            try database.execute(sql: "DELETE FROM schedule WHERE id = ?", arguments: [id])
            guard database.changesCount == 1 else {
                throw MonikerError(
                    .unknownSchedule,
                    "there is no schedule \"\(displayText(id.utf8))\": `moniker jobs schedules` lists them",
                    details: ["schedule": displayText(id.utf8)])
            }
        }
    }

    /// Makes jobs of the schedules that are due.
    func queueScheduled(_ database: Database) throws {
        let now = clock.wall()
        for row in try Row.fetchAll(
            database, sql: "SELECT * FROM schedule WHERE next <= ? ORDER BY sequence",
            arguments: [now])
        {
            guard let schedule = try Self.schedule(row) else { continue }
            var last = schedule.lastJob
            if try !isWorking(last, database) {
                do {
                    last = try insert(
                        JobSubmission(
                            schedule.kind, schedule.options, origin: .schedule,
                            priority: schedule.priority), schedule: schedule.id, into: database
                    ).id
                } catch let error as MonikerError where error.code == .queueFull {
                    // It stays due.
                    continue
                }
            }
            try database.execute(
                sql: "UPDATE schedule SET next = ?, last_job = ? WHERE id = ?",
                arguments: [
                    try CronExpression(parsing: schedule.cron).next(after: now), last, schedule.id,
                ])
        }
    }

    private func isWorking(_ id: String?, _ database: Database) throws -> Bool {
        guard let id,
            let state = try String.fetchOne(
                database, sql: "SELECT state FROM job WHERE id = ?", arguments: [id])
        else { return false }
        return JobState(rawValue: state)?.isFinal == false
    }

    private static func schedule(_ row: Row) throws -> JobSchedule? {
        guard let kind = JobKind(rawValue: row["kind"]) else { return nil }
        return JobSchedule(
            id: row["id"], kind: kind,
            options: try JobOptions(parsing: (row["options"] as String).utf8),
            priority: row["priority"], cron: row["cron"], next: row["next"],
            lastJob: row["last_job"])
    }
}
