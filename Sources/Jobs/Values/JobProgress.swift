/// How far a job has come.
public struct JobProgress: Codable, Hashable, Sendable {
    /// How many attachments ended how.
    public struct Items: Codable, Hashable, Sendable {
        /// Attachments that were written.
        public var applied = 0
        /// Attachments that wait for a person.
        public var review = 0
        /// Attachments that were left out.
        public var skipped = 0
        /// Attachments that failed.
        public var failed = 0

        /// Creates counts of nothing.
        public init(applied: Int = 0, review: Int = 0, skipped: Int = 0, failed: Int = 0) {
            (self.applied, self.review) = (applied, review)
            (self.skipped, self.failed) = (skipped, failed)
        }
    }

    /// What is being done, in words for people.
    public var phase: String
    /// How much of it is done.
    public var done: Int
    /// How much of it there is; 0 while that is not known.
    public var total: Int
    /// Seconds until the end as far as the speed so far tells; nil while it tells nothing.
    public var etaSeconds: Int?
    /// How many attachments ended how.
    public var items: Items

    /// Creates a progress.
    public init(
        phase: String = "", done: Int = 0, total: Int = 0, etaSeconds: Int? = nil,
        items: Items = Items()
    ) {
        self.phase = phase
        self.done = done
        self.total = total
        self.etaSeconds = etaSeconds
        self.items = items
    }

    private enum CodingKeys: String, CodingKey {
        case phase, done, total, items
        case etaSeconds = "eta_seconds"
    }

    /// Encodes the progress; `eta_seconds` is always there, as null where nothing is known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(phase, forKey: .phase)
        try container.encode(done, forKey: .done)
        try container.encode(total, forKey: .total)
        try container.encode(etaSeconds, forKey: .etaSeconds)
        try container.encode(items, forKey: .items)
    }
}
