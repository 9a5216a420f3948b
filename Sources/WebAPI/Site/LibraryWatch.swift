import Generation
import Glibc
import Model
import Synchronization
import UseCases

/// What the pages show of the site and its library, read behind them.
///
/// Reading what has changed takes seconds where there are 100,000 images, and counting them a good
/// part of one: a page shows what was counted last, says when that was, and has it counted again.
final class LibraryWatch: Sendable {
    /// What was counted.
    struct Snapshot: Sendable {
        /// The site.
        var site: SiteStatus
        /// The library; nil while it was never read.
        var library: LibraryStatus?
        /// What was paid since the month began.
        var spending: [ModelSpending]
        /// When: seconds since 1970.
        var taken: Int64
    }

    /// What a page sees.
    struct View: Sendable {
        var snapshot: Snapshot?
        /// Why nothing newer could be read; nil where something could.
        var failure: MonikerError?
        var isReading: Bool
    }

    private struct State {
        var snapshot: Snapshot?
        var failure: MonikerError?
        var counted: ContinuousClock.Instant?
        /// How long that took.
        var cost = Duration.zero
        var isReading = false
        /// Counts changes of ours, so that what was read before one is not taken for what is after it.
        var changes = 0
    }

    private let reader: SiteReader
    private let state = Mutex(State())

    /// So old a snapshot may be before it is made again: at least this, and so many times what it
    /// costs, so that somebody who looks at pages does not keep a processor busy.
    private static let staleness = Duration.seconds(5)
    private static let rest = 5
    private static let stepOfPatience = Duration.milliseconds(10)

    init(_ reader: SiteReader) { self.reader = reader }

    /// What the site is called; empty until it is known.
    var siteName: String { state.withLock { $0.snapshot?.site.url ?? "" } }

    /// Says that the site has been changed by us: what is known is old.
    func invalidate() {
        state.withLock {
            $0.counted = nil
            $0.changes += 1
        }
    }

    /// What is known; has it read again where it is old.
    ///
    /// - Parameter patience: how long is waited for something newer where what is known is nothing, or
    ///   older than a change of ours.
    func view(patience: Duration = .milliseconds(60)) async -> View {
        let deadline = ContinuousClock.now + patience
        begin()
        while ContinuousClock.now < deadline, state.withLock({ $0.counted == nil && $0.isReading })
        {
            // Whoever asked may have gone away: what is known is told all the same.
            do { try await Task.sleep(for: Self.stepOfPatience) } catch { break }
        }
        return state.withLock {
            View(snapshot: $0.snapshot, failure: $0.failure, isReading: $0.isReading)
        }
    }

    private func begin() {
        let begins = state.withLock { state in
            let age = state.counted.map { ContinuousClock.now - $0 }
            guard !state.isReading,
                age.map({ $0 > max(Self.staleness, state.cost * Self.rest) }) ?? true
            else { return false }
            state.isReading = true
            return true
        }
        guard begins else { return }
        Task.detached { [self] in
            // What is in the inventory first: reading the site may take long.
            if state.withLock({ $0.snapshot == nil }) { await count(refreshes: false) }
            await count(refreshes: true)
            state.withLock { $0.isReading = false }
        }
    }

    private func count(refreshes: Bool) async {
        let changes = state.withLock { $0.changes }
        let start = ContinuousClock.now
        do throws(MonikerError) {
            let snapshot = try await reader.read { session throws(MonikerError) in
                try Self.snapshot(session, refreshes: refreshes)
            }
            state.withLock {
                $0.snapshot = snapshot
                $0.failure = nil
                if refreshes { $0.cost = .now - start }
                if refreshes, $0.changes == changes { $0.counted = .now }
            }
        } catch {
            state.withLock {
                $0.failure = error
                $0.counted = .now
            }
        }
    }

    private static func snapshot(
        _ session: Session, refreshes: Bool
    ) throws(MonikerError) -> Snapshot {
        let now = Int64(time(nil))
        return Snapshot(
            site: try session.siteStatus(),
            library: try session.libraryStatus(refreshes: refreshes),
            spending: try session.spending(since: startOfMonth(now)), taken: now)
    }

    /// When the month began, in UTC.
    static func startOfMonth(_ now: Int64) -> Int64 {
        var moment = time_t(now)
        // SAFETY: a value of C without a constructor; its one pointer is never followed.
        var parts = unsafe tm()
        // SAFETY: both are ours and live through the call.
        guard unsafe gmtime_r(&moment, &parts) != nil else { return now }
        // SAFETY: numbers, written by the call.
        let (day, hour) = unsafe (Int64(parts.tm_mday), Int64(parts.tm_hour))
        // SAFETY: as above.
        let (minute, second) = unsafe (Int64(parts.tm_min), Int64(parts.tm_sec))
        return now - (day - 1) * 86_400 - hour * 3600 - minute * 60 - second
    }
}
