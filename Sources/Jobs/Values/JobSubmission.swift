/// A job that is asked for.
public struct JobSubmission: Hashable, Sendable {
    /// What it does.
    public var kind: JobKind
    /// What exactly.
    public var options: JobOptions
    /// Where it comes from.
    public var origin: JobOrigin
    /// Jobs of a higher priority are begun first.
    public var priority: Int
    /// Whoever submits with the same key gets the same job; nil for a new one each time.
    public var key: String?

    /// Creates a submission.
    public init(
        _ kind: JobKind, _ options: JobOptions = JobOptions(), origin: JobOrigin = .bulk,
        priority: Int = 0, key: String? = nil
    ) {
        self.kind = kind
        self.options = options
        self.origin = origin
        self.priority = priority
        self.key = key
    }
}
