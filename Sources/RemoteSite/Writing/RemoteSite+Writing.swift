import HomeStore
public import Model

extension RemoteSite {
    /// Writes texts of attachments, and reads back what the site made of them.
    ///
    /// Each attachment is read right before it is written: a text that is not the expected one was
    /// changed by a person and stays (`conflict`). What is sent is on disk before. REST has no
    /// conditional write: who saves in the fraction of a second between reading and writing is
    /// overwritten, and the history holds what was read.
    ///
    /// It goes on after the failure of one attachment, and ends early where others would fail as
    /// well (`failure` of the report): network, login, limits, three failures in a row, cancelling.
    ///
    /// - Parameter progress: told how many attachments are done, and how many there are.
    /// - Throws: `invalid-argument` for a new file name, which REST cannot give, or an attachment
    ///   that is named twice; `busy` where another process writes; `history-unusable`; what
    ///   `recover` throws. Then nothing was written.
    /// - Complexity: three requests for each attachment that is written, one for any other.
    public func write(
        _ changes: [AttachmentChange], progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(MonikerError) -> RemoteReport {
        if let change = changes.first(where: { $0.stem != nil }) {
            throw MonikerError(
                .invalidArgument,
                "attachment \(change.attachment) was to be renamed, which REST cannot do: leave the "
                    + "file name out, or use a site with database access")
        }
        guard Set(changes.map(\.attachment)).count == changes.count else {
            throw MonikerError(
                .invalidArgument, "an attachment is named twice; put its texts into one change")
        }
        let lock = try HomeLock.forRemoteWriting(home: home)
        defer { extendLifetime(lock) }
        _ = try await resolvePending()
        let tasks = changes.map { change in
            AttachmentWriting(
                attachment: change.attachment, texts: change.texts, expected: change.expected,
                source: change.source)
        }
        return try await perform(tasks, reverting: nil, progress: progress)
    }

    /// Asks the site what became of changes that a killed process had recorded.
    ///
    /// Every writing call begins with it.
    ///
    /// - Returns: the changes that were resolved.
    /// - Throws: `busy`; what a request throws (see `connect`); `history-unusable`. What was
    ///   resolved until then is.
    public func recover() async throws(MonikerError) -> [RemoteChange] {
        let lock = try HomeLock.forRemoteWriting(home: home)
        defer { extendLifetime(lock) }
        return try await resolvePending()
    }

    func resolvePending() async throws(MonikerError) -> [RemoteChange] {
        var resolved: [RemoteChange] = []
        var rest = try store.pending()[...]
        while let first = rest.first {
            let group = rest.prefix {
                $0.attachment == first.attachment && $0.changeSet == first.changeSet
            }
            rest = rest.dropFirst(group.count)
            let results: [RemoteChange]
            do throws(MonikerError) {
                let now = try await item(first.attachment).texts
                results = group.map { $0.resolved(now: now, answered: nil, failure: nil) }
            } catch  where error.code == .unknownAttachment {
                results = group.map { change in
                    var change = change
                    change.state = .uncertain
                    change.failure = RemoteChange.Failure(error)
                    return change
                }
            }
            try store.resolve(results)
            resolved += results
        }
        return resolved
    }

    /// Writes attachments one after the other.
    func perform(
        _ tasks: [AttachmentWriting], reverting reverted: RemoteChangeID?,
        progress: @Sendable (Int, Int) -> Void
    ) async throws(MonikerError) -> RemoteReport {
        let created = connection.clock.milliseconds()
        let id = RemoteChangeID(
            milliseconds: UInt64(max(0, created)), random: UInt64.random(in: 0 ... .max))
        var report = RemoteReport()
        var failuresInARow = 0
        for (index, task) in tasks.enumerated() {
            var failure: MonikerError?
            if Task.isCancelled {
                report.notReached = tasks[index...].map(\.attachment)
                report.failure = MonikerError(
                    .cancelled, "writing was cancelled after \(index) attachments")
                break
            }
            let writing = Writing(
                site: self, task: task, changeSet: id, created: created, reverting: reverted,
                decorative: try store.decorative())
            let results: [RemoteChange]
            (results, failure) = try await writing.run()
            report.changes += results
            if results.contains(where: { $0.changeSet != nil }) { report.changeSet = id }
            progress(index + 1, tasks.count)
            failuresInARow = failure == nil ? 0 : failuresInARow + 1
            if let failure, !failure.concernsOneAttachment || failuresInARow == 3 {
                report.notReached = tasks[(index + 1)...].map(\.attachment)
                report.failure = failure
                break
            }
        }
        return report
    }
}

extension MonikerError {
    /// Whether other attachments may still be written.
    ///
    /// A firewall may have refused nothing but the words of one text.
    fileprivate var concernsOneAttachment: Bool {
        [
            .unknownAttachment, .restForbidden, .restTooLarge, .restFailed, .restBlocked,
            .malformedAnswer, .responseTooLarge,
        ].contains(code)
    }
}
