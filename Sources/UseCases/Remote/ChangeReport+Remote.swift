import Model
import RemoteSite

extension ChangeReport {
    /// The report of what was written over REST.
    ///
    /// Texts of which the site does not hold just what was to be written are `conflicts`, with one of
    /// the reasons `changed-meanwhile`, `altered` (the site made something else of it), `uncertain`
    /// and `pending`; what was not written at all is `skipped`, with a reason for each attachment.
    init(_ report: RemoteReport, reverting: RemoteChangeID?) {
        self.init(findings: [])
        let done = report.changes.filter { $0.state == .written || $0.state == .altered }
        journal = report.changeSet?.description
        reverts = reverting?.description
        attachments = Set(done.map(\.attachment)).count
        cells = done.count
        conflicts = report.changes.compactMap(LeftCell.init)
        var told: Set<AttachmentID> = []
        for change in report.changes where change.state == .notWritten {
            guard told.insert(change.attachment).inserted else { continue }
            skipped.append(
                Skipped(
                    attachment: change.attachment.rawValue,
                    reason: change.failure?.code ?? ErrorCode.restFailed.rawValue,
                    detail: change.failure?.message ?? ""))
        }
        let reason = report.failure?.code.rawValue ?? ErrorCode.restFailed.rawValue
        skipped += report.notReached.map {
            Skipped(
                attachment: $0.rawValue, reason: reason,
                detail:
                    "not reached, because writing ended before it: \(report.failure?.message ?? "")"
            )
        }
        guard !skipped.isEmpty || !conflicts.isEmpty else {
            state = .done
            return
        }
        // What may have been written counts: a script that reads "refused" may believe that nothing
        // has changed.
        let mayBeWritten = report.changes.contains {
            [.written, .altered, .uncertain, .pending].contains($0.state)
        }
        state = mayBeWritten ? .partial : .refused
        guard state == .refused else { return }
        let attachment = skipped.first?.attachment ?? conflicts.first?.attachment ?? 0
        error = Failure(
            code: skipped.first?.reason ?? conflicts.first?.reason ?? "",
            message: skipped.first.map { "nothing was changed: \($0.detail)" }
                ?? "nothing was changed: the texts are not those that were read; read them again",
            details: ["attachment": "\(attachment)"])
    }

    /// The report of texts that would be written.
    init(planned changes: [AttachmentChange]) {
        self.init(findings: [])
        state = .planned
        attachments = changes.count
        self.changes = changes.flatMap { change in
            MetadataField.allCases.compactMap { field in
                change.texts[field].map {
                    Change(
                        kind: "text", attachment: change.attachment.rawValue, field: field.rawValue,
                        before: displayText((change.expected[field] ?? "").utf8),
                        after: displayText($0.utf8))
                }
            }
        }
        cells = self.changes?.count ?? 0
    }

    /// The attachments that did not get all their texts.
    var left: Set<Int64> {
        let texts = conflicts.filter { $0.reason != RemoteChange.State.altered.rawValue }
        return Set(skipped.map(\.attachment) + texts.compactMap(\.attachment))
    }
}

extension ChangeReport.LeftCell {
    /// A text of which the site holds another one; nil where that is not so.
    init?(_ change: RemoteChange) {
        switch change.state {
        case .written, .unchanged, .notWritten: return nil
        case .conflict: reason = "changed-meanwhile"
        case .altered, .uncertain, .pending: reason = change.state.rawValue
        }
        (table, key, column, file) = (nil, nil, nil, nil)
        attachment = change.attachment.rawValue
        field = change.field.rawValue
    }
}
