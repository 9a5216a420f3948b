import Inventory
import Model
import Naming
import Providers
import Quality

/// One run while it works: what has been decided, and what is still asked.
final class Run {
    let generator: Generator
    let record: RunRecord
    private let report: (GenerationEvent) -> Void
    private let gate: QualityGate
    private var source: CandidateSource
    private var register: AltRegister
    private var names: NewNames
    private var result: GenerationResult
    private var progress = GenerationProgress()
    private let start = ContinuousClock.now
    /// Images whose question is being asked for another one, by question.
    private var followers: [AnswerKey: [Candidate]] = [:]
    private var admitted = 0
    /// How many images in sequence nobody has answered about.
    private var failuresInSequence = 0
    /// So many, or twice as many as are asked about at once, and the provider counts as away.
    private static let mostFailures = 10
    /// Why questions have no answer that were asked in this run and not kept.
    var failures: [AnswerKey: MonikerError] = [:]

    var options: GenerationOptions { generator.options }
    private var store: GenerationStore { generator.store }

    init(
        _ generator: Generator, _ record: RunRecord, _ report: @escaping (GenerationEvent) -> Void
    ) throws(MonikerError) {
        self.generator = generator
        self.record = record
        self.report = report
        gate = QualityGate(limits: generator.options.limits)
        source = CandidateSource(generator.library, generator.options)
        register = try AltRegister(generator.library)
        names = NewNames(generator.library)
        result = GenerationResult(run: record.id)
        result.uncertainRequests = record.uncertain
        result.jobMicrodollars = record.microdollars
        progress.total = try source.count()
        report(.began(progress))
        if record.uncertain > 0 {
            report(
                .note(
                    "\(record.uncertain) requests were on their way when a run was stopped: they may have been paid for, and are asked again"
                ))
        }
    }

    // MARK: The loop

    /// Works through all images, at most so many at once.
    func askAll(_ asking: Asking, concurrency: Int) async throws(MonikerError) {
        var failure: MonikerError?
        await withTaskGroup(of: Outcome.self) { group in
            var running = 0
            var isAtEnd = false
            while true {
                while running < max(1, concurrency), !isAtEnd, failure == nil, !Task.isCancelled {
                    do throws(MonikerError) {
                        guard let candidate = try nextToAsk() else {
                            isAtEnd = true
                            break
                        }
                        group.addTask { await asking.ask(candidate) }
                        running += 1
                    } catch { failure = error }
                }
                guard let outcome = await group.next() else { return }
                running -= 1
                do throws(MonikerError) { try take(outcome) } catch {
                    // Answers that are on their way are worth money: they are waited for.
                    failure = failure ?? error
                }
            }
        }
        if let failure { throw failure }
        if Task.isCancelled {
            throw MonikerError(
                .cancelled,
                "the run was stopped as was asked; what was answered is kept, and the same command goes on from there"
            )
        }
    }

    /// The next image that somebody has to be asked about; those before it end here.
    func nextToAsk() throws(MonikerError) -> Candidate? {
        while let candidate = try nextCandidate() {
            if try judgeFromStore(candidate) { continue }
            if let pending = try store.batch(of: candidate.key) {
                end(
                    candidate, pending.isSubmitted ? .skipped : .failed,
                    pending.isSubmitted
                        ? ErrorCode.batchPending.rawValue : ErrorCode.batchUncertain.rawValue)
            } else if let error = failures[candidate.key] ?? result.ended {
                end(candidate, error)
            } else if !options.asks {
                end(candidate, .skipped, ErrorCode.notAsked.rawValue)
            } else if followers[candidate.key] != nil {
                followers[candidate.key, default: []].append(candidate)
            } else {
                followers[candidate.key] = []
                return candidate
            }
        }
        return nil
    }

    /// The next image that is not left out.
    func nextCandidate() throws(MonikerError) -> Candidate? {
        while options.limit.map({ admitted < $0 }) ?? true, let (id, item) = try source.next() {
            guard let item else {
                end(
                    GenerationItem(
                        id.rawValue, path: "", .failed,
                        reason: ErrorCode.unknownAttachment.rawValue,
                        detail:
                            "there is no image \(id); check the id, or scan the site if it is new"))
                continue
            }
            do throws(MonikerError) {
                if let candidate = try candidate(item) {
                    admitted += 1
                    return candidate
                }
            } catch {
                // A file that cannot be read is the end of that image, not of the run.
                guard error.isAboutOneFile else { throw error }
                end(
                    GenerationItem(
                        item.id, path: item.path, .failed, reason: error.code.rawValue,
                        detail: error.message))
            }
        }
        return nil
    }

