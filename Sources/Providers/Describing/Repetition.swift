import Model

/// Decides on, and waits for, the repetition of one request; shares its pauses with all others.
struct Repetition {
    let policy: RetryPolicy
    let clock: any RetryClock
    let coolDown: CoolDown
    private var failures = 0
    private var timeouts = 0

    init(policy: RetryPolicy, clock: any RetryClock, coolDown: CoolDown) {
        self.policy = policy
        self.clock = clock
        self.coolDown = coolDown
    }

    /// Returns after the wait before the next attempt.
    ///
    /// - Throws: the failure itself where another attempt makes no sense; `cancelled`.
    mutating func next(
        after failure: ProviderFailure, _ hints: RetryHints
    ) async throws(MonikerError) {
        failures += 1
        if failure.consequence == .stop {
            await coolDown.stop(with: failure.error)
            throw failure.error
        }
        let isShared = failure.consequence == .retry(isShared: true)
        let isRetryable = isShared || failure.consequence == .retry(isShared: false)
        // What was answered is paid for, whatever the header says.
        guard failure.error.code != .malformedAnswer, hints.shouldRetry ?? isRetryable else {
            throw failure.error
        }
        guard failures < policy.attempts else { throw exhausted(failure.error) }
        if let seconds = hints.seconds, seconds > policy.longestWait {
            var error = failure.error
            error.message += " (it asks to wait \(Int(seconds.rounded(.up))) s)"
            error.details["retry_after"] = String(Int(seconds.rounded(.up)))
            throw error
        }
        let own = policy.wait(after: failures, random: clock.random())
        let seconds = max(hints.seconds ?? own, isShared ? 0.05 : 0)
        if isShared {
            // Everybody waits there, this worker included.
            await coolDown.extend(seconds: seconds)
        } else {
            try await clock.sleep(seconds: seconds)
        }
    }

    /// Returns after the wait before the next attempt, where no answer came.
    ///
    /// - Throws: the failure itself where another attempt makes no sense; `cancelled`.
    mutating func next(after error: MonikerError) async throws(MonikerError) {
        failures += 1
        guard error.isRetryableSilence else { throw error }
        if error.code == .timedOut { timeouts += 1 }
        guard failures < policy.attempts, timeouts < policy.timeouts else { throw exhausted(error) }
        try await clock.sleep(seconds: policy.wait(after: failures, random: clock.random()))
    }

    private func exhausted(_ error: MonikerError) -> MonikerError {
        var error = error
        error.details["attempts"] = String(failures)
        return error
    }
}
