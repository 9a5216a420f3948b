import Model
import Synchronization
import UseCases

/// The site behind the service: several readers, and one writer at a time.
final class Site: Sendable {
    private let options: SessionOptions
    private let writer = Worker("write")
    private let lists: [SiteReader]
    private let details: [SiteReader]
    private let keeper: InventoryKeeper
    private let shared = SharedReads<APIAnswer>()
    /// What the pages show, read behind them.
    let watch: LibraryWatch

    /// So many writes may wait; who comes later is told to try again.
    private static let mostWaiting = 64

    init(_ options: SessionOptions) {
        self.options = options
        keeper = InventoryKeeper(options)
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

    /// Takes the inventory for the first lists, while nobody waits for it.
    func warmUp() { keeper.refreshInBackground() }

    /// An answer that callers who ask the same at the same time share.
    ///
    /// - Parameters:
    ///   - key: what is asked: the same key has to mean the same answer.
    ///   - isLong: whether all tables may have to be read.
    func answer(
        sharedAs key: String, isLong: Bool = false,
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        let reader = Self.calmest(isLong ? details : lists)
        return try await shared.run(key, on: reader.worker) { () throws(MonikerError) in
            try reader.perform(body)
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

    /// An answer from the inventory: one of the last seconds, which knows the caller's own changes.
    ///
    /// - Throws: `inventory-building` where it is being taken for the first time and that takes long;
    ///   what the reading throws.
    func answerFromInventory(
        sharedAs key: String, caller: String, isLong: Bool = false,
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        try await keeper.prepare(for: caller)
        let whole = { @Sendable (session: Session) throws(MonikerError) -> APIAnswer in
            guard try session.isInventoryTaken() else { throw Self.isBuilding }
            return try body(session)
        }
        do throws(MonikerError) {
            return try await answer(sharedAs: key, isLong: isLong, whole)
        } catch  where error.code == .inventoryBuilding {
            try await keeper.waitForFirst()
            return try await answer(sharedAs: key, isLong: isLong, whole)
        }
    }

    private static let isBuilding = MonikerError(
        .inventoryBuilding,
        "the images are being looked through for the first time: try again in some seconds",
        details: ["retry_after": "5"])

    /// Changes the site, after every change that came before.
    ///
    /// What has begun is finished, also where the caller goes away or the service is told to stop.
    ///
    /// - Parameter caller: who asks for it, and sees it in the next list.
    /// - Throws: `too-many-requests` while too many wait; `busy` while another process has the site.
    func write<Value: Sendable>(
        for caller: String,
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        guard writer.depth < Self.mostWaiting else {
            throw MonikerError(
                .tooManyRequests, "\(Self.mostWaiting) changes wait already: try again",
                details: ["retry_after": "1"])
        }
        return try await writer.run { () throws(MonikerError) in
            defer {
                self.keeper.noteChange(by: caller)
                self.watch.invalidate()
            }
            return try body(try Session(self.options))
        }
    }
}
