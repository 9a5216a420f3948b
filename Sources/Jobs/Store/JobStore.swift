import GRDB
public import Model

/// jobs.sqlite: the queue of a home, durable and shared by any number of processes.
///
/// Every writing call is one transaction that is on disk when the call returns (WAL with
/// `synchronous = FULL`). Calls block for milliseconds; a value may be used from any thread and any
/// task. The states and what leads from one to the other are in docs/jobs.md.
public final class JobStore: Sendable {
    let queue: DatabaseQueue
    let path: String
    let clock: any JobClock
    let random: @Sendable () -> UInt64
    /// The limits and times.
    public let policy: JobPolicy

    /// Opens the queue of a home folder, or begins one.
    ///
    /// - Parameters:
    ///   - home: the folder; it has to be there.
    ///   - policy: limits and times.
    ///   - clock: what time it is.
    ///   - random: 64 random bits, for ids.
    /// - Throws: `jobs-unusable`, also for a file of a newer version.
    public init(
        home: String, policy: JobPolicy = JobPolicy(), clock: any JobClock = SystemJobClock(),
        random: @escaping @Sendable () -> UInt64 = { .random(in: 0...(.max)) }
    ) throws(MonikerError) {
        path = home + "/jobs.sqlite"
        self.policy = policy
        self.clock = clock
        self.random = random
        do {
            var configuration = Configuration()
            configuration.label = "jobs"
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(
                    sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            }
            let path = path
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inTransaction(.immediate) { database in
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard found <= JobSchema.version else {
                    throw MonikerError(
                        .jobsUnusable,
                        "\(path) was written by a newer version of moniker: use that version")
                }
                if found == 0 {
                    try database.execute(sql: JobSchema.sql)
                    try database.execute(sql: "PRAGMA user_version = \(JobSchema.version)")
                }
                try database.execute(sql: JobSchema.uploadOptions)
                return .commit
            }
        } catch {
            throw Self.failure(error, home + "/jobs.sqlite")
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do { return try queue.read(body) } catch { throw Self.failure(error, path) }
    }

    /// One transaction that has the write lock from its first statement, so that what it reads is
    /// what it changes.
    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try queue.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    return .commit
                }
                guard let value else {
                    preconditionFailure("a transaction has ended without its value")
                }
                return value
            }
        } catch {
            throw Self.failure(error, path)
        }
    }

    static func failure(_ error: any Error, _ path: String) -> MonikerError {
        switch error {
        case let error as MonikerError: error
        case DatabaseError.SQLITE_FULL:
            MonikerError(
                .diskFull, "no space is left for \(path): free some and try again", cause: error)
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED:
            MonikerError(
                .busy, "another process is writing \(path): try again", cause: error)
        default:
            MonikerError(
                .jobsUnusable,
                "\(path), the queue of jobs, cannot be used (\(error)): check the space and rights of its folder, or move the file away to begin with an empty queue",
                details: ["path": path], cause: error)
        }
    }

    /// A new id: a letter and 80 random bits in Crockford's base 32.
    func newID(_ letter: Character) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        var digits = String(letter)
        for bits in [random(), random()] {
            for place in 0..<8 { digits.append(alphabet[Int(bits >> (place * 5) & 31)]) }
        }
        return digits
    }
}
