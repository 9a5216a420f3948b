import Dispatch
import Jobs
import Model
import Synchronization

/// The heartbeat of a worker: renews the lease while the work goes on, and hears whether to stop.
///
/// It beats on a thread of its own: the threads of tasks may all be busy with pictures, and a worker
/// that only works hard must not be taken for dead.
final class Pulse: Sendable {
    private struct State {
        var isOver = false
        var request: JobRequest?
        var isLost = false
    }

    private let state = Mutex(State())
    private let isStopping: @Sendable () -> Bool
    private let queue = DispatchQueue(label: "moniker.pulse")

    /// Begins to beat.
    init(
        _ store: JobStore, _ lease: JobLease, isStopping: @escaping @Sendable () -> Bool
    ) {
        self.isStopping = isStopping
        // Often enough that a beat may fail three times before the lease ends.
        let milliseconds = Int(store.policy.leaseSeconds) * 1000 / 5
        beat(store, lease, after: .milliseconds(milliseconds))
    }

    private func beat(_ store: JobStore, _ lease: JobLease, after interval: DispatchTimeInterval) {
        queue.asyncAfter(deadline: .now() + interval) { [self] in
            guard !state.withLock(\.isOver) else { return }
            do throws(MonikerError) {
                let request = try store.renew(lease)
                state.withLock { $0.request = request }
            } catch  where error.code == .leaseLost {
                state.withLock { $0.isLost = true }
                return
            } catch {
                // A queue that cannot be written for a moment: the next beat tries again, and a
                // lease that has run out says so.
            }
            beat(store, lease, after: interval)
        }
    }

    /// Whether the work has to stop at the next place where it can.
    var stops: Bool {
        isStopping() || state.withLock { $0.isLost || $0.request != nil }
    }

    /// Ends the beating.
    func end() { state.withLock { $0.isOver = true } }
}
