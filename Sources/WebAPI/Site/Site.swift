import Model
import Synchronization
import UseCases

/// The site behind the service: several readers, and one writer at a time.
final class Site: Sendable {
    private let options: SessionOptions
    private let writer = Worker("write")
    /// What changes need again and again.
    private let home = OpenHome(isIndexKept: true)
    private let lists: [SiteReader]
    private let details: [SiteReader]
    private let images: GatheredReads<AttachmentID, APIAnswer>
    private let keeper: InventoryKeeper
    private let shared = SharedReads<APIAnswer>()
    private let shelf = AnswerShelf()
    /// What the pages show, read behind them.
    let watch: LibraryWatch
    /// Says that something has been changed, once for any number of changes nobody has heard of; for
    /// one listener.
    let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation

    /// So many writes may wait; who comes later is told to try again.
    private static let mostWaiting = 64
    /// A list is as old as the inventory: a little more does not matter.
    private static let listAge = Duration.seconds(1)
    /// So many single images are read together at most.
    private static let mostImages = 16
    /// Who reads them: several, so that they have their share of the processors among all threads.
    private static let imageReaders = 4

    init(_ options: SessionOptions) {
        self.options = options
        keeper = InventoryKeeper(options)
        lists = (1...2).map { SiteReader(options, label: "list-\($0)") }
        details = (1...2).map { SiteReader(options, label: "detail-\($0)") }
        images = GatheredReads(
            (1...Self.imageReaders).map {
                Self.imageReader(SiteReader(options, label: "image-\($0)"))
            },
            most: Self.mostImages, missing: Session.unknownAttachment)
        watch = LibraryWatch(SiteReader(options, label: "watch"))
        (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    private static func imageReader(
        _ reader: SiteReader
    ) -> GatheredReads<AttachmentID, APIAnswer>.Reader {
        GatheredReads.Reader(worker: reader.worker) { ids throws(MonikerError) in
            try reader.perform { session throws(MonikerError) in
                guard try session.isInventoryTaken() else { throw isBuilding }
                return try session.attachmentDetails(ids, refreshes: false).mapValues {
                    .tagged($0)
                }
            }
        }
    }

    /// How many writes wait or run.
    var writesWaiting: Int { writer.depth }

    /// The number of the last change that the service has made.
    var newestChange: Int { keeper.change }

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

    /// An answer that callers who ask the same at the same time share; where the readers are busy, it
    /// may be one of the last moments, which knows the caller's own changes.
    ///
    /// - Parameter key: what is asked: the same key has to mean the same answer.
    func answer(
        sharedAs key: String, caller: String,
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        try await answer(
            sharedAs: key, knowing: keeper.change(by: caller),
            newest: { [keeper] in keeper.change },
            body)
    }

    /// The same, for an answer that has to know a certain change.
    ///
    /// - Parameters:
    ///   - change: the change that the answer has to know.
    ///   - age: how old it may be where the readers have nothing else to do.
    ///   - newest: the last change that an answer knows whose reading begins now.
    private func answer(
        sharedAs key: String, knowing change: Int, within age: Duration = .zero,
        newest: @escaping @Sendable () -> Int,
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        let reader = Self.calmest(lists)
        let isBusy = reader.worker.depth > 0
        return try await kept(
            key, knowing: change, within: isBusy ? AnswerShelf.lifetime : age, newest: newest
        ) { [shared] () async throws(MonikerError) in
            try await shared.run(key, on: reader.worker) { () throws(MonikerError) in
                try reader.perform(body)
            }
        }
    }

    /// An answer of the last moments, or a new one.
    private func kept(
        _ key: String, knowing change: Int, within age: Duration,
        newest: @escaping @Sendable () -> Int,
        _ make: @escaping @Sendable () async throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        let makeAnew = { @Sendable [shelf] () async throws(MonikerError) -> APIAnswer in
            let (began, known) = (ContinuousClock.now, newest())
            let answer = try await make()
            shelf.keep(answer, to: key, began: began, knowing: known)
            return answer
        }
        guard let kept = shelf.answer(to: key, knowing: change, within: age) else {
            return try await makeAnew()
        }
        // A failure is told to whoever asks when the old answer's time is up.
        if kept.isDue { Task.detached { _ = try await makeAnew() } }
        return kept.answer
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
        sharedAs key: String, caller: String,
        _ body: @escaping @Sendable (Session) throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        try await keeper.prepare(for: caller)
        let change = keeper.change(by: caller)
        return try await onceTaken { () async throws(MonikerError) in
            try await answer(
                sharedAs: key, knowing: change, within: Self.listAge,
                newest: { [keeper] in keeper.knownChange }
            ) { session throws(MonikerError) in
                guard try session.isInventoryTaken() else { throw Self.isBuilding }
                return try body(session)
            }
        }
    }

    /// One attachment with everything that is known of it: its references are those of this moment,
    /// or of the last moments where the readers are busy; it knows the caller's own changes.
    ///
    /// - Throws: `unknown-attachment`; as `answerFromInventory`.
    func image(_ id: AttachmentID, caller: String) async throws(MonikerError) -> APIAnswer {
        try await keeper.prepare(for: caller)
        let change = keeper.change(by: caller)
        return try await onceTaken { () async throws(MonikerError) in
            try await kept(
                "image\n\(id)", knowing: change,
                within: images.isBusy ? AnswerShelf.lifetime : .zero,
                newest: { [keeper] in keeper.knownChange }
            ) { [images] () async throws(MonikerError) in try await images.read(id) }
        }
    }

    /// Answers from the inventory; where it is being taken for the first time, waits and tries again.
    private func onceTaken(
        _ body: () async throws(MonikerError) -> APIAnswer
    ) async throws(MonikerError) -> APIAnswer {
        do throws(MonikerError) {
            return try await body()
        } catch  where error.code == .inventoryBuilding {
            try await keeper.waitForFirst()
            return try await body()
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
                self.changed.yield()
            }
            return try self.perform(body)
        }
    }

    /// Brings the reference index up to date, after every change that came before.
    ///
    /// - Returns: what a person should know.
    /// - Throws: as `Session.keepUpIndex`.
    func keepUpIndex() async throws(MonikerError) -> [String] {
        try await writer.run { () throws(MonikerError) in
            try self.perform { session throws(MonikerError) in
                try session.keepUpIndex()
                return session.notes
            }
        }
    }

    /// Works with the home that changes keep open, on the thread of the writer.
    private func perform<Value>(
        _ body: (Session) throws(MonikerError) -> Value
    ) throws(MonikerError) -> Value {
        do throws(MonikerError) {
            return try body(try Session(options, home: home))
        } catch {
            home.close()
            throw error
        }
    }
}
