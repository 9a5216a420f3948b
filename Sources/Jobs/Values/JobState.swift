/// Where a job is in its life.
public enum JobState: String, CaseIterable, Codable, Hashable, Sendable {
    /// It waits for a worker.
    case queued
    /// A worker holds it, or held it when it was killed.
    case running
    /// A person has stopped it; `resume` goes on from there.
    case paused
    /// Everything was done.
    case done
    /// Something was done; what was not is listed in its items.
    case partial
    /// Nothing was done; the job says why.
    case failed
    /// A person has ended it.
    case cancelled

    /// Whether nothing more becomes of it by itself.
    public var isFinal: Bool {
        switch self {
        case .queued, .running, .paused: false
        case .done, .partial, .failed, .cancelled: true
        }
    }
}

/// What a person wants of a job that a worker holds.
public enum JobRequest: String, Codable, Hashable, Sendable {
    /// Stop, and wait for `resume`.
    case pause
    /// Stop for good.
    case cancel
}

/// Where a job comes from; the progress of each origin is told apart.
public enum JobOrigin: String, CaseIterable, Codable, Hashable, Sendable {
    /// A person or a script asked for it.
    case bulk
    /// New uploads.
    case upload
    /// A schedule.
    case schedule
}
