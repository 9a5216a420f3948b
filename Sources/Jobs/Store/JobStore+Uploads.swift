import GRDB
public import Model

extension JobStore {
    /// Notes new uploads, so that a job describes them once no more have come for a while.
    ///
    /// They are on disk when the call returns. An id that is noted again while it waits is described
    /// once; one that is noted while a job works on it is looked at again afterwards.
    ///
    /// - Returns: how many wait now.
    /// - Throws: `invalid-argument` for an id that is none; `queue-full` where too many wait already:
    ///   then none is noted; `jobs-unusable`, `busy`.
    public func noteUploads(_ attachments: [Int64]) throws(MonikerError) -> Int {
        if let wrong = attachments.first(where: { $0 < 1 }) {
            throw MonikerError(.invalidArgument, "\(wrong) is no attachment id")
        }
        return try write { database in
            let now = clock.wall()
            let statement = try database.makeStatement(
                sql: """
                    INSERT INTO upload VALUES (?1, ?2, ?2)
                    ON CONFLICT (attachment) DO UPDATE SET last = ?2
                    """)
            for attachment in attachments { try statement.execute(arguments: [attachment, now]) }
            let waiting = try Int.fetchOne(database, sql: "SELECT count(*) FROM upload") ?? 0
            guard waiting <= policy.mostUploads else {
                throw MonikerError(
                    .queueFull,
                    "\(policy.mostUploads) uploads wait already and no more are taken: start a worker, then send them again"
                )
            }
            return waiting
        }
    }

    /// Says what jobs of uploads ask for, beside the uploads themselves, from now on.
    ///
    /// - Throws: `invalid-argument` for options that such jobs do not take; `jobs-unusable`, `busy`.
    public func setUploadOptions(_ options: JobOptions) throws(MonikerError) {
        try options.check(for: .completeMetadata)
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO upload_options VALUES (1, ?)",
                arguments: [options.json])
        }
    }

    /// Makes jobs of the uploads that have waited long enough.
    func queueUploads(_ database: Database) throws {
        let now = clock.wall()
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT min(first) AS first, max(last) AS last, count(*) AS count FROM upload
                    HAVING count(*) > 0
                    """)
        else { return }
        let (first, last): (Int64, Int64) = (row["first"], row["last"])
        let isFull = row["count"] as Int >= policy.uploadBatch
        // A clock that was set back must not make them wait for longer.
        guard
            isFull || now - last >= policy.uploadQuietSeconds
                || now - first >= policy.uploadWaitSeconds || now < first
        else { return }
        let common =
            try String.fetchOne(database, sql: "SELECT options FROM upload_options")
            .map { try JobOptions(parsing: $0.utf8) } ?? JobOptions()
        while true {
            let ids = try Int64.fetchAll(
                database, sql: "SELECT attachment FROM upload ORDER BY first, attachment LIMIT ?",
                arguments: [policy.uploadBatch])
            guard !ids.isEmpty else { return }
            var options = common
            options.attachments = ids
            do {
                _ = try insert(
                    JobSubmission(
                        .completeMetadata, options, origin: .upload, priority: Self.uploadPriority),
                    into: database)
            } catch let error as MonikerError where error.code == .queueFull {
                // They go on waiting.
                return
            }
            let delete = try database.makeStatement(sql: "DELETE FROM upload WHERE attachment = ?")
            for id in ids { try delete.execute(arguments: [id]) }
        }
    }

    /// New uploads are few, and somebody is waiting for them.
    private static let uploadPriority = 10
}
