public import Model

/// What a run tells while it works.
public enum GenerationEvent: Sendable {
    /// It begins.
    case began(GenerationProgress)
    /// An image has ended.
    case item(GenerationItem)
    /// How far it has come; after each item.
    case progress(GenerationProgress)
    /// Something that a person should know and that is about no image.
    case note(String)
}

/// How far a run has come.
public struct GenerationProgress: Codable, Hashable, Sendable {
    /// Images that have ended.
    public var done = 0
    /// Images that are looked at, skipped ones included.
    public var total = 0
    /// Seconds until the end, as far as the speed so far tells; nil as long as it tells nothing.
    public var secondsLeft: Int?
    /// What this process has spent.
    public var usage = ProviderUsage()
    /// How many images ended how.
    public var counts = Counts()

    /// How many images ended how.
    public struct Counts: Codable, Hashable, Sendable {
        /// Images whose texts or name are to be written.
        public var applied = 0
        /// Images that wait for a person.
        public var review = 0
        /// Images that were left out.
        public var skipped = 0
        /// Images without a usable answer.
        public var failed = 0

        /// Creates counts of nothing.
        public init() {}

        mutating func add(_ state: GenerationItem.State) {
            switch state {
            case .applied: applied += 1
            case .review: review += 1
            case .skipped: skipped += 1
            case .failed: failed += 1
            }
        }
    }
}
