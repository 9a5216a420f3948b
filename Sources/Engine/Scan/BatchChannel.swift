internal import Dispatch
import Model
import Synchronization

/// What threads that read and one that writes tell each other: tasks one way, batches the other.
final class BatchChannel: Sendable {
    private struct State {
        var tasks: ArraySlice<ScanTask>
        var batches: [RewrittenBatch] = []
        var readers: Int
        var failure: MonikerError?
        var isCancelled = false
    }

    /// The most batches that wait to be written.
    private static let capacity = 3

    private let state: Mutex<State>
    private let filled = DispatchSemaphore(value: 0)
    private let free = DispatchSemaphore(value: 0)

    /// Makes a channel for a number of reading threads.
    init(tasks: [ScanTask], readers: Int) {
        state = Mutex(State(tasks: tasks[...], readers: readers))
        // Counted up from nothing: a semaphore may not end below the number it began with.
        for _ in 0..<Self.capacity { free.signal() }
    }

    // MARK: Readers

    /// The next stretch to look through; nil when there is none.
    func nextTask() -> ScanTask? {
        state.withLock { $0.isCancelled || $0.failure != nil ? nil : $0.tasks.popFirst() }
    }

    /// Hands over a batch, waiting while too many wait already; false when nobody wants it.
    func send(_ batch: RewrittenBatch) -> Bool {
        free.wait()
        let isWanted = state.withLock { state in
            if !state.isCancelled { state.batches.append(batch) }
            return !state.isCancelled
        }
        (isWanted ? filled : free).signal()
        return isWanted
    }

    /// Says that a reader has ended, and why.
    func finish(_ failure: MonikerError?) {
        state.withLock { state in
            state.readers -= 1
            state.failure = state.failure ?? failure
        }
        filled.signal()
    }

    // MARK: Writer

    /// The next batch; nil after the last.
    ///
    /// - Throws: the first failure of a reader.
    func next() throws(MonikerError) -> RewrittenBatch? {
        while true {
            filled.wait()
            let (batch, failure, isOver) = state.withLock { state in
                let batch = state.batches.isEmpty ? nil : state.batches.removeFirst()
                return (batch, state.failure, batch == nil && state.readers == 0)
            }
            if let failure { throw failure }
            if let batch {
                free.signal()
                return batch
            }
            if isOver { return nil }
        }
    }

    /// Makes the readers end soon.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        free.signal()
    }
}
