import Dispatch
import Glibc
import Model
import Synchronization

/// A thread for work that blocks, such as a session's: never one of the network's.
///
/// Work is done one after the other, in the order in which it came.
final class Worker: Sendable {
    private let queue: DispatchQueue
    private let isInBackground: Bool
    private let waiting = Mutex(0)

    /// How nice a thread in the background is to the others: it gets a tenth of a processor that
    /// they want as well.
    private static let niceness: Int32 = 10

    /// - Parameter isInBackground: whether others go first, where nobody waits for the work.
    init(_ label: String, isInBackground: Bool = false) {
        self.isInBackground = isInBackground
        // The class of service keeps its threads apart from those that must not be nice.
        queue = DispatchQueue(
            label: "moniker.\(label)", qos: isInBackground ? .background : .unspecified)
    }

    /// How much work has come and is not done.
    var depth: Int { waiting.withLock { $0 } }

    /// Does the work on the thread; nobody waits for it.
    func enqueue(_ work: @escaping @Sendable () -> Void) {
        waiting.withLock { $0 += 1 }
        queue.async { [self] in
            stepBack()
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
                stepBack()
                let result = Result { () throws(MonikerError) in try work() }
                waiting.withLock { $0 -= 1 }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    /// Lets other threads go first, if that is this worker's way.
    private func stepBack() {
        // Of this thread alone; where it is refused, the work is done all the same.
        if isInBackground {
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        }
    }
}
