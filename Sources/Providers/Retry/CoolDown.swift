import Model

/// The pause that all workers of one provider keep, and the end that all of them meet.
///
/// One worker's "too many requests" holds every worker back; a refused key, an unpaid bill or a
/// used-up quota ends them all without another request.
public actor CoolDown {
    private let clock: any RetryClock
    private var end = -Double.infinity
    private var halt: MonikerError?

    /// Creates a cool-down that has not begun.
    public init(clock: any RetryClock) { self.clock = clock }

    /// Holds everybody back for a time from now; a longer pause that was asked for before stays.
    func extend(seconds: Double) { end = max(end, clock.uptime() + seconds) }

    /// Fails everybody from now on.
    func stop(with error: MonikerError) { halt = halt ?? error }

    /// Waits until no pause is left.
    ///
    /// - Throws: what `stop` was given; `cancelled`.
    func wait() async throws(MonikerError) {
        while true {
            if let halt { throw halt }
            let remaining = end - clock.uptime()
            guard remaining > 0 else { return }
            // Not all at once when it ends, or the limit is hit again in the same moment.
            try await clock.sleep(seconds: remaining * (1 + 0.1 * clock.random()))
        }
    }
}
