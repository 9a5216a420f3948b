import Glibc
public import Model

/// Port: the time that requests to a site go by, so that tests need not wait.
public protocol RemoteClock: Sendable {
    /// Milliseconds since 1970 by the wall clock.
    func milliseconds() -> Int64

    /// Waits.
    ///
    /// - Throws: `cancelled` as soon as the task is cancelled.
    func sleep(_ duration: Duration) async throws(MonikerError)
}

/// The system's time.
public struct SystemRemoteClock: RemoteClock {
    /// Creates the system's clock.
    public init() {}

    /// Milliseconds since 1970 by the wall clock.
    public func milliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Waits.
    ///
    /// - Throws: `cancelled` as soon as the task is cancelled.
    public func sleep(_ duration: Duration) async throws(MonikerError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw MonikerError(.cancelled, "the wait for the site was cancelled")
        }
    }
}
