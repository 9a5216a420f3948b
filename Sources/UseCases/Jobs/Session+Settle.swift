import Engine
import Generation
import Jobs
import Model

extension Session {
    /// What became of change sets that a worker wanted to make before it was stopped.
    struct Settlement {
        /// Those that stand.
        var done: [JournalID] = []
        /// Those that were taken back, or never begun.
        var undone: [JournalID] = []
    }

    /// Finishes or rolls back what a worker left, and tells which of its change sets stand.
    ///
    /// - Parameter rollingBack: whether one that was stopped between two transactions is taken back.
    /// - Throws: `busy` while another process, perhaps the worker itself, holds the site; what
    ///   recovering throws.
    func settle(
        _ ids: [JournalID], rollingBack: Bool
    ) throws(MonikerError) -> Settlement {
        let recovered = try recover(rollingBack: rollingBack)
        let reverted = Set(recovered.filter { $0.state == "reverted" }.map(\.journal))
        var settlement = Settlement()
        for id in ids {
            if try state(of: id) == .done, !reverted.contains(id.description) {
                settlement.done.append(id)
            } else {
                settlement.undone.append(id)
            }
        }
        return settlement
    }

    /// How far a change set has come; nil where it was never begun.
    func state(of id: JournalID) throws(MonikerError) -> ChangeSetRecord.State? {
        do throws(MonikerError) {
            return try store.changeSet(id).state
        } catch  where error.code == .unknownJournal {
            return nil
        }
    }

    /// What became of the attachments of a change set, by what the journal says.
    func items(of id: JournalID) throws(MonikerError) -> [JobItem] {
        var items: [Int64: JobItem] = [:]
        for finding in try store.findings(of: id) {
            guard let attachment = finding.attachment?.rawValue else { continue }
            switch finding.kind {
            case .skipped:
                items[attachment] = JobItem(skipped: finding.reason, attachment, finding.detail)
            case .conflict:
                items[attachment] = JobItem(
                    attachment: attachment, state: .skipped, reason: finding.reason)
            default: continue
            }
        }
        let written = Set(try store.assignmentEdits(of: id).compactMap(\.assignment))
        var changed = Set(try store.moves(of: id).map(\.attachment.rawValue))
        for text in try store.assignments(of: id) where written.contains(text.sequence) {
            changed.insert(text.attachment.rawValue)
        }
        for attachment in changed where items[attachment]?.state != .failed {
            items[attachment] = JobItem(attachment: attachment, state: .applied)
        }
        return items.values.sorted { $0.attachment < $1.attachment }
    }

    /// Takes images off the review list whose texts have been written.
    func forgetReviews(_ items: [JobItem]) throws(MonikerError) {
        let written = items.filter { $0.state == .applied }.map { AttachmentID($0.attachment) }
        try GenerationStore(home: String(decoding: homeFolder, as: UTF8.self))
            .removeReviews(written)
    }
}

extension JobItem {
    /// An attachment that a writing command has left out.
    init(skipped reason: String, _ attachment: Int64, _ detail: String) {
        // There is nothing to try again where the name is right already, or becomes so.
        let isFine = [.nameUnchanged, .fileShared].contains(ErrorCode(reason))
        self.init(
            attachment: attachment, state: isFine ? .skipped : .failed, reason: reason,
            detail: detail)
    }
}
