import Glibc
public import Model

/// Port: the time that retries go by, so that tests need not wait.
public protocol RetryClock: Sendable {
    /// Seconds since 1970 by the wall clock, against which servers state dates.
    func secondsSince1970() -> Double

    /// Seconds of a clock that never goes back.
    func uptime() -> Double

    /// Waits.
    ///
    /// - Throws: `cancelled` as soon as the task is cancelled.
    func sleep(seconds: Double) async throws(MonikerError)

    /// A random number from 0 to 1, for jitter.
    func random() -> Double
}

/// The system's time.
public struct SystemRetryClock: RetryClock {
    private static let start = ContinuousClock.now

    /// Creates the system's clock.
    public init() {}

    /// Seconds since 1970 by the wall clock.
    public func secondsSince1970() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Seconds since the program first asked.
    public func uptime() -> Double { (ContinuousClock.now - Self.start) / .seconds(1) }

    /// Waits.
    ///
    /// - Throws: `cancelled` as soon as the task is cancelled.
    public func sleep(seconds: Double) async throws(MonikerError) {
        do {
            try await Task.sleep(for: .seconds(seconds))
        } catch {
            throw MonikerError(.cancelled, "the wait for the provider was cancelled")
        }
    }

    /// A random number from 0 to 1.
    public func random() -> Double { Double.random(in: 0...1) }
}
