/// The limits and times of a queue.
public struct JobPolicy: Hashable, Sendable {
    /// How long a worker may be silent before its job is given to another one.
    public var leaseSeconds: Int64 = 15
    /// For how long no new upload may come before those that came are described.
    public var uploadQuietSeconds: Int64 = 30
    /// How long an upload waits at most.
    public var uploadWaitSeconds: Int64 = 300
    /// The most uploads of one job.
    public var uploadBatch = 1000
    /// The most uploads that may wait.
    public var mostUploads = 1_000_000
    /// The most jobs that may wait, run or be paused.
    public var mostJobs = 1000
    /// How many events of a job are kept.
    public var keptEvents: Int64 = 5000
    /// How many ended jobs are kept.
    public var keptJobs = 1000
    /// How often in a row a job may end the process of its worker without coming further.
    public var mostDeaths = 5
    /// How often a job is tried again by itself after a failure that may pass.
    public var mostTries = 6
    /// After how long a job that found the site busy may be begun again.
    public var busySeconds: Int64 = 3

    /// Seconds until the next try: more after each that failed, at most five minutes.
    func delay(tries: Int) -> Int64 { min(300, 5 << Int64(min(max(tries, 1), 7) - 1)) }

    /// The usual limits and times.
    public init() {}
}
