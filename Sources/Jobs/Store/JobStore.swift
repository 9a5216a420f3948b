import GRDB
import HomeStore
public import Model

/// jobs.sqlite: the queue of a home, durable and shared by any number of processes.
///
/// Every writing call is one transaction that is on disk when the call returns (WAL with
/// `synchronous = FULL`). Calls block for milliseconds; a value may be used from any thread and any
/// task. The states and what leads from one to the other are in docs/jobs.md.
public final class JobStore: Sendable {
    private let database: HomeDatabase
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
        self.policy = policy
        self.clock = clock
        self.random = random
        database = try HomeDatabase(home: home, JobSchema.file)
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.read(body)
    }

    /// One transaction that has the write lock from its first statement, so that what it reads is
    /// what it changes.
    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.write(body)
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
