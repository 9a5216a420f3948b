import GRDB
public import Model

extension JobStore {
    /// A job.
    ///
    /// - Throws: `unknown-job`; `jobs-unusable`.
    public func job(_ id: String) throws(MonikerError) -> Job {
        try read { try $0.job(id) }
    }

    /// Jobs, newest first, a page at a time.
    ///
    /// - Parameters:
    ///   - cursor: the `next` of the page before; nil for the first.
    ///   - limit: how many.
    ///   - states: nil for all.
    ///   - origin: nil for all.
    /// - Throws: `jobs-unusable`.
    public func jobs(
        after cursor: Int64? = nil, limit: Int = 50, states: Set<JobState>? = nil,
        origin: JobOrigin? = nil
    ) throws(MonikerError) -> JobPage {
        let wanted = (states ?? Set(JobState.allCases)).map { "'\($0.rawValue)'" }.sorted()
        return try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM job WHERE sequence < ? AND state IN (\(wanted.joined(separator: ",")))
                    AND (? IS NULL OR origin = ?) ORDER BY sequence DESC LIMIT ?
                    """,
                arguments: [cursor ?? .max, origin?.rawValue, origin?.rawValue, limit + 1])
            let items = try rows.prefix(limit).map { try Job($0) }
            return JobPage(items: items, next: rows.count > limit ? items.last?.sequence : nil)
        }
    }

    /// The newest job of a kind that has ended with a report; nil where there is none.
    ///
    /// - Throws: `jobs-unusable`.
    public func newestReport(of kind: JobKind) throws(MonikerError) -> Job? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM job WHERE kind = ? AND state = 'done' AND report IS NOT NULL
                    ORDER BY sequence DESC LIMIT 1
                    """, arguments: [kind.rawValue]
            ).map { try Job($0) }
        }
    }

    /// The newest job of a kind that waits, runs or is paused; nil where there is none.
    ///
    /// - Throws: `jobs-unusable`.
    public func unfinished(of kind: JobKind) throws(MonikerError) -> Job? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM job WHERE kind = ? AND state IN ('queued', 'running', 'paused')
                    ORDER BY sequence DESC LIMIT 1
                    """, arguments: [kind.rawValue]
            ).map { try Job($0) }
        }
    }

    /// The items of a job, by attachment, a page at a time.
    ///
    /// - Parameters:
    ///   - cursor: the last attachment of the page before; nil for the first page.
    ///   - state: nil for all.
    /// - Throws: `unknown-job`; `jobs-unusable`.
    public func items(
        of id: String, after cursor: Int64? = nil, limit: Int = 200, state: JobItem.State? = nil
    ) throws(MonikerError) -> [JobItem] {
        try read { database in
            let job = try database.job(id)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT attachment, state, reason, detail FROM item
                    WHERE job = ? AND attachment > ? AND (? IS NULL OR state = ?)
                    ORDER BY attachment LIMIT ?
                    """,
                arguments: [job.sequence, cursor ?? 0, state?.rawValue, state?.rawValue, limit]
            ).compactMap { row in
                JobItem.State(rawValue: row["state"]).map {
                    JobItem(
                        attachment: row["attachment"], state: $0, reason: row["reason"],
                        detail: row["detail"])
                }
            }
        }
    }

    /// The events of a job after one, oldest first.
    ///
    /// Old events are forgotten while a job goes on: each `progress` holds the whole job, so nothing
    /// but single items is missed, and those are in `items(of:)`.
    ///
    /// - Parameters:
    ///   - last: the id of the last event that is known; 0 for all.
    ///   - limit: how many.
    /// - Throws: `unknown-job`; `jobs-unusable`.
    public func events(
        of id: String, after last: Int64 = 0, limit: Int = 500
    ) throws(MonikerError) -> [JobEvent] {
        try read { database in
            let job = try database.job(id)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT id, kind, data FROM event WHERE job = ? AND id > ? ORDER BY id LIMIT ?
                    """, arguments: [job.sequence, last, limit]
            ).compactMap { row in
                JobEvent.Kind(rawValue: row["kind"]).map {
                    JobEvent(id: row["id"], kind: $0, data: row["data"])
                }
            }
        }
    }

    /// The change sets that a job has made, oldest first.
    ///
    /// - Throws: `unknown-job`; `jobs-unusable`.
    public func changeSets(of id: String) throws(MonikerError) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: "SELECT journal FROM change_set WHERE job = ? AND outcome = 'done' ORDER BY 1",
                arguments: [try database.job(id).sequence])
        }
    }

    /// What waits and works, each origin apart.
    ///
    /// - Throws: `jobs-unusable`.
    public func overview() throws(MonikerError) -> JobOverview {
        try read { database in
            var overview = JobOverview()
            overview.waitingUploads =
                try Int.fetchOne(database, sql: "SELECT count(*) FROM upload") ?? 0
            for row in try Row.fetchAll(
                database,
                sql: """
                    SELECT origin, sum(state = 'queued') AS queued, sum(state = 'running') AS running,
                        sum(state = 'paused') AS paused, sum(done) AS done, sum(total) AS total,
                        max(CASE state WHEN 'running' THEN eta END) AS eta
                    FROM job WHERE state IN ('queued', 'running', 'paused') GROUP BY origin
                    """)
            {
                guard let origin = JobOrigin(rawValue: row["origin"]) else { continue }
                overview.origins[origin.rawValue] = JobOverview.Origin(
                    queued: row["queued"], running: row["running"], paused: row["paused"],
                    done: row["done"], total: row["total"], etaSeconds: row["eta"])
            }
            return overview
        }
    }

    /// The job that has made, or is about to make, a change set; nil where none has.
    ///
    /// - Throws: `jobs-unusable`.
    public func job(making journal: JournalID) throws(MonikerError) -> String? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT job.id FROM change_set JOIN job ON job.sequence = change_set.job
                    WHERE change_set.journal = ?
                    """, arguments: [journal.description])
        }
    }
}
