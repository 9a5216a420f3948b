import HomeStore
import Imaging
import Inventory
public import Model
public import Providers

extension Generator {
    /// How many prepared pictures are waited for at once while a batch is filled.
    private static let lookahead = 8

    /// Describes the images by batches, for half the price and within a day.
    ///
    /// First the answers of batches that have ended are collected, also of those that an earlier
    /// process submitted. Then images that nobody was asked about yet are submitted. At last every
    /// image is judged by the answer that is there; those whose batch is still being worked on are
    /// skipped with `batch-pending`, and a later run collects them.
    ///
    /// What a batch holds is on disk before it is submitted. Where the process ends while it is
    /// being submitted, or the provider's answer is lost, nobody knows whether it exists: its images
    /// fail with `batch-uncertain` and are not submitted again until `asksAgain` says so.
    ///
    /// - Parameters:
    ///   - waits: whether to wait for the batches that this run submits.
    /// - Throws: what `run` throws.
    public func run(
        with batches: any BatchDescriber, waits: Bool,
        _ report: @escaping (GenerationEvent) -> Void = { _ in }
    ) async throws(MonikerError) -> GenerationResult {
        let lock = try HomeLock.forGeneration(home: store.home)
        let record = try store.begin(
            digest: options.digest(provider: describing.provider, model: describing.model))
        if options.asksAgain { try store.forgetUncertainBatches() }
        var collected = BatchCollection()
        try await collect(batches, record, waits: false, &collected, report)
        if options.asks, collected.ended == nil {
            try await submit(batches, record, &collected, report)
            if waits { try await collect(batches, record, waits: true, &collected, report) }
        }
        let run = try Run(self, record, report)
        run.failures = collected.failures
        run.spend(collected.usage)
        if let ended = collected.ended { run.end(with: ended) }
        // Whatever has no answer now has been dealt with; it is not asked about one by one.
        while let candidate = try run.nextToAsk() {
            let error =
                collected.ended
                ?? MonikerError(.notAsked, "the image was not part of a batch; run again")
            run.end(candidate, error)
        }
        withExtendedLifetime(lock) {}
        return run.finished()
    }

    /// Collects the answers of batches that have ended.
    private func collect(
        _ batches: any BatchDescriber, _ record: RunRecord, waits: Bool,
        _ collected: inout BatchCollection, _ report: (GenerationEvent) -> Void
    ) async throws(MonikerError) {
        let open = try store.openBatches(
            provider: describing.provider, model: describing.model)
        for batch in open {
            guard let handle = batch.handle else { continue }
            do throws(MonikerError) {
                if waits {
                    try await batches.wait(handle) { status in
                        guard case .working(let done, let total) = status else { return }
                        report(.note("batch \(handle.rawValue): \(done) of \(total) done"))
                    }
                } else if try await batches.status(handle) != .ended {
                    report(.note("batch \(handle.rawValue) is still being worked on"))
                    continue
                }
                try await collect(batches, batch.id, handle, record, &collected)
            } catch {
                // Nothing is lost: a later run asks for the results again.
                if error.code == .cancelled || error.code == .generationUnusable { throw error }
                report(.note("batch \(handle.rawValue) was not collected: \(error.message)"))
                if error.code.endsDescribing { collected.ended = error }
            }
        }
    }

    private func collect(
        _ batches: any BatchDescriber, _ id: Int64, _ handle: BatchHandle, _ record: RunRecord,
        _ collected: inout BatchCollection
    ) async throws(MonikerError) {
        let items = try store.items(ofBatch: id)
        let byName = Dictionary(items.map { ($0.key.name, $0) }) { first, _ in first }
        var (failures, usage) = (collected.failures, ProviderUsage())
        try await batches.collect(handle, expecting: byName.mapValues(\.fields)) {
            (outcome) async throws(MonikerError) in
            guard let item = byName[outcome.id] else { return }
            let answer: StoredAnswer
            switch outcome.result {
            case .success(let said):
                answer = StoredAnswer(
                    result: .success(said.description), model: said.model, usage: said.usage,
                    picture: item.picture)
            case .failure(let error) where error.code.isPaidFailure:
                answer = StoredAnswer(
                    result: .failure(StoredFailure(error)), model: describing.model,
                    usage: error.usage, picture: item.picture)
            case .failure(let error):
                failures[item.key] = error
                try store.leaveBatch(item.key)
                return
            }
            usage = usage + answer.usage
            try store.keep(
                answer, for: item.key, attachment: item.attachment,
                provider: describing.provider, model: describing.model, run: record.id)
        }
        collected.failures = failures
        collected.usage = collected.usage + usage
        try store.close(batch: id)
    }

