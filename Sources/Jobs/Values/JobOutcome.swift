public import Model

/// How a job has ended.
public struct JobOutcome: Sendable {
    /// `done`, `partial`, `failed` or `cancelled`.
    public var state: JobState
    /// Items whose state is known only now.
    public var items: [JobItem]
    /// What the items that were ready to be written are now, but for those in `items`; nil to leave
    /// them.
    public var ready: JobItem.State?
    /// Why nothing was done, where nothing was.
    public var error: Job.Failure?
    /// The report of the use case as JSON.
    public var report: String?
    /// The change sets that stand; all others that it wanted to make do not.
    public var journals: [JournalID]

    /// Creates an outcome.
    public init(
        _ state: JobState, items: [JobItem] = [], ready: JobItem.State? = nil,
        error: Job.Failure? = nil, report: String? = nil,
        journals: [JournalID] = []
    ) {
        self.state = state
        self.items = items
        self.ready = ready
        self.error = error
        self.report = report
        self.journals = journals
    }
}
