import GRDB
public import Model

/// What people do with a job.
extension JobStore {
    /// Stops a job so that `resume` can go on with it.
    ///
    /// A job that a worker holds stops at the next place where it can: until then it is `running`
    /// with the request `pause`. A paused one stays as it is.
    ///
    /// - Throws: `unknown-job`; `job-state` for one that has ended or is to be cancelled.
    public func pause(_ id: String) throws(MonikerError) -> Job {
        try change(id) { job, database in
            switch job.state {
            case .queued where job.request != .cancel: try set(.paused, job, database)
            case .running where job.request != .cancel:
                try ask(.pause, job, database)
            case .paused: return
            case .queued, .running, .done, .partial, .failed, .cancelled:
                throw Self.refusal(job, "paused")
            }
        }
    }

    /// Lets a paused job go on, or takes back a request to pause.
    ///
    /// One that waits or runs already stays as it is.
    ///
    /// - Throws: `unknown-job`; `job-state` for one that has ended or is to be cancelled.
    public func resume(_ id: String) throws(MonikerError) -> Job {
        try change(id) { job, database in
            switch job.state {
            case .paused:
                try database.execute(
                    sql: """
                        UPDATE job SET state = 'queued', not_before = NULL, error_code = NULL,
                            error_message = NULL WHERE sequence = ?
                        """, arguments: [job.sequence])
            case .running where job.request == .pause:
                try database.execute(
                    sql: "UPDATE job SET request = NULL WHERE sequence = ?",
                    arguments: [job.sequence])
            case .queued where job.request == nil, .running where job.request == nil: return
            case .queued, .running, .done, .partial, .failed, .cancelled:
                throw Self.refusal(job, "resumed")
            }
        }
    }

    /// Ends a job for good; what it has committed stays and can be reverted.
    ///
    /// A job that a worker holds ends at the next place where it can; where its change is committed
    /// by then, it ends as `done` or `partial`. A cancelled one stays as it is.
    ///
    /// - Throws: `unknown-job`; `job-state` for one that has ended in another way.
    public func cancel(_ id: String) throws(MonikerError) -> Job {
        try change(id) { job, database in
            switch job.state {
            case .queued, .paused:
                // What an earlier holder may have committed has to be looked at first.
                if try isSettled(job, database) {
                    try set(.cancelled, job, database)
                } else {
                    try database.execute(
                        sql: """
                            UPDATE job SET state = 'queued', request = 'cancel', not_before = NULL
                            WHERE sequence = ?
                            """, arguments: [job.sequence])
                }
            case .running: try ask(.cancel, job, database)
            case .cancelled: return
            case .done, .partial, .failed: throw Self.refusal(job, "cancelled")
            }
        }
    }

    /// Puts a job that has failed, whole or in part, into the queue again, for the items that failed
    /// alone; one that failed before it had items is begun anew.
    ///
    /// - Throws: `unknown-job`; `job-state` for one that has not failed; `queue-full`.
    public func retry(_ id: String) throws(MonikerError) -> Job {
        try change(id) { job, database in
            guard job.state == .failed || job.state == .partial else {
                throw Self.refusal(job, "retried")
            }
            let failed =
                try Int.fetchOne(
                    database,
                    sql:
                        "SELECT count(*) FROM item WHERE job = ? AND state IN ('failed', 'queued')",
                    arguments: [job.sequence]) ?? 0
            guard failed > 0 || job.state == .failed else {
                throw MonikerError(
                    .jobState, "no item of job \(job.id) has failed: there is nothing to try again",
                    details: ["job": job.id, "state": job.state.rawValue])
            }
            try requireRoom(database)
            try database.execute(
                sql: """
                    UPDATE item SET state = 'queued', reason = NULL, detail = ''
                    WHERE job = ? AND state = 'failed'
                    """, arguments: [job.sequence])
            try database.execute(
                sql: """
                    UPDATE job SET state = 'queued', request = NULL, finished = NULL,
                        not_before = NULL, error_code = NULL, error_message = NULL, deaths = 0,
                        tries = 0, failed = 0, is_retry = ?, done = 0, total = ?, eta = NULL,
                        phase = '' WHERE sequence = ?
                    """, arguments: [failed > 0, failed, job.sequence])
        }
    }

    // MARK: Parts

    private func change(
        _ id: String, _ body: (Job, Database) throws -> Void
    ) throws(MonikerError) -> Job {
        try write { database in
            let job = try database.job(id)
            try body(job, database)
            let changed = try database.job(id)
            if changed != job { try database.tell(job.sequence) }
            return changed
        }
    }

    private func set(_ state: JobState, _ job: Job, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = ?, request = NULL, eta = NULL, holder = NULL,
                    lease_boot = NULL, lease_until = NULL, finished = ? WHERE sequence = ?
                """,
            arguments: [state.rawValue, state.isFinal ? clock.wall() : nil, job.sequence])
    }

    /// Asks the holder of a running job; where nobody holds it any more and nothing is left open,
    /// the job takes the state at once, and its former holder can write nothing any more.
    private func ask(_ request: JobRequest, _ job: Job, _ database: Database) throws {
        if try !isHeld(job.sequence, database), try isSettled(job, database) {
            try database.execute(
                sql: "UPDATE job SET fence = fence + 1 WHERE sequence = ?",
                arguments: [job.sequence])
            return try set(request == .pause ? .paused : .cancelled, job, database)
        }
        try database.execute(
            sql: "UPDATE job SET request = ? WHERE sequence = ?",
            arguments: [request.rawValue, job.sequence])
    }

    /// Whether nothing that a holder wanted to commit is still to be looked at.
    private func isSettled(_ job: Job, _ database: Database) throws -> Bool {
        try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM change_set WHERE job = ? AND outcome IS NULL",
            arguments: [job.sequence]) == 0
    }

    private func isHeld(_ sequence: Int64, _ database: Database) throws -> Bool {
        try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM job
                WHERE sequence = ? AND state = 'running' AND lease_boot = ? AND lease_until > ?
                """, arguments: [sequence, clock.boot(), clock.uptime()]) == 1
    }

    private static func refusal(_ job: Job, _ participle: String) -> MonikerError {
        let because =
            job.request == .cancel
            ? "is being cancelled" : "is \(job.state.rawValue)"
        return MonikerError(
            .jobState, "job \(job.id) \(because) and cannot be \(participle)",
            details: ["job": job.id, "state": job.state.rawValue])
    }
}