    /// Submits what nobody was asked about yet.
    private func submit(
        _ batches: any BatchDescriber, _ record: RunRecord, _ collected: inout BatchCollection,
        _ report: (GenerationEvent) -> Void
    ) async throws(MonikerError) {
        // Looks at the images without deciding anything about them.
        let run = try Run(self, record, { _ in })
        run.failures = collected.failures
        var (draft, items) = (batches.draft(), [BatchItem]())
        while collected.ended == nil {
            var candidates: [Candidate] = []
            while candidates.count < Self.lookahead, let candidate = try run.nextToAsk() {
                candidates.append(candidate)
            }
            if candidates.isEmpty { break }
            if Task.isCancelled {
                throw MonikerError(.cancelled, "the run was stopped as was asked")
            }
            for prepared in await prepare(candidates) {
                let (candidate, result) = prepared
                switch result {
                case .failure(let error): collected.failures[candidate.key] = error
                case .success(let (request, notes)):
                    // An opt-out is the end of the image; the last pass would not know of it.
                    if options.rules.honoursOptOut, notes.embedded.forbidsAI {
                        collected.failures[candidate.key] = MonikerError(
                            ErrorCode(SkipReason.aiOptOut.rawValue),
                            "the image's owner forbids giving it to AI")
                        continue
                    }
                    do throws(MonikerError) {
                        if try !batches.add(request, to: &draft) {
                            try await submit(batches, draft, items, record, &collected, report)
                            (draft, items) = (batches.draft(), [])
                            guard collected.ended == nil, try batches.add(request, to: &draft)
                            else { continue }
                        }
                        items.append(
                            BatchItem(
                                key: candidate.key, attachment: candidate.item.id,
                                fields: candidate.fields, picture: notes))
                    } catch {
                        guard error.code == .requestRejected else { throw error }
                        collected.failures[candidate.key] = error
                    }
                }
            }
        }
        if !items.isEmpty, collected.ended == nil {
            try await submit(batches, draft, items, record, &collected, report)
        }
    }

    private func submit(
        _ batches: any BatchDescriber, _ draft: BatchDraft, _ items: [BatchItem],
        _ record: RunRecord, _ collected: inout BatchCollection,
        _ report: (GenerationEvent) -> Void
    ) async throws(MonikerError) {
        let id = try store.open(
            batchOf: items, provider: describing.provider, model: describing.model, run: record.id)
        do throws(MonikerError) {
            let handle = try await batches.submit(draft)
            try store.name(batch: id, handle)
            report(.note("batch \(handle.rawValue) submitted with \(items.count) images"))
        } catch {
            if error.code == .generationUnusable || error.code == .diskFull { throw error }
            report(.note("a batch of \(items.count) images was not submitted: \(error.message)"))
            for item in items { collected.failures[item.key] = error }
            // One that may exist stays in the store, so that nobody submits its images again.
            if error.code != .batchUncertain, error.code != .cancelled {
                try store.close(batch: id)
            }
            if error.code == .cancelled { throw error }
            if error.code.endsDescribing { collected.ended = error }
        }
    }

    private func prepare(
        _ candidates: [Candidate]
    ) async -> [(Candidate, Result<(DescriptionRequest, PictureNotes), MonikerError>)] {
        let (pictures, mode) = (pictures, options.mode)
        return await withTaskGroup(
            of: (Int, Result<(DescriptionRequest, PictureNotes), MonikerError>).self
        ) { group in
            for (index, candidate) in candidates.enumerated() {
                group.addTask {
                    (index, await Self.prepare(candidate, pictures: pictures, mode: mode))
                }
            }
            var results: [(Candidate, Result<(DescriptionRequest, PictureNotes), MonikerError>)?] =
                Array(repeating: nil, count: candidates.count)
            for await (index, result) in group { results[index] = (candidates[index], result) }
            return results.compactMap(\.self)
        }
    }

    private static func prepare(
        _ candidate: Candidate, pictures: any PictureSource, mode: DescriptionMode
    ) async -> Result<(DescriptionRequest, PictureNotes), MonikerError> {
        do throws(MonikerError) {
            let picture = try await pictures.prepare(candidate.path)
            let notes = PictureNotes(
                embedded: picture.embedded, width: picture.facts.width,
                height: picture.facts.height)
            let request = DescriptionRequest(
                id: candidate.key.name, jpeg: picture.jpeg,
                context: candidate.context(with: notes), fields: candidate.fields, mode: mode)
            return .success((request, notes))
        } catch {
            return .failure(error)
        }
    }
}

/// What batches came to, beside the answers in the store.
struct BatchCollection {
    /// Why questions have no answer.
    var failures: [AnswerKey: MonikerError] = [:]
    /// What the collected answers cost.
    var usage = ProviderUsage()
    /// What would be the failure of every further batch too.
    var ended: MonikerError?
}
