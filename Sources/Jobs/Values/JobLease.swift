public import Model

/// The right to work on a job, until the lease ends or somebody else gets it.
///
/// Every write of the holder presents it; once the job has another holder, or the lease has run out
/// without being renewed, what the holder writes is refused.
public struct JobLease: Hashable, Sendable {
    /// The job.
    public let job: String
    /// The fencing token: higher than that of every earlier holder of the job.
    public let fence: Int64
    /// Who holds it, for people.
    public let holder: String

    let sequence: Int64
}

/// A job that a worker has got.
public struct JobClaim: Sendable {
    /// The job.
    public var job: Job
    /// The right to work on it.
    public var lease: JobLease
    /// Change sets that an earlier holder wanted to make and of which nobody has written down what
    /// became.
    public var unsettled: [JournalID]
    /// The attachments that are to be tried again; nil for all that the options name.
    public var retried: [Int64]?
}
