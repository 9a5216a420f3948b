import Jobs
import Model
import Synchronization

/// The heartbeat of a worker: renews the lease while the work goes on, and hears whether to stop.
final class Pulse: Sendable {
    private struct State {
        var isOver = false
        var request: JobRequest?
        var isLost = false
    }

    private let state = Mutex(State())
    private let isStopping: @Sendable () -> Bool

    /// Begins to beat.
    init(
        _ store: JobStore, _ lease: JobLease, isStopping: @escaping @Sendable () -> Bool
    ) {
        self.isStopping = isStopping
        // Long enough before the end of the lease that a beat may fail three times.
        let interval = Duration.seconds(store.policy.leaseSeconds) / 5
        Task.detached { [self] in
            while true {
                do { try await Task.sleep(for: interval) } catch { return }
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
                    continue
                }
            }
        }
    }

    /// Whether the work has to stop at the next place where it can.
    var stops: Bool {
        isStopping() || state.withLock { $0.isLost || $0.request != nil }
    }

    /// Ends the beating.
    func end() { state.withLock { $0.isOver = true } }
}
