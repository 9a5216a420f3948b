import Model
import Synchronization

/// Reads many things of one kind in one go: what is asked for while the readers are busy is gathered,
/// and read together by the next one that is free.
///
/// One pass over a site's tables takes as long for one image as for many. Nobody is told anything
/// older than the question.
final class GatheredReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    typealias Answer = Result<Value, MonikerError>

    /// Somebody who reads.
    struct Reader: Sendable {
        /// Whose thread reads.
        var worker: Worker
        /// What is known of some keys; who asked for one that it leaves out is told `missing`.
        var read: @Sendable ([Key]) throws(MonikerError) -> [Key: Value]
    }

    private struct State {
        var waiting: [Key: [CheckedContinuation<Answer, Never>]] = [:]
        /// The keys in the order in which they came.
        var order: [Key] = []
        /// The readers that have nothing to do.
        var free: [Reader]
        var asked = 0
    }

    private let state: Mutex<State>
    private let readers: Int
    private let most: Int
    private let missing: @Sendable (Key) -> MonikerError

    /// - Parameters:
    ///   - readers: who reads.
    ///   - most: so many keys are read at once at most.
    ///   - missing: what is thrown for a key of which nothing is known.
    init(_ readers: [Reader], most: Int, missing: @escaping @Sendable (Key) -> MonikerError) {
        state = Mutex(State(free: readers))
        self.readers = readers.count
        self.most = most
        self.missing = missing
    }

    /// Whether somebody reads at this moment.
    var isBusy: Bool { state.withLock { $0.free.count < readers } }

    /// How often something was asked for.
    var asked: Int { state.withLock(\.asked) }

    /// Reads one of the things, with whatever else is asked for.
    ///
    /// - Throws: what the reading throws for it.
    func read(_ key: Key) async throws(MonikerError) -> Value {
        let answer = await withCheckedContinuation { continuation in
            let reader = state.withLock { state in
                state.asked += 1
                if state.waiting[key] == nil { state.order.append(key) }
                state.waiting[key, default: []].append(continuation)
                return state.free.popLast()
            }
            if let reader { begin(with: reader) }
        }
        return try answer.get()
    }

    private func begin(with reader: Reader) {
        reader.worker.enqueue { [self] in
            while let gathered = next(for: reader) {
                let keys = gathered.map(\.key)
                let answers = answers(to: keys, from: reader)
                for (key, callers) in gathered {
                    let answer = answers[key] ?? .failure(missing(key))
                    for caller in callers { caller.resume(returning: answer) }
                }
            }
        }
    }

    /// What is to be read next, or nil: then the reader is free again.
    private func next(
        for reader: Reader
    ) -> [(key: Key, callers: [CheckedContinuation<Answer, Never>])]? {
        state.withLock { state in
            guard !state.order.isEmpty else {
                state.free.append(reader)
                return nil
            }
            let keys = state.order.prefix(most)
            state.order.removeFirst(keys.count)
            return keys.map { ($0, state.waiting.removeValue(forKey: $0) ?? []) }
        }
    }

    private func answers(to keys: [Key], from reader: Reader) -> [Key: Answer] {
        do throws(MonikerError) {
            return try reader.read(keys).mapValues { .success($0) }
        } catch {
            guard keys.count > 1 else { return [keys[0]: .failure(error)] }
            return answersOneByOne(to: keys, from: reader)
        }
    }

    /// One of them may be to blame for a failure: the others have an answer all the same.
    ///
    /// Where two fail alike it is not about them, and what makes one wait would make all of them wait.
    private func answersOneByOne(to keys: [Key], from reader: Reader) -> [Key: Answer] {
        var answers: [Key: Answer] = [:]
        var failures: [ErrorCode: Int] = [:]
        for (place, key) in keys.enumerated() {
            do throws(MonikerError) {
                answers.merge(try reader.read([key]).mapValues { .success($0) }) { $1 }
            } catch {
                answers[key] = .failure(error)
                failures[error.code, default: 0] += 1
                guard failures[error.code] == 2 else { continue }
                for other in keys[(place + 1)...] { answers[other] = .failure(error) }
                break
            }
        }
        return answers
    }
}
