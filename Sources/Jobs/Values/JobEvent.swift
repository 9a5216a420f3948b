/// Something that happened to a job, in the order in which it was written down.
public struct JobEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// It has come further, or its state is another one.
        case progress
        /// One attachment has ended.
        case item
        /// The job has ended; the last event unless it is tried again.
        case end
    }

    /// The id, higher than that of every earlier event of any job.
    public var id: Int64
    /// What happened.
    public var kind: Kind
    /// JSON: the job as the contract has it, or the item.
    public var data: String

    /// Creates an event.
    public init(id: Int64, kind: Kind, data: String) {
        self.id = id
        self.kind = kind
        self.data = data
    }
}
