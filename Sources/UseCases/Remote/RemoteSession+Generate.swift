import Foundation
public import Generation
import Imaging
import Inventory
public import Model
import RemoteSite

extension RemoteSession {
    /// Describes images, writes what the gate lets through over REST, and puts the rest on the review
    /// list of this site.
    ///
    /// The same way from picture to text as `Session.generate`, with the pictures and texts that the
    /// site shows over REST. Files keep their names.
    ///
    /// - Parameter report: hears of each image, on another thread.
    /// - Throws: `invalid-argument` for options that are none, or that REST cannot do; what choosing
    ///   the provider, listing the images, the store and `RemoteSite.write` throw; `busy` while
    ///   another process generates for this site with this home. A failure of one image is no failure.
    public func generate(
        _ options: GenerateOptions, _ report: @escaping @Sendable (GenerationEvent) -> Void
    ) throws(MonikerError) -> GenerateReport {
        guard !options.renames else {
            throw MonikerError(
                .invalidArgument,
                "files cannot be renamed over REST: leave out --rename, or use a site with database access"
            )
        }
        let store = try GenerationStore(home: try siteFolder())
        var generation = try options.generation(
            isOffline: DescriberSource.provider(options) == "offline")
        let source = try DescriberSource(options) { (provider, model) throws(MonikerError) in
            try store.spent(generation, provider: provider, model: model)
        } paid: { (since) throws(MonikerError) in
            try store.paid(since: since)
        }
        generation.concurrency = source.concurrency
        // A dry run of a paid provider costs nothing: it shows what is known already.
        if options.isDryRun, source.remote != nil { generation.asks = false }
        let images = try library(generation)
        let generator = Generator(
            library: RemoteLibrary(site, images), store: store,
            pictures: RemotePictures(
                site, images,
                PicturePreparation(workers: ProcessInfo.processInfo.activeProcessorCount)),
            describing: source.describing, options: generation)
        var estimate: GenerationEstimate?
        if source.remote != nil {
            let made = try generator.estimate(source.remote, isBatch: source.batches != nil)
            estimate = made
            report(.note(Session.sentence(made)))
        }
        let result = try Session.run(generator, source, options, report)
        let (change, isComplete) = try write(result.changes, isDryRun: options.isDryRun)
        // A job whose writing ended early goes on with the next call of the same command.
        if !options.isDryRun, isComplete {
            let left = change.left
            try generator.confirm(
                result,
                applied: result.changes.map(\.attachment).filter { !left.contains($0.rawValue) })
        }
        var all = change
        all.add(result)
        var answer = GenerateReport(result, change: all, estimate: estimate)
        if let count = options.sample {
            answer.sample = Session.sample(
                result, count, seed: options.seed ?? UInt64.random(in: 0 ... .max))
        }
        return answer
    }

    /// All images, because no text may be that of another one, with the posts of those that may be
    /// described.
    private func library(
        _ options: GenerationOptions
    ) throws(MonikerError) -> [RemoteImage] {
        let (site, show) = (site, report("Reading images"))
        return try Blocking.run { () async throws(MonikerError) in
            let images = try await site.images(progress: show)
            try await site.loadPosts(
                of: images.filter { image in
                    guard case .some(let chosen) = options.selection else {
                        return options.missing.map(image.item.missing.contains) ?? true
                    }
                    return chosen.contains(image.id)
                })
            return images
        }
    }

    // MARK: Writing

    /// Writes texts, and tells whether nothing ended it early.
    func write(
        _ changes: [AttachmentChange], isDryRun: Bool
    ) throws(MonikerError) -> (report: ChangeReport, isComplete: Bool) {
        guard !isDryRun else { return (ChangeReport(planned: changes), true) }
        guard !changes.isEmpty else {
            return (ChangeReport(RemoteReport(), reverting: nil), true)
        }
        let (site, show) = (site, report("Writing texts"))
        let written = try Blocking.run { () async throws(MonikerError) in
            try await site.write(changes, progress: show)
        }
        return (ChangeReport(written, reverting: nil), written.failure == nil)
    }
}
