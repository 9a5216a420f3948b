internal import Dispatch
import Model
import Synchronization

/// A call that runs on another thread while the caller goes on with something else.
///
/// The caller has to `wait()` before it uses anything that the call uses.
final class BackgroundCall<Value>: Sendable {
    private let group = DispatchGroup()
    private let outcome = Mutex<HandedOver<Result<Value, MonikerError>>?>(nil)

    /// Starts the call.
    init(_ call: @escaping () throws(MonikerError) -> Value) {
        let handed = HandedOver(call)
        DispatchQueue.ownThread.async(group: group) {
            let result = HandedOver(Result { () throws(MonikerError) in try handed.value() })
            self.outcome.withLock { $0 = result }
        }
    }

    /// Waits for the end of the call, and says how it ended.
    func wait() -> Result<Value, MonikerError> {
        group.wait()
        guard let result = outcome.withLock({ $0 }) else {
            preconditionFailure("the group ends with the call")
        }
        return result.value
    }
}

extension DispatchQueue {
    /// A queue that gets a thread at once.
    ///
    /// The shared one has as many threads as the machine has cores, and only once a second looks
    /// whether they all wait; work that others wait for would wait as long.
    static var ownThread: DispatchQueue { DispatchQueue(label: "moniker") }
}