    private func candidate(_ item: InventoryItem) throws(MonikerError) -> Candidate? {
        let wanted = options.wanted(item)
        if let reason = options.reasonToSkip(item, wanted: wanted) {
            if reason == SkipReason.complete.rawValue, try nameAlone(item) { return nil }
            end(
                GenerationItem(
                    item.id, path: item.path, .skipped, reason: reason, texts: item.texts))
            return nil
        }
        let path = try Self.path(of: item)
        guard
            var context = try generator.library.context(
                for: AttachmentID(item.id), website: options.website)
        else { return nil }
        if let language = options.language { context.language = language }
        let key = AnswerKey(
            content: try generator.library.content(of: item, at: path),
            describing: generator.describing,
            mode: options.mode, fields: wanted, context: context)
        if try store.isRejected(item.id, key: key), !options.asksAgain {
            end(
                GenerationItem(
                    item.id, path: item.path, .skipped, reason: "rejected", texts: item.texts))
            return nil
        }
        return Candidate(item: item, path: path, fields: wanted, context: context, key: key)
    }

    private static func path(of item: InventoryItem) throws(MonikerError) -> MediaPath {
        guard !item.path.isEmpty else {
            throw MonikerError(
                .externalFile, "the file of \(item.id) is not in the uploads folder")
        }
        return try MediaPath(item.path)
    }

    /// Names an image that has all its texts, from these; false where its name stays.
    ///
    /// Among all images only a camera's name is replaced: a name that says something may have come
    /// from an earlier run, and a second one is to change nothing.
    private func nameAlone(_ item: InventoryItem) throws(MonikerError) -> Bool {
        guard options.renames, item.hasCameraName || options.selection != .all else {
            return false
        }
        guard
            let context = try generator.library.context(for: AttachmentID(item.id), website: ""),
            let stem = try names.stem(
                for: try Self.path(of: item),
                from: .init(description: ImageDescription(), context: context),
                language: options.language ?? item.language)
        else { return false }
        admitted += 1
        result.changes.append(
            AttachmentChange(
                attachment: AttachmentID(item.id), texts: [:], source: source(""), stem: stem))
        end(
            GenerationItem(
                item.id, path: item.path, .applied, name: String(decoding: stem, as: UTF8.self)))
        return true
    }

    // MARK: Answers

    private func take(_ outcome: Outcome) throws(MonikerError) {
        let waiting = followers.removeValue(forKey: outcome.candidate.key) ?? []
        switch outcome.result {
        case .answered(let answer):
            failuresInSequence = 0
            spend(answer.usage)
            try judge(outcome.candidate, answer, isFromStore: false)
            for candidate in waiting { try judge(candidate, answer, isFromStore: true) }
        case .forbidden:
            for candidate in [outcome.candidate] + waiting {
                end(candidate, .skipped, SkipReason.aiOptOut.rawValue)
            }
        case .failed(let error):
            spend(error.usage)
            if error.details["sent"] == "true" { result.uncertainRequests += 1 }
            failuresInSequence = error.code.isProviderAway ? failuresInSequence + 1 : 0
            let isAway = failuresInSequence >= max(Self.mostFailures, 2 * options.concurrency)
            if error.code.endsDescribing || isAway, result.ended == nil {
                result.ended = error
                report(.note("\(error.message); nobody is asked any more"))
            }
            for candidate in [outcome.candidate] + waiting { end(candidate, error) }
        }
    }

    func spend(_ usage: ProviderUsage) {
        result.usage = result.usage + usage
        result.jobMicrodollars += usage.microdollars
        progress.usage = result.usage
    }

    /// Judges an image by the answer that is kept; false where there is none.
    private func judgeFromStore(_ candidate: Candidate) throws(MonikerError) -> Bool {
        guard let (answer, run) = try store.answer(candidate.key),
            !options.asksAgain || run == record.id
        else { return false }
        try judge(candidate, answer, isFromStore: true)
        return true
    }

