import Dispatch
import Model
import Synchronization

/// Waits for asynchronous work in a program that is synchronous.
enum Blocking {
    /// Runs `work` on another thread and returns when it has ended.
    ///
    /// Never called from asynchronous code, whose thread it would hold.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(MonikerError) -> Value
    ) throws(MonikerError) -> Value {
        let outcome = Mutex<Result<Value, MonikerError>?>(nil)
        let end = DispatchSemaphore(value: 0)
        let box = Box(outcome: outcome)
        Task.detached {
            let result: Result<Value, MonikerError>
            do throws(MonikerError) {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            box.outcome.withLock { $0 = result }
            end.signal()
        }
        end.wait()
        guard let result = box.outcome.withLock({ $0 }) else {
            preconditionFailure("the work has signalled its end without a result")
        }
        return try result.get()
    }

    private final class Box<Value: Sendable>: Sendable {
        let outcome: Mutex<Result<Value, MonikerError>?>

        init(outcome: consuming Mutex<Result<Value, MonikerError>?>) { self.outcome = outcome }
    }
}
