internal import Dispatch
import Synchronization

/// Tells a database transaction what became of the one before it, which it has to wait for.
final class PartTurn: Sendable {
    private let isCommitted = Mutex<Bool?>(nil)
    private let group = DispatchGroup()

    init() { group.enter() }

    /// Says how the transaction went; only the first word counts.
    ///
    /// - Parameter isCommitted: false also where it is going to be tried again: what waits for it
    ///   may hold the lock that it needs.
    func end(isCommitted outcome: Bool) {
        let isFirst = isCommitted.withLock { known in
            defer { known = known ?? outcome }
            return known == nil
        }
        if isFirst { group.leave() }
    }

    /// Waits for that word.
    func wait() -> Bool {
        group.wait()
        return isCommitted.withLock { $0 } == true
    }
}
