extension ErrorCode {
    // MARK: Jobs

    /// jobs.sqlite, the queue of the home, cannot be read or written.
    public static let jobsUnusable = ErrorCode("jobs-unusable")
    /// No job has the id.
    public static let unknownJob = ErrorCode("unknown-job")
    /// The job is in a state that does not take this.
    public static let jobState = ErrorCode("job-state")
    /// Somebody else holds the job by now, so what its former holder writes is refused.
    public static let leaseLost = ErrorCode("lease-lost")
    /// So much waits already that nothing more is taken.
    public static let queueFull = ErrorCode("queue-full")
    /// The job has ended the process that works on it too often.
    public static let workerDied = ErrorCode("worker-died")
    /// No schedule has the id.
    public static let unknownSchedule = ErrorCode("unknown-schedule")
}
