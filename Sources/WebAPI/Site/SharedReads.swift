import Model
import Synchronization

/// Readings that several callers want at once are done once for all of them.
///
/// Whoever comes before a reading has begun shares it; whoever comes later waits for the next one. So
/// nobody is told anything older than the question.
final class SharedReads<Value: Sendable>: Sendable {
    private typealias Waiting = [CheckedContinuation<Result<Value, MonikerError>, Never>]

    private let waiting = Mutex<[String: Waiting]>([:])

    /// Reads something, or waits for the same reading of another caller.
    ///
    /// - Parameters:
    ///   - key: what is read: the same key has to mean the same value.
    ///   - worker: whose thread reads it.
    /// - Throws: what the reading throws.
    func run(
        _ key: String, on worker: @autoclosure () -> Worker,
        _ work: @escaping @Sendable () throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        let result = await withCheckedContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                waiting[key, default: []].append(continuation)
                return waiting[key]?.count == 1
            }
            guard isFirst else { return }
            worker().enqueue { [self] in
                let callers = waiting.withLock { $0.removeValue(forKey: key) } ?? []
                let result = Result { () throws(MonikerError) in try work() }
                for caller in callers { caller.resume(returning: result) }
            }
        }
        return try result.get()
    }
}
