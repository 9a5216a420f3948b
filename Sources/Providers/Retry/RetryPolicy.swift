/// How often and how patiently a request is repeated.
public struct RetryPolicy: Sendable {
    /// The most attempts, the first one included.
    public var attempts: Int
    /// The most attempts that may end by a timeout: each takes long, and may have been charged.
    public var timeouts: Int
    /// The longest wait that a server may ask for; beyond it, the request fails.
    public var longestWait: Double
    /// The wait before the second attempt where the server names none; it doubles from there.
    public var firstWait: Double
    /// Where doubling ends.
    public var longestOwnWait: Double

    /// Creates a policy.
    public init(
        attempts: Int = 6, timeouts: Int = 2, longestWait: Double = 300, firstWait: Double = 0.5,
        longestOwnWait: Double = 30
    ) {
        self.attempts = attempts
        self.timeouts = timeouts
        self.longestWait = longestWait
        self.firstWait = firstWait
        self.longestOwnWait = longestOwnWait
    }

    /// The wait after a number of failed attempts, where the server names none.
    func wait(after failures: Int, random: Double) -> Double {
        let doubled = firstWait * Double(1 << min(max(failures - 1, 0), 16))
        return min(doubled, longestOwnWait) * (1 - 0.25 * random)
    }
}
