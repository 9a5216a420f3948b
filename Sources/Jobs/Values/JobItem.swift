/// What became of one attachment of a job.
public struct JobItem: Codable, Hashable, Sendable {
    /// How an attachment stands.
    public enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// It is to be tried again.
        case queued
        /// What is to be written is known, and not written yet.
        case ready
        /// It was written.
        case applied
        /// It waits for a person.
        case review
        /// It was left out.
        case skipped
        /// It failed; `retry` tries it again.
        case failed
    }

    /// The attachment.
    public var attachment: Int64
    /// How it stands.
    public var state: State
    /// Why, as a code; nil where it was applied.
    public var reason: String?
    /// One sentence about the reason; empty where the code says all.
    public var detail: String

    /// Creates an item.
    public init(attachment: Int64, state: State, reason: String? = nil, detail: String = "") {
        self.attachment = attachment
        self.state = state
        self.reason = reason
        self.detail = detail
    }
}
