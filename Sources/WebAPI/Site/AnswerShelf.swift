import Synchronization

/// Answers of the last moments, for whoever asks the same while the readers are busy.
///
/// So the load decides how old an answer may be: where nobody waits, it is made anew. Whoever is given
/// one that is no more young has to see to it that it is made again, while nobody waits for that.
final class AnswerShelf: Sendable {
    private struct Entry {
        var answer: APIAnswer
        /// When the reading began: nothing later is in it.
        var began: ContinuousClock.Instant
        /// The number of the last change of ours that is in it for certain.
        var change: Int
        /// Whether somebody has been told to make it again.
        var isDue = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bytes = 0
        var swept = ContinuousClock.now
    }

    private let state = Mutex(State())

    /// Older than this, an answer has to be made again.
    static let youth = Duration.seconds(5)
    /// Older than this, no answer is given again.
    static let lifetime = Duration.seconds(10)
    /// So much is kept at most; what comes later is not.
    private static let mostBytes = 32 << 20

    /// A kept answer that knows a change of ours; nil where there is none.
    ///
    /// - Parameter age: how old it may be.
    /// - Returns: the answer, and whether it is for this caller to have it made again.
    func answer(
        to question: String, knowing change: Int, within age: Duration
    ) -> (answer: APIAnswer, isDue: Bool)? {
        state.withLock { state in
            guard let entry = state.entries[question], entry.change >= change else { return nil }
            let past = ContinuousClock.now - entry.began
            guard past < min(age, Self.lifetime) else { return nil }
            let isDue = past >= Self.youth && !entry.isDue
            if isDue { state.entries[question]?.isDue = true }
            return (entry.answer, isDue)
        }
    }

    /// Keeps an answer.
    ///
    /// - Parameters:
    ///   - began: when its reading began.
    ///   - change: the last change of ours that it knows.
    func keep(
        _ answer: APIAnswer, to question: String, began: ContinuousClock.Instant,
        knowing change: Int
    ) {
        guard answer.stream == nil else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if now - state.swept > Self.lifetime {
                state.entries = state.entries.filter { now - $0.value.began < Self.lifetime }
                state.bytes = state.entries.values.reduce(0) { $0 + $1.answer.body.count }
                state.swept = now
            }
            let old = state.entries[question]
            let bytes = state.bytes - (old?.answer.body.count ?? 0) + answer.body.count
            guard bytes <= Self.mostBytes, old.map({ $0.began <= began }) ?? true else { return }
            state.bytes = bytes
            state.entries[question] = Entry(answer: answer, began: began, change: change)
        }
    }
}
