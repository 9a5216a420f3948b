import Model
import Synchronization
import UseCases

/// Keeps the inventory young on a thread of its own, so that no list waits for the site.
///
/// Whoever has changed something sees it in the next list; changes of others are seen some seconds
/// later.
final class InventoryKeeper: Sendable {
    private struct State {
        /// How many changes the service has made.
        var changes = 0
        /// How many of them the inventory knows; nil before the first refresh.
        var known: Int?
        /// When the last refresh began.
        var refreshed: ContinuousClock.Instant?
        var isRefreshing = false
        /// Why the last refresh failed.
        var failure: MonikerError?
        /// The number of each caller's last change.
        var latest: [String: Int] = [:]
    }

    private let reader: SiteReader
    private let state = Mutex(State())

    /// Older than this, it is refreshed when it is asked for.
    private static let staleness = Duration.seconds(5)
    /// Older than this, a list waits for the refresh, for a while.
    private static let mostStaleness = Duration.seconds(30)
    /// So long a list waits at most for a refresh that is not of its own caller's making.
    private static let mostWaiting = Duration.seconds(2)
    /// So long a list waits at most for the first inventory of all.
    private static let mostBuilding = Duration.seconds(15)

    init(_ options: SessionOptions) {
        reader = SiteReader(options, label: "inventory")
    }

    /// Notes that a caller has changed the site.
    func noteChange(by caller: String) {
        state.withLock { state in
            state.changes += 1
            // Who has changed nothing for so long has seen its changes since.
            if state.latest.count > 1000 { state.latest.removeAll() }
            state.latest[caller] = state.changes
        }
    }

    /// The number of the last change that the service has made.
    var change: Int { state.withLock(\.changes) }

    /// The number of the last change that the inventory knows; -1 for none.
    var knownChange: Int { state.withLock { $0.known ?? -1 } }

    /// The number of a caller's last change.
    func change(by caller: String) -> Int { state.withLock { $0.latest[caller] ?? 0 } }

    /// Sees to it that a list may be answered from the inventory.
    ///
    /// - Parameter caller: who asks; its own changes have to be known.
    /// - Throws: what refreshing it throws where the caller has to wait for that.
    func prepare(for caller: String) async throws(MonikerError) {
        let (own, known, age) = state.withLock { state in
            (
                state.latest[caller] ?? 0, state.known,
                state.refreshed.map { ContinuousClock.now - $0 }
            )
        }
        if let known, known < own { return try await refresh(knowing: own) }
        guard let age, age < Self.staleness else {
            refreshInBackground()
            guard age.map({ $0 > Self.mostStaleness }) ?? true else { return }
            await wait(Self.mostWaiting) {
                $0.refreshed.map { ContinuousClock.now - $0 < Self.mostStaleness } ?? false
            }
            return
        }
    }

    /// Waits for the first inventory of all, but not for ever.
    ///
    /// - Throws: why it cannot be taken.
    func waitForFirst() async throws(MonikerError) {
        refreshInBackground()
        await wait(Self.mostBuilding) { $0.refreshed != nil }
        if let failure = state.withLock(\.failure) { throw failure }
    }

    /// Refreshes it unless that is being done; nobody waits for it.
    func refreshInBackground() {
        let begins = state.withLock { state in
            guard !state.isRefreshing else { return false }
            state.isRefreshing = true
            return true
        }
        guard begins else { return }
        reader.worker.enqueue { [self] in
            defer { state.withLock { $0.isRefreshing = false } }
            do throws(MonikerError) {
                try reader.perform { session throws(MonikerError) in
                    // Lists need not wait until copies are found as well.
                    if state.withLock({ $0.refreshed == nil }) { try refresh(session) }
                    try refresh(session, findsCopies: true)
                }
            } catch {
                // Also where the site cannot be opened.
                state.withLock { $0.failure = error }
            }
        }
    }

    private func refresh(knowing number: Int) async throws(MonikerError) {
        try await reader.read { [self] session throws(MonikerError) in
            // Another one may have done it while this one waited.
            guard state.withLock({ ($0.known ?? -1) < number }) else { return }
            try refresh(session)
        }
    }

    private func refresh(
        _ session: Session, findsCopies: Bool = false
    ) throws(MonikerError) {
        let (changes, start) = state.withLock { ($0.changes, ContinuousClock.now) }
        do throws(MonikerError) {
            try session.refreshInventory(findsCopies: findsCopies)
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
        state.withLock { state in
            state.known = changes
            state.refreshed = start
            state.failure = nil
        }
    }

    /// Waits until the state is as wanted, or nothing is being refreshed.
    private func wait(_ most: Duration, until isWanted: (State) -> Bool) async {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < most {
            if state.withLock({ !$0.isRefreshing || isWanted($0) }) { return }
            // Cancelled with its caller, who does not wait any more.
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return }
        }
    }
}
