import Generation
public import Model

extension RemoteSession {
    private var desk: ReviewDesk {
        get throws(MonikerError) { ReviewDesk(try GenerationStore(home: try siteFolder())) }
    }

    /// Gives `body` the review list of this site, by id, a page at a time.
    ///
    /// - Throws: `generation-unusable`.
    /// - Complexity: memory for one page.
    public func reviewList(
        limit: Int? = nil, _ body: ([ReviewReport]) -> Void
    ) throws(MonikerError) {
        try desk.forEachPage(limit: limit, body)
    }

    /// Writes what was proposed for some images, or for all on the list.
    ///
    /// - Parameter ids: empty for all on the list.
    /// - Throws: what writing throws; `generation-unusable`.
    public func approve(
        _ ids: [AttachmentID], isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        let desk = try desk
        let (changes, held) = try desk.approve(ids)
        let skipped = held.map {
            ChangeReport.Skipped(
                attachment: $0.attachment.rawValue, reason: $0.reason.code.rawValue,
                detail: $0.reason.message)
        }
        return try write(changes, skipped, desk, isDryRun: isDryRun)
    }

    /// Writes texts of a person for an image on the list, and what was proposed for its other fields.
    ///
    /// - Parameter texts: by field; an empty text alternative says that the image is decoration.
    /// - Throws: `not-in-review`, `held-back`, `invalid-argument`; what writing throws.
    public func editReview(
        _ id: AttachmentID, texts: [String: String], isForced: Bool, isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        let desk = try desk
        let change = try desk.edit(id, named: texts, isForced: isForced)
        return try write([change], [], desk, isDryRun: isDryRun)
    }

    /// Takes images off the list; the same answers are not proposed for them again.
    ///
    /// - Throws: `not-in-review`: then those before it are off the list; `generation-unusable`.
    public func rejectReviews(_ ids: [AttachmentID]) throws(MonikerError) {
        try desk.reject(ids)
    }

    private func write(
        _ changes: [AttachmentChange], _ held: [ChangeReport.Skipped], _ desk: ReviewDesk,
        isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        var (report, _) = try write(changes, isDryRun: isDryRun)
        if !isDryRun, report.state != .refused {
            let left = report.left
            try desk.written(changes.map(\.attachment).filter { !left.contains($0.rawValue) })
        }
        report.skipped += held
        if let first = held.first, report.state == .done {
            report.state = report.journal == nil ? .refused : .partial
            if report.state == .refused {
                report.error = ChangeReport.Failure(
                    code: first.reason, message: first.detail,
                    details: ["attachment": "\(first.attachment)"])
            }
        }
        return report
    }
}
