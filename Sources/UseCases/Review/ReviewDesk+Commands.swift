import Generation
import Model

/// What reviewing a site and reviewing over REST have in common.
extension ReviewDesk {
    /// Gives `body` the list, by id, a page at a time.
    ///
    /// - Throws: `generation-unusable`.
    /// - Complexity: memory for one page.
    func forEachPage(
        limit: Int? = nil, _ body: ([ReviewReport]) -> Void
    ) throws(MonikerError) {
        var left = limit ?? .max
        var cursor: AttachmentID?
        while left > 0 {
            let items = try list(after: cursor, limit: min(left, 200))
            guard let last = items.last else { return }
            body(items.map(ReviewReport.init))
            left -= items.count
            cursor = AttachmentID(last.attachment)
        }
    }

    /// The changes that write what was proposed for some images, or for all on the list, and why
    /// others are not written.
    ///
    /// - Parameter ids: empty for all on the list.
    /// - Throws: `generation-unusable`.
    func approve(
        _ ids: [AttachmentID]
    ) throws(MonikerError) -> (
        changes: [AttachmentChange], held: [(attachment: AttachmentID, reason: MonikerError)]
    ) {
        var ids = ids
        if ids.isEmpty {
            try forEachPage { page in ids += page.map { AttachmentID($0.attachment) } }
        }
        var changes: [AttachmentChange] = []
        var held: [(attachment: AttachmentID, reason: MonikerError)] = []
        for id in ids {
            do throws(MonikerError) {
                changes.append(try approve(id))
            } catch  where error.code == .heldBack || error.code == .notInReview {
                held.append((id, error))
            }
        }
        return (changes, held)
    }

    /// The change that writes texts of a person, by the names of their fields.
    ///
    /// - Throws: `invalid-argument`; `not-in-review`, `held-back`.
    func edit(
        _ id: AttachmentID, named texts: [String: String], isForced: Bool
    ) throws(MonikerError) -> AttachmentChange {
        var edited: [MetadataField: String] = [:]
        for (name, text) in texts {
            edited[try GenerateOptions.field(name, option: "review edit")] = text
        }
        return try edit(id, texts: edited, isForced: isForced)
    }

    /// Takes images off the list.
    ///
    /// - Throws: `not-in-review`: then those before it are off the list; `generation-unusable`.
    func reject(_ ids: [AttachmentID]) throws(MonikerError) {
        for id in ids { try reject(id) }
    }
}
