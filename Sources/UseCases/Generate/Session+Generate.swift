import Engine
import Foundation
public import Generation
import HTTPClient
import Imaging
import Inventory
public import Model
import WordPress

extension Session {
    private var home: String { String(decoding: homeFolder, as: UTF8.self) }

    /// Describes images, writes what the gate lets through as one change set, and puts the rest on the
    /// review list.
    ///
    /// Answers are kept as they come: where the process is killed, or a failure ends it, the same
    /// command goes on from there.
    ///
    /// - Parameter report: hears of each image, on another thread.
    /// - Throws: `invalid-argument` for options that are none; what choosing the provider, reading the
    ///   site, the store and writing throw; `busy` while another process generates with this home.
    ///   A failure of one image is no failure.
    public func generate(
        _ options: GenerateOptions, _ report: @escaping @Sendable (GenerationEvent) -> Void
    ) throws(MonikerError) -> GenerateReport {
        let store = try GenerationStore(home: home)
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
        let generator = Generator(
            inventory: try refreshedInventory(hashing: .sameSize), site: inventorySite,
            store: store,
            pictures: SitePictures(
                PicturePreparation(workers: ProcessInfo.processInfo.activeProcessorCount),
                uploads: String(decoding: site.uploads.directory, as: UTF8.self)),
            describing: source.describing, options: generation)
        var estimate: GenerationEstimate?
        if source.remote != nil {
            let made = try generator.estimate(source.remote, isBatch: source.batches != nil)
            estimate = made
            report(.note(Self.sentence(made)))
        }
        do throws(MonikerError) {
            let result = try Self.run(generator, source, options, report)
            let written = try write(result, generator, options)
            var answer = GenerateReport(result, change: written, estimate: estimate)
            if let count = options.sample {
                answer.sample = Self.sample(
                    result, count, seed: options.seed ?? outsideRandom())
            }
            tell(options, result, journal: written.journal, failure: result.ended)
            return answer
        } catch {
            tell(options, nil, journal: nil, failure: error)
            throw error
        }
    }

    static func run(
        _ generator: Generator, _ source: DescriberSource, _ options: GenerateOptions,
        _ report: @escaping @Sendable (GenerationEvent) -> Void
    ) throws(MonikerError) -> GenerationResult {
        // SAFETY: this thread waits until the other one has ended, so one at a time uses it.
        nonisolated(unsafe) let generator = generator
        let waits = options.waitsForBatches
        return try Blocking.run { () async throws(MonikerError) in
            if let batches = source.batches {
                return unsafe try await generator.run(with: batches, waits: waits, report)
            }
            return unsafe try await generator.run(report)
        }
    }

    /// Writes what is to be written, and takes it off the review list.
    private func write(
        _ result: GenerationResult, _ generator: Generator, _ options: GenerateOptions
    ) throws(MonikerError) -> ChangeReport {
        var report: ChangeReport
        if result.changes.isEmpty {
            report = ChangeReport(findings: [])
            report.state = options.isDryRun ? .planned : .done
        } else {
            report = try write(
                result.changes, kind: .generate, keepOld: options.keepOld,
                isDryRun: options.isDryRun, updatesContents: options.updatesContents)
        }
        if !options.isDryRun {
            let left = Set(report.skipped.map(\.attachment))
            try generator.confirm(
                result,
                applied: result.changes.map(\.attachment).filter { !left.contains($0.rawValue) })
        }
        report.add(result)
        return report
    }

    private func outsideRandom() -> UInt64 { ports.random.next() }

    static func sample(
        _ result: GenerationResult, _ count: Int, seed: UInt64
    ) -> [GenerateReport.Sample] {
        result.sample(count, seed: seed).map { item in
            GenerateReport.Sample(
                attachment: item.attachment, file: item.path, state: item.state.rawValue,
                texts: Dictionary(
                    uniqueKeysWithValues: item.texts.map { ($0.key.rawValue, $0.value) }),
                name: item.name)
        }
    }

    /// The estimate for people.
    static func sentence(_ estimate: GenerationEstimate) -> String {
        let skipped = estimate.skipped.values.reduce(0, +)
        let cost = estimate.microdollars.map {
            "about $" + String(format: "%.4f", Double($0) / 1_000_000)
        }
        let tokens = estimate.inputTokens.flatMap { input in
            estimate.outputTokens.map { "about \(input) tokens sent and \($0) received, " }
        }
        return
            "at most \(estimate.requests) of \(estimate.images) images are asked about (\(skipped) left out): \(tokens ?? "")\(cost ?? "the price of this model is not known")"
    }

    /// Tells the web hook that the job has ended; a failure of that is a note.
    private func tell(
        _ options: GenerateOptions, _ result: GenerationResult?, journal: String?,
        failure: MonikerError?
    ) {
        let environment = ProcessInfo.processInfo.environment
        guard !options.isDryRun, let url = options.webhook ?? environment["MONIKER_WEBHOOK"],
            !url.isEmpty
        else { return }
        let secret = environment["MONIKER_WEBHOOK_SECRET"].map { Array($0.utf8) }
        var counts = GenerationProgress.Counts()
        counts.applied = result?.applied.count ?? 0
        counts.review = result?.review.count ?? 0
        counts.skipped = result?.skipped.count ?? 0
        counts.failed = result?.failed.count ?? 0
        let message = WebhookMessage(
            site: site.uploads.url, failure: failure.map { WebhookMessage.Failure($0) },
            journal: journal, counts: counts, usage: result?.usage ?? ProviderUsage(requests: 0))
        do throws(MonikerError) {
            let hook = Webhook(url: url, secret: secret, client: try HTTPClient())
            try Blocking.run { () async throws(MonikerError) in try await hook.send(message) }
        } catch {
            note(error.message)
        }
    }
}

extension ChangeReport {
    /// Adds what became of the images that nothing was written to.
    mutating func add(_ result: GenerationResult) {
        skipped += result.skipped.map {
            Skipped(attachment: $0.attachment, reason: $0.reason ?? "", detail: $0.detail)
        }
        if state == .done, !result.failed.isEmpty {
            state = journal == nil ? .refused : .partial
        }
        if state == .refused, error == nil {
            let first = result.failed.first
            error = Failure(
                code: result.ended?.code.rawValue ?? first?.reason ?? "",
                message: "nothing was changed: \(result.ended?.message ?? first?.detail ?? "")",
                details: first.map { ["attachment": "\($0.attachment)"] } ?? [:])
        }
    }
}
