public import Model

/// A job as the store knows it; its JSON is the one of the contract.
public struct Job: Encodable, Hashable, Sendable {
    /// Why a job failed, or waits to be tried again.
    public struct Failure: Codable, Hashable, Sendable {
        /// The stable code.
        public var code: String
        /// One sentence.
        public var message: String

        /// Creates a failure.
        public init(code: String, message: String) {
            self.code = code
            self.message = message
        }

        /// The failure that an error is.
        public init(_ error: MonikerError) {
            self.init(code: error.code.rawValue, message: error.message)
        }
    }

    /// The id: `B` and 16 characters.
    public var id: String
    /// What it does.
    public var kind: JobKind
    /// Where it is in its life.
    public var state: JobState
    /// What a person wants of it that its worker has not done yet.
    public var request: JobRequest?
    /// Where it comes from.
    public var origin: JobOrigin
    /// Jobs of a higher priority are begun first.
    public var priority: Int
    /// What exactly it does.
    public var options: JobOptions
    /// How far it has come.
    public var progress: JobProgress
    /// The newest change set that it has made; nil where it has made none.
    public var journal: String?
    /// Why it failed, or what it waits for after a try that failed.
    public var error: Failure?
    /// How often a worker has begun it.
    public var attempts: Int
    /// The schedule that has made it.
    public var schedule: String?
    /// When it was asked for, in seconds since 1970.
    public var created: Int64
    /// When a worker first began it.
    public var started: Int64?
    /// When it ended.
    public var finished: Int64?
    /// When it is tried again at the earliest, in seconds since 1970; nil: at once.
    public var notBefore: Int64?
    /// Whether only the items that failed are worked on.
    public var isRetry: Bool
    /// The number that orders all jobs by age: the cursor of lists.
    public var sequence: Int64
    /// The report of the use case as JSON, once the job has ended; nil where there is none.
    public var report: String?

    private enum CodingKeys: String, CodingKey {
        case id, kind, state, request, origin, priority, options, phase, done, total, journal, items
        case error, attempts, schedule, created, started, finished
        case etaSeconds = "eta_seconds"
        case notBefore = "not_before"
        case isRetry = "retry"
    }

    /// Encodes the job flat, without lists of attachments that are long; `eta_seconds` and `journal` are always there, as null where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(kind, forKey: .kind)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(request, forKey: .request)
        try container.encode(origin, forKey: .origin)
        try container.encode(priority, forKey: .priority)
        try container.encode(options.excerpt, forKey: .options)
        try container.encode(progress.phase, forKey: .phase)
        try container.encode(progress.done, forKey: .done)
        try container.encode(progress.total, forKey: .total)
        try container.encode(progress.etaSeconds, forKey: .etaSeconds)
        try container.encode(journal, forKey: .journal)
        try container.encode(progress.items, forKey: .items)
        try container.encodeIfPresent(error, forKey: .error)
        try container.encode(attempts, forKey: .attempts)
        try container.encodeIfPresent(schedule, forKey: .schedule)
        try container.encode(created, forKey: .created)
        try container.encodeIfPresent(started, forKey: .started)
        try container.encodeIfPresent(finished, forKey: .finished)
        try container.encodeIfPresent(notBefore, forKey: .notBefore)
        try container.encode(isRetry, forKey: .isRetry)
    }
}

/// A page of jobs.
public struct JobPage: Encodable, Sendable {
    /// The jobs, newest first.
    public var items: [Job]
    /// What gives the next page; nil where this is the last.
    public var next: Int64?
}
