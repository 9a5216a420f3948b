import Dispatch
import Model
import Synchronization

/// A thread for work that blocks, such as a session's: never one of the network's.
///
/// Work is done one after the other, in the order in which it came.
final class Worker: Sendable {
    private let queue: DispatchQueue
    private let waiting = Mutex(0)

    /// - Parameter label: what the thread does.
    init(_ label: String) {
        // Without a class of service: threads that a nice thread makes are as nice, for good where
        // the user is not root, and may serve a reader next.
        queue = DispatchQueue(label: "moniker.\(label)")
    }

    /// How much work has come and is not done.
    var depth: Int { waiting.withLock { $0 } }

    /// Does the work on the thread; nobody waits for it.
    func enqueue(_ work: @escaping @Sendable () -> Void) {
        waiting.withLock { $0 += 1 }
        queue.async { [self] in
            work()
            waiting.withLock { $0 -= 1 }
        }
    }

    /// Does the work on the thread; the caller waits without holding its own.
    ///
    /// Work that has begun is finished, also where the caller is cancelled.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        waiting.withLock { $0 += 1 }
        let result: Result<Value, MonikerError> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let result = Result { () throws(MonikerError) in try work() }
                waiting.withLock { $0 -= 1 }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
