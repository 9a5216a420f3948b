import Dispatch
import Glibc
import Jobs
import Logging
import Model
import ServiceLifecycle
import Synchronization
import UseCases

/// Works on the jobs that wait, beside any `moniker worker`.
///
/// When the service ends, the job that it holds is given back at the next place where it can.
struct JobWorker: ServiceLifecycle.Service {
    let store: JobStore
    let options: SessionOptions
    let logger: Logger

    private static let interval = Duration.milliseconds(500)

    /// Whether the service is to end.
    private final class Stop: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock { $0 } }
        func set() { state.withLock { $0 = true } }
    }

    func run() async throws {
        let stop = Stop()
        let worker = Worker("jobs")
        let runner = JobRunner(store, options) { stop.isSet }
        let holder = "serve:\(getpid())"
        await withGracefulShutdownHandler {
            while !stop.isSet {
                do throws(MonikerError) {
                    let worked = try await worker.run { () throws(MonikerError) in
                        try runner.runNext(as: holder)
                    }
                    if worked { continue }
                } catch {
                    logger.error(
                        "the queue of jobs cannot be read",
                        metadata: ["code": "\(error.code.rawValue)", "reason": "\(error.message)"])
                }
                // Only the end of the process cancels this, and the loop sees that by itself.
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        } onGracefulShutdown: {
            stop.set()
        }
    }
}
