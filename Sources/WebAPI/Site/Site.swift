import Model
import Synchronization
import UseCases

/// The site behind the service: several readers, and one writer at a time.
final class Site: Sendable {
    private let options: SessionOptions
    private let writer = Worker("write")
    private let lists: [SiteReader]
    private let details: [SiteReader]
    private let freshness = Mutex(Freshness())
    /// What the pages show, read behind them.
    let watch: LibraryWatch

    private struct Freshness {
        var refreshed: ContinuousClock.Instant?
        var isRefreshing = false
    }

    /// So many writes may wait; who comes later is told to try again.
    private static let mostWaiting = 64
    /// So old the inventory may be that a list is answered from.
    private static let staleness = Duration.seconds(5)

    init(_ options: SessionOptions) {
        self.options = options
        lists = (1...2).map { SiteReader(options, label: "list-\($0)") }
        details = (1...2).map { SiteReader(options, label: "detail-\($0)") }
        watch = LibraryWatch(SiteReader(options, label: "watch"))
    }

    /// How many writes wait or run.
    var writesWaiting: Int { writer.depth }

    /// Asks the site something that takes milliseconds.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        try await Self.calmest(lists).read(body)
    }

    /// Asks the site something that may read all of its tables.
    func examine<Value: Sendable>(
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        try await Self.calmest(details).read(body)
    }

    private static func calmest(_ readers: [SiteReader]) -> SiteReader {
        readers.min { $0.worker.depth < $1.worker.depth } ?? readers[0]
    }

    /// A page of images, from an inventory of the last seconds.
    func images(
        _ filter: ImageFilter, after: AttachmentID?, limit: Int
    ) async throws(MonikerError) -> ImagePage {
        try await read { session throws(MonikerError) in
            let refreshes = self.beginRefreshing()
            defer { if refreshes { self.endRefreshing() } }
            return try session.imagePage(filter, after: after, limit: limit, refreshes: refreshes)
        }
    }

    /// A page of images, from the inventory as it is; nil where it was never taken.
    func knownImages(
        _ filter: ImageFilter, after: AttachmentID?, limit: Int
    ) async throws(MonikerError) -> ImagePage? {
        try await read { session throws(MonikerError) in
            guard try session.isInventoryTaken() else { return nil }
            return try session.imagePage(filter, after: after, limit: limit, refreshes: false)
        }
    }

    private func beginRefreshing() -> Bool {
        freshness.withLock { freshness in
            let age = freshness.refreshed.map { ContinuousClock.now - $0 }
            guard !freshness.isRefreshing, age.map({ $0 > Self.staleness }) ?? true else {
                return false
            }
            freshness.isRefreshing = true
            return true
        }
    }

    private func endRefreshing() {
        freshness.withLock { $0 = Freshness(refreshed: .now) }
    }

    /// Changes the site, after every change that came before.
    ///
    /// What has begun is finished, also where the caller goes away or the service is told to stop.
    ///
    /// - Throws: `too-many-requests` while too many wait; `busy` while another process has the site.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        guard writer.depth < Self.mostWaiting else {
            throw MonikerError(
                .tooManyRequests, "\(Self.mostWaiting) changes wait already: try again",
                details: ["retry_after": "1"])
        }
        return try await writer.run { () throws(MonikerError) in
            defer {
                self.freshness.withLock { $0.refreshed = nil }
                self.watch.invalidate()
            }
            return try body(try Session(self.options))
        }
    }
}
