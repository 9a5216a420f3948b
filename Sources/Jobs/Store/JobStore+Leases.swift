import GRDB
public import Model

/// What workers do.
extension JobStore {
    /// Gives the caller the next job, if there is one that may begin.
    ///
    /// Uploads whose time has come and schedules that are due become jobs first. A job whose holder
    /// has been silent for too long is given before all others. At most one job that writes runs at
    /// a time, and at most one that only reads.
    ///
    /// - Parameter holder: who asks, for people.
    /// - Returns: nil where nothing is to be done now.
    /// - Throws: `jobs-unusable`, `busy`.
    /// - Complexity: does not grow with the jobs that have ended.
    public func claim(by holder: String) throws(MonikerError) -> JobClaim? {
        try write { database in
            try queueUploads(database)
            try queueScheduled(database)
            let held = try Row.fetchAll(
                database,
                sql: """
                    SELECT kind FROM job
                    WHERE state = 'running' AND lease_boot = ? AND lease_until > ?
                    """, arguments: [clock.boot(), clock.uptime()]
            ).compactMap { JobKind(rawValue: $0["kind"]) }
            let blocked = JobKind.allCases.filter { kind in
                held.contains { $0.writes == kind.writes }
            }.map { "'\($0.rawValue)'" }
            while let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM job
                    WHERE (state = 'queued' AND (not_before IS NULL OR not_before <= ?)
                        OR state = 'running' AND (lease_boot <> ? OR lease_until <= ?))
                        AND kind NOT IN (\(blocked.joined(separator: ",")))
                    ORDER BY state = 'running' DESC, priority DESC, sequence LIMIT 1
                    """, arguments: [clock.wall(), clock.boot(), clock.uptime()])
            {
                if let claim = try take(row, holder, database) { return claim }
            }
            return nil
        }
    }

    private func take(_ row: Row, _ holder: String, _ database: Database) throws -> JobClaim? {
        let job = try Job(row)
        let isTakeover = job.state == .running
        let deaths: Int = row["deaths"] + (isTakeover ? 1 : 0)
        let unsettled = try String.fetchAll(
            database,
            sql: "SELECT journal FROM change_set WHERE job = ? AND outcome IS NULL ORDER BY 1",
            arguments: [job.sequence])
        if deaths >= policy.mostDeaths, unsettled.isEmpty {
            try database.execute(
                sql: """
                    UPDATE job SET state = 'failed', fence = fence + 1, finished = ?, request = NULL,
                        holder = NULL, lease_boot = NULL, lease_until = NULL, eta = NULL,
                        error_code = ?, error_message = ? WHERE sequence = ?
                    """,
                arguments: [
                    clock.wall(), ErrorCode.workerDied.rawValue,
                    "\(deaths) workers in a row have died of this job without coming further: look at their logs, then retry it",
                    job.sequence,
                ])
            try database.tell(job.sequence)
            return nil
        }
        try database.execute(
            sql: """
                UPDATE job SET state = 'running', fence = fence + 1, holder = ?, lease_boot = ?,
                    lease_until = ?, attempts = attempts + 1, deaths = ?, not_before = NULL,
                    error_code = NULL, error_message = NULL, started = coalesce(started, ?)
                WHERE sequence = ?
                """,
            arguments: [
                holder, clock.boot(), leaseEnd, deaths, clock.wall(), job.sequence,
            ])
        try database.tell(job.sequence)
        let fence: Int64 = row["fence"]
        guard let taken = try database.job(job.sequence) else { return nil }
        var retried: [Int64]?
        if taken.isRetry {
            retried = try Int64.fetchAll(
                database,
                sql: """
                    SELECT attachment FROM item WHERE job = ? AND state IN ('queued', 'ready')
                    ORDER BY attachment
                    """, arguments: [job.sequence])
        }
        return JobClaim(
            job: taken,
            lease: JobLease(
                job: job.id, fence: fence + 1, holder: holder, sequence: job.sequence),
            unsettled: unsettled.compactMap { JournalID($0) }, retried: retried)
    }

    /// Says that the holder is alive, and asks what is wanted of it.
    ///
    /// - Returns: what a person wants; nil to go on.
    /// - Throws: `lease-lost`; `jobs-unusable`, `busy`.
    public func renew(_ lease: JobLease) throws(MonikerError) -> JobRequest? {
        try held(lease) { database in
            try database.execute(
                sql: "UPDATE job SET lease_until = ? WHERE sequence = ?",
                arguments: [leaseEnd, lease.sequence])
            return try String.fetchOne(
                database, sql: "SELECT request FROM job WHERE sequence = ?",
                arguments: [lease.sequence]
            ).flatMap { JobRequest(rawValue: $0) }
        }
    }

    /// Writes down how far the job has come and what became of items.
    ///
    /// The counts of the progress are made from the items; those that are given are not looked at.
    ///
    /// - Throws: `lease-lost`; `jobs-unusable`, `busy`.
    public func record(
        _ progress: JobProgress, items: [JobItem] = [], by lease: JobLease
    ) throws(MonikerError) {
        try held(lease) { database in
            try write(items, of: lease.sequence, database, tellsEach: true)
            try database.execute(
                sql: """
                    UPDATE job SET phase = ?, done = ?, total = ?, eta = ?, deaths = 0,
                        lease_until = ? WHERE sequence = ?
                    """,
                arguments: [
                    progress.phase, progress.done, progress.total, progress.etaSeconds, leaseEnd,
                    lease.sequence,
                ])
            try database.tell(lease.sequence)
            try database.execute(
                sql: """
                    DELETE FROM event WHERE job = ?1 AND id <= (
                        SELECT id FROM event WHERE job = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
                    """, arguments: [lease.sequence, policy.keptEvents])
        }
    }

    /// Writes down that the job is about to make a change set, before anything of it exists.
    ///
    /// Whoever takes the job over looks in the journal what became of it, and makes no second one.
    ///
    /// - Throws: `lease-lost`: then nothing may be changed; `cancelled` where a person wants the job
    ///   to stop; `jobs-unusable`, `busy`.
    public func willWrite(_ journal: JournalID, by lease: JobLease) throws(MonikerError) {
        try held(lease) { database in
            let request = try String.fetchOne(
                database, sql: "SELECT request FROM job WHERE sequence = ?",
                arguments: [lease.sequence])
            guard request == nil else {
                throw MonikerError(
                    .cancelled, "job \(lease.job) is to stop: nothing was changed")
            }
            try database.execute(
                sql: "INSERT OR IGNORE INTO change_set (job, journal) VALUES (?, ?)",
                arguments: [lease.sequence, journal.description])
        }
    }

    /// Writes down that a change set was rolled back, or never begun.
    ///
    /// - Throws: `lease-lost`; `jobs-unusable`, `busy`.
    public func setAside(_ journal: JournalID, by lease: JobLease) throws(MonikerError) {
        try held(lease) { database in
            try database.execute(
                sql: "UPDATE change_set SET outcome = 'undone' WHERE job = ? AND journal = ?",
                arguments: [lease.sequence, journal.description])
        }
    }

    /// Ends the job.
    ///
    /// - Throws: `lease-lost`; `jobs-unusable`, `busy`.
    public func complete(
        _ outcome: JobOutcome, by lease: JobLease
    ) throws(MonikerError) -> Job {
        precondition(outcome.state.isFinal, "a job ends in a state that is an end")
        return try held(lease) { database in
            try write(outcome.items, of: lease.sequence, database, tellsEach: true)
            if let rest = outcome.ready {
                let ready = try Int64.fetchAll(
                    database, sql: "SELECT attachment FROM item WHERE job = ? AND state = 'ready'",
                    arguments: [lease.sequence])
                try write(
                    ready.map {
                        JobItem(
                            attachment: $0, state: rest, reason: outcome.error?.code,
                            detail: outcome.error?.message ?? "")
                    }, of: lease.sequence, database, tellsEach: false)
            }
            try settle(outcome.journals, of: lease.sequence, database)
            try leave(
                lease, outcome.state, error: outcome.error, finished: clock.wall(), database)
            try database.execute(
                sql: """
                    UPDATE job SET report = ?, is_retry = 0,
                        total = max(total, done),
                        done = CASE WHEN ? THEN max(total, done) ELSE done END WHERE sequence = ?
                    """,
                arguments: [
                    outcome.report, outcome.state == .done || outcome.state == .partial,
                    lease.sequence,
                ])
            try database.tell(lease.sequence)
            try forgetOld(database)
            guard let job = try database.job(lease.sequence) else {
                preconditionFailure("a job that is held is not there")
            }
            return job
        }
    }

    /// Gives the job back before it has ended.
    ///
    /// - Parameter error: what it waits for; nil where the worker only ends. It may be begun again at once
    ///   then, else after a time that grows with each failed try and not with takeovers.
    /// - Returns: the job: `queued`, or, where a person has asked for it, `paused` or `cancelled`;
    ///   `failed` where it has been tried too often.
    /// - Throws: `lease-lost`; `jobs-unusable`, `busy`.
    public func release(
        _ lease: JobLease, error: MonikerError? = nil
    ) throws(MonikerError) -> Job {
        try held(lease) { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM job WHERE sequence = ?",
                    arguments: [lease.sequence])
            else { preconditionFailure("a job that is held is not there") }
            let job = try Job(row)
            let unsettled =
                try Int.fetchOne(
                    database,
                    sql: "SELECT count(*) FROM change_set WHERE job = ? AND outcome IS NULL",
                    arguments: [lease.sequence]) ?? 0
            // Waiting for another process is no try that failed.
            let isTry = error != nil && error?.code != .busy
            let tries: Int = row["tries"] + (isTry ? 1 : 0)
            let state: JobState =
                switch job.request {
                case .pause: .paused
                // With a change set open, a worker has to look at it first.
                case .cancel: unsettled == 0 ? .cancelled : .queued
                case nil: tries >= policy.mostTries && unsettled == 0 ? .failed : .queued
                }
            let seconds = error == nil ? 0 : isTry ? policy.delay(tries: tries) : policy.busySeconds
            try leave(
                lease, state, error: error.map { Job.Failure($0) },
                finished: state.isFinal ? clock.wall() : nil, database)
            try database.execute(
                sql: "UPDATE job SET tries = ?, not_before = ?, request = ? WHERE sequence = ?",
                arguments: [
                    tries, state == .queued && seconds > 0 ? clock.wall() + seconds : nil,
                    state == .queued ? job.request?.rawValue : nil, lease.sequence,
                ])
            try database.tell(lease.sequence)
            return try database.job(lease.job)
        }
    }

    // MARK: Parts

    /// Nanoseconds of uptime at which a lease that begins now ends.
    private var leaseEnd: Int64 { clock.uptime() + policy.leaseSeconds * 1_000_000_000 }

    /// One transaction of a holder.
    ///
    /// - Throws: `lease-lost` where it is the holder no more, or was silent for too long.
    private func held<Value>(
        _ lease: JobLease, _ body: (Database) throws -> Value
    ) throws(MonikerError) -> Value {
        try write { database in
            let isHolder = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM job WHERE sequence = ? AND fence = ? AND state = 'running'
                        AND lease_boot = ? AND lease_until > ?
                    """,
                arguments: [lease.sequence, lease.fence, clock.boot(), clock.uptime()])
            guard isHolder == 1 else {
                throw MonikerError(
                    .leaseLost,
                    "job \(lease.job) is no longer held by \(lease.holder): it was silent for too long, and another worker goes on with it",
                    details: ["job": lease.job])
            }
            return try body(database)
        }
    }

