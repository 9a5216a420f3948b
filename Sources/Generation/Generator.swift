import Hashing
import HomeStore
public import Inventory
public import Model
import Quality

/// Makes judged texts and names of pictures, and asks about no picture twice.
///
/// For each image: skip rules, context, the answer that is kept or a new one, the quality gate, a name.
/// Nothing is written to the site; what is to be written is handed over at the end, in one piece.
/// Answers are on disk before they are used, so a run that was killed, started again with the same
/// options, asks only about what was not answered yet, and comes to the same decisions. Images that
/// were being asked about when the process was killed are asked again; `uncertainRequests` counts
/// them.
///
/// A value of this type belongs to one task at a time.
public final class Generator {
    let library: any ImageLibrary
    let store: GenerationStore
    let pictures: any PictureSource
    let describing: Describing
    let options: GenerationOptions

    /// Creates a generator for the images of a library.
    public init(
        library: any ImageLibrary, store: GenerationStore, pictures: any PictureSource,
        describing: Describing, options: GenerationOptions
    ) {
        self.library = library
        self.store = store
        self.pictures = pictures
        self.describing = describing
        self.options = options
    }

    /// Creates a generator for a site with database access.
    ///
    /// - Parameters:
    ///   - inventory: refreshed, because its texts are what is compared with before writing.
    ///   - site: read for categories, files' contents and names.
    public convenience init(
        inventory: Inventory, site: InventorySite, store: GenerationStore,
        pictures: any PictureSource, describing: Describing, options: GenerationOptions
    ) {
        self.init(
            library: InventoryLibrary(inventory, site), store: store, pictures: pictures,
            describing: describing, options: options)
    }

    /// Describes the images and decides what becomes of each.
    ///
    /// A failure of one image is no failure of the run. Where a failure would be that of every
    /// further image too (key, quota, payment, budget, model), nobody is asked any more; what is
    /// answered is still used, and the rest fails with that code.
    ///
    /// - Throws: `busy` while another run works with this home; `cancelled` where the task was
    ///   cancelled, after the running requests have ended: their answers are kept; failures of the
    ///   inventory and the store.
    /// - Complexity: a page of the inventory and as many pictures as are worked on at once; the
    ///   result grows with the images by some hundred bytes each.
    public func run(
        _ report: @escaping (GenerationEvent) -> Void = { _ in }
    ) async throws(MonikerError) -> GenerationResult {
        let lock = try HomeLock.forGeneration(home: store.home)
        let record = try store.begin(
            digest: options.digest(provider: describing.provider, model: describing.model))
        if options.asksAgain { try store.forgetUncertainBatches() }
        let run = try Run(self, record, report)
        let asking = Asking(
            store: store, describing: describing, pictures: pictures, mode: options.mode,
            honoursOptOut: options.rules.honoursOptOut, run: record.id)
        try await run.askAll(asking, concurrency: options.concurrency)
        withExtendedLifetime(lock) {}
        return run.finished()
    }

    /// Ends the job once the changes of its result have been applied: their images leave the review
    /// list, and a next run with the same options is a new job.
    ///
    /// - Parameter applied: the attachments that were written.
    /// - Throws: `generation-unusable`.
    public func confirm(
        _ result: GenerationResult, applied: [AttachmentID]
    ) throws(MonikerError) {
        try store.removeReviews(applied)
        try store.finish(run: result.run)
    }
}
