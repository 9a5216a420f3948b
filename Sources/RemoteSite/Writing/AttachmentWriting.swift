import Model

/// What is to be written to one attachment.
struct AttachmentWriting: Sendable {
    var attachment: AttachmentID
    var texts: [MetadataField: String]
    /// What the site has to hold; a field that is absent is not checked.
    var expected: [MetadataField: String]
    /// Nil where earlier texts are put back.
    var source: TextSource?
}

/// The writing of one attachment: read, compare, record, send, read back.
struct Writing: Sendable {
    let site: RemoteSite
    let task: AttachmentWriting
    let changeSet: RemoteChangeID
    let created: Int64
    let reverting: RemoteChangeID?
    /// The attachments that are known to be decoration.
    let decorative: Set<Int64>

    /// Does it all.
    ///
    /// - Returns: what became of each text, and the failure, if there was one.
    /// - Throws: `history-unusable`, after which nothing more may be sent.
    func run() async throws(MonikerError) -> ([RemoteChange], MonikerError?) {
        let before: [MetadataField: String]
        do throws(MonikerError) {
            before = try await site.item(task.attachment).texts
        } catch {
            let changes = planned([:]).map { $0.failed(error) }
            return (changes, error)
        }
        let all = planned(before).map { compared($0) }
        if let reverting {
            try site.store.settle(
                all.filter { $0.state == .unchanged }, in: changeSet, created: created,
                reverting: reverting)
        }
        var sent = all.filter { $0.state == .pending }
        guard !sent.isEmpty else { return (all, nil) }
        for index in sent.indices { sent[index].changeSet = changeSet }
        try site.store.record(sent, in: changeSet, created: created, reverting: reverting)
        let (results, failure) = await send(sent)
        try site.store.resolve(results)
        let merged = all.map { change in
            results.first { $0.field == change.field } ?? change
        }
        return (merged, failure)
    }

    /// The changes in the order of the fields, with what the site holds.
    private func planned(_ before: [MetadataField: String]) -> [RemoteChange] {
        MetadataField.allCases.compactMap { field in
            task.texts[field].map {
                RemoteChange(
                    attachment: task.attachment, field: field, before: before[field] ?? "",
                    after: $0, source: task.source, state: .pending)
            }
        }
    }

    /// Whether a change is to be sent.
    private func compared(_ change: RemoteChange) -> RemoteChange {
        var change = change
        if let expected = task.expected[change.field], !expected.hasSameBytes(as: change.before) {
            change.state = .conflict
            change.stored = change.before
            // Whoever was faster wrote just this.
            if change.before.hasSameBytes(as: change.after) {
                change.state = .unchanged
                change.stored = nil
            }
        } else if change.before.hasSameBytes(as: change.after), !makesDecorative(change) {
            change.state = .unchanged
        }
        return change
    }

    /// Whether an empty text alternative has to be written although there is none: only writing it
    /// makes the empty row that says so, and REST does not show whether the row is there.
    private func makesDecorative(_ change: RemoteChange) -> Bool {
        change.field == .alt && change.after.isEmpty && reverting == nil
            && !decorative.contains(change.attachment.rawValue)
    }

    /// Sends the texts and judges them by what the site then holds.
    private func send(_ changes: [RemoteChange]) async -> ([RemoteChange], MonikerError?) {
        let texts = changes.map { (field: $0.field, text: $0.after) }
        var outcome = await exchange(texts, attempt: 1)
        var attempt = 2
        // Compared anew after each wait.
        while let now = outcome.now, let failure = outcome.failure,
            failure.details["busy"] == "true", attempt <= site.connection.settings.attempts,
            changes.allSatisfy({ now[$0.field]?.hasSameBytes(as: $0.before) == true })
        {
            outcome = await exchange(texts, attempt: attempt)
            attempt += 1
        }
        // WordPress takes backslashes out of alternatives that come by REST: it stores `\\` as `\`.
        if let alt = changes.first(where: { $0.field == .alt }), alt.after.contains("\\"),
            let answered = outcome.answered?[.alt],
            answered.hasSameBytes(as: alt.after.removingSlashes())
        {
            let second = await exchange(
                [(.alt, alt.after.replacingScalars("\\", with: "\\\\"))], attempt: 1)
            if second.answered != nil, second.now != nil { outcome = second }
        }
        guard let now = outcome.now else {
            let failure = outcome.failure
            return (
                changes.map { change in
                    var change = change
                    change.failure = failure.map { RemoteChange.Failure($0) }
                    return change
                }, failure
            )
        }
        let results = changes.map {
            $0.resolved(now: now, answered: outcome.answered, failure: outcome.failure)
        }
        let isDone = results.allSatisfy { $0.state == .written }
        return (results, isDone ? nil : outcome.failure)
    }

    private struct Outcome {
        /// What WordPress said that it stored.
        var answered: [MetadataField: String]?
        /// What it held afterwards.
        var now: [MetadataField: String]?
        var failure: MonikerError?
    }

    private func exchange(
        _ texts: [(field: MetadataField, text: String)], attempt: Int
    ) async -> Outcome {
        var outcome = Outcome()
        let url = site.api.url(
            "/wp/v2/media/\(task.attachment)", [("_fields", MediaItem.fields)])
        do throws(MonikerError) {
            outcome.answered = try await site.connection.post(
                MediaItem.self, url, form: texts.map { ($0.field.parameter, $0.text) }
            ).texts
        } catch {
            outcome.failure = error
            if let wait = site.connection.wait(after: error, attempt: attempt) {
                do throws(MonikerError) {
                    try await site.connection.clock.sleep(wait)
                } catch {
                    // Cancelled: no further attempt, but what the site holds is still asked.
                    outcome.failure = error
                }
            } else {
                outcome.failure?.details["busy"] = nil
            }
        }
        do throws(MonikerError) {
            outcome.now = try await site.item(task.attachment).texts
        } catch {
            outcome.failure = outcome.failure ?? error
        }
        return outcome
    }
}