    /// Writes down which change sets stand, in the transaction that ends the job: whoever takes it
    /// over finds it ended, or its change sets to look at.
    private func settle(_ journals: [JournalID], of sequence: Int64, _ database: Database) throws {
        for journal in journals {
            try database.execute(
                sql: "UPDATE change_set SET outcome = 'done' WHERE job = ? AND journal = ?",
                arguments: [sequence, journal.description])
        }
        try database.execute(
            sql: "UPDATE change_set SET outcome = 'undone' WHERE job = ? AND outcome IS NULL",
            arguments: [sequence])
        guard let newest = journals.last else { return }
        try database.execute(
            sql: "UPDATE job SET journal = ? WHERE sequence = ?",
            arguments: [newest.description, sequence])
    }

    private func leave(
        _ lease: JobLease, _ state: JobState, error: Job.Failure?, finished: Int64?,
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = ?, request = NULL, holder = NULL, lease_boot = NULL,
                    lease_until = NULL, eta = NULL, deaths = 0, finished = ?, error_code = ?,
                    error_message = ? WHERE sequence = ?
                """,
            arguments: [state.rawValue, finished, error?.code, error?.message, lease.sequence])
    }

    /// Writes items, and keeps the counts of the job true.
    private func write(
        _ items: [JobItem], of sequence: Int64, _ database: Database, tellsEach: Bool
    ) throws {
        guard !items.isEmpty else { return }
        let before = try database.makeStatement(
            sql: "SELECT state FROM item WHERE job = ? AND attachment = ?")
        let put = try database.makeStatement(
            sql: "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?)")
        let event = try database.makeStatement(
            sql: "INSERT INTO event (job, kind, data) VALUES (?, 'item', ?)")
        var counts: [String: Int] = [:]
        for item in items {
            if let old = try String.fetchOne(before, arguments: [sequence, item.attachment]) {
                counts[old, default: 0] -= 1
            }
            counts[item.state.rawValue, default: 0] += 1
            try put.execute(arguments: [
                sequence, item.attachment, item.state.rawValue, item.reason, item.detail,
            ])
            if tellsEach { try event.execute(arguments: [sequence, JSON.text(item)]) }
        }
        try database.execute(
            sql: """
                UPDATE job SET applied = applied + ?, review = review + ?, skipped = skipped + ?,
                    failed = failed + ? WHERE sequence = ?
                """,
            arguments: [
                counts["applied"] ?? 0, counts["review"] ?? 0, counts["skipped"] ?? 0,
                counts["failed"] ?? 0, sequence,
            ])
    }

    /// Forgets the oldest jobs that have ended beyond those that are kept.
    private func forgetOld(_ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM job WHERE sequence IN (
                    SELECT sequence FROM job
                    WHERE state IN ('done', 'partial', 'failed', 'cancelled')
                    ORDER BY sequence DESC LIMIT -1 OFFSET ?)
                """, arguments: [policy.keptJobs])
    }
}
