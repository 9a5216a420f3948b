import Synchronization

/// How many requests each of many callers may send: a token bucket for each.
///
/// May be used from any thread.
///
/// - Complexity: constant time; memory for at most 10,000 callers, of whom the calmest are forgotten.
public final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filled: Double
    }

    private let rate: Double
    private let burst: Double
    private let clock: @Sendable () -> Double
    private let state = Mutex<[String: Bucket]>([:])

    private static let mostCallers = 10_000

    /// Creates a limiter.
    ///
    /// - Parameters:
    ///   - rate: requests a second that each caller may go on with.
    ///   - burst: requests that a calm caller may send at once.
    ///   - clock: seconds of a clock that never goes back.
    public init(
        rate: Double, burst: Double,
        clock: @escaping @Sendable () -> Double = { RateLimiter.uptime() }
    ) {
        self.rate = rate
        self.burst = burst
        self.clock = clock
    }

    /// Takes one request of a caller: nil where it may go on, else how many seconds it has to wait.
    public func delay(of caller: String) -> Int? {
        let now = clock()
        return state.withLock { take(caller, now, &$0) }
    }

    private func take(_ caller: String, _ now: Double, _ buckets: inout [String: Bucket]) -> Int? {
        if buckets.count >= Self.mostCallers, buckets[caller] == nil {
            buckets = buckets.filter { tokens(of: $0.value, now) < burst }
            // Everybody is busy: forgetting all of them is kinder than memory without end.
            if buckets.count >= Self.mostCallers { buckets = [:] }
        }
        let left = buckets[caller].map { tokens(of: $0, now) } ?? burst
        buckets[caller] = Bucket(tokens: left < 1 ? left : left - 1, filled: now)
        return left < 1 ? max(1, Int(((1 - left) / rate).rounded(.up))) : nil
    }

    private func tokens(of bucket: Bucket, _ now: Double) -> Double {
        min(burst, bucket.tokens + (now - bucket.filled) * rate)
    }

    /// Seconds since some moment.
    public static func uptime() -> Double {
        let now = ContinuousClock.now
        let elapsed = start.duration(to: now).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    private static let start = ContinuousClock.now
}