    private func judge(
        _ candidate: Candidate, _ answer: StoredAnswer, isFromStore: Bool
    ) throws(MonikerError) {
        let description: ImageDescription
        switch answer.result {
        case .failure(let failure): return end(candidate, failure.error)
        case .success(let said): description = said
        }
        result.described += 1
        if options.rules.honoursOptOut, answer.picture.embedded.forbidsAI {
            return end(candidate, .skipped, SkipReason.aiOptOut.rawValue)
        }
        let context = candidate.context(with: answer.picture)
        let verdict = gate.judge(
            description, context: context, wanted: candidate.fields, keywords: options.keywords,
            recognizedText: answer.picture.recognised
        ) { register.other(than: candidate.item, with: $0) }
        let sources = SEOSources(description, verdict, context)
        var item = GenerationItem(
            candidate.item.id, path: candidate.item.path, .applied, texts: verdict.texts,
            isFromStore: isFromStore)
        guard let finding = verdict.rejections.first else {
            let stem =
                options.renames
                ? try names.stem(
                    for: candidate.path, from: sources.value, language: context.language) : nil
            // What is empty clears nothing, but for the text of a decoration.
            let texts = verdict.texts.filter {
                !$0.value.isEmpty || $0.key == .alt && verdict.outcome == .decorative
            }
            result.changes.append(
                AttachmentChange(
                    attachment: candidate.id, texts: texts, source: source(answer.model),
                    expected: candidate.expected.filter { texts[$0.key] != nil }, stem: stem))
            if let alt = texts[.alt] {
                register.add(QualityGate.comparisonKey(of: alt), candidate.item)
            }
            item.name = stem.map { String(decoding: $0, as: UTF8.self) }
            return end(item)
        }
        item.state = .review
        item.reason = finding.code.rawValue
        item.detail = finding.sentence
        try store.review(
            ReviewItem(
                attachment: candidate.item.id, path: candidate.item.path,
                reason: finding.code.rawValue, findings: verdict.findings, texts: verdict.texts,
                expected: candidate.expected, description: description, context: context,
                recognised: answer.picture.recognised, provider: generator.describing.provider,
                model: answer.model, renames: options.renames, stored: GenerationStore.now()),
            key: candidate.key)
        end(item)
    }

    private func source(_ model: String) -> TextSource {
        .model(
            provider: generator.describing.provider,
            model: model.isEmpty ? generator.describing.model : model)
    }

    // MARK: Ends

    /// Nobody is asked from here on.
    func end(with error: MonikerError) { result.ended = error }

    func end(_ candidate: Candidate, _ error: MonikerError) {
        if error.code.rawValue == SkipReason.aiOptOut.rawValue {
            return end(candidate, .skipped, error.code.rawValue)
        }
        end(
            GenerationItem(
                candidate.item.id, path: candidate.item.path, .failed, reason: error.code.rawValue,
                detail: error.message))
    }

    func end(_ candidate: Candidate, _ state: GenerationItem.State, _ reason: String) {
        end(
            GenerationItem(
                candidate.item.id, path: candidate.item.path, state, reason: reason,
                texts: candidate.item.texts))
    }

    func end(_ item: GenerationItem) {
        switch item.state {
        case .applied: result.applied.append(item)
        case .review: result.review.append(item)
        case .skipped: result.skipped.append(item)
        case .failed: result.failed.append(item)
        }
        progress.done += 1
        progress.counts.add(item.state)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if seconds > 1, progress.done * 20 > progress.total {
            progress.secondsLeft = Int(
                seconds / Double(progress.done) * Double(progress.total - progress.done))
        }
        report(.item(item))
        report(.progress(progress))
    }

    func note(_ text: String) { report(.note(text)) }

    func finished() -> GenerationResult {
        result.changes.sort { $0.attachment < $1.attachment }
        return result
    }
}

extension ErrorCode {
    /// Whether the provider, after all attempts, could not be reached or did not work.
    fileprivate var isProviderAway: Bool {
        [.networkFailed, .timedOut, .providerFailed, .rateLimited].contains(self)
    }
}

extension MonikerError {
    /// Whether it is about the file of one image, and the next one may be fine.
    var isAboutOneFile: Bool {
        [
            .fileMissing, .fileChanged, .permissionDenied, .unsafePath, .externalFile,
            .uploadsUnreadable, .fileSystemFailed,
        ].contains(code)
    }
}
