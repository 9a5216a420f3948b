import Generation
import Inventory
public import Model
import Quality

/// An image on the review list, as reports show it.
public struct ReviewReport: Encodable, Sendable {
    /// The attachment.
    public var attachment: Int64
    /// The code of the first rule that holds its texts back.
    public var reason: String
    /// The proposed text alternative.
    public var alt: String
    /// The file below uploads.
    public var file: String
    /// The proposed texts, by field.
    public var texts: [String: String]
    /// What is wrong, in sentences.
    public var findings: [String]
    /// Who proposed them.
    public var provider: String
    /// With which model.
    public var model: String
    /// Since when it waits, in seconds since 1970.
    public var since: Int64
    /// The texts that the image had when they were proposed, by field.
    public var current: [String: String]
    /// The rules that hold the texts back or warn, each with its field, severity and sentence.
    public var rules: [Rule]
    /// Whether the file is to get a new name with the texts.
    public var renames: Bool

    /// What a rule of the gate says of a text.
    public struct Rule: Encodable, Sendable {
        /// The code of docs/quality-gate.md.
        public var code: String
        /// The text that it is about; nil where it is about the whole answer.
        public var field: String?
        /// `reject` or `warn`.
        public var severity: String
        /// What is wrong, in a sentence.
        public var sentence: String
    }

    init(_ item: ReviewItem) {
        attachment = item.attachment
        reason = item.reason
        alt = item.alt
        file = item.path
        texts = Dictionary(uniqueKeysWithValues: item.texts.map { ($0.key.rawValue, $0.value) })
        findings = item.findings.map(\.sentence)
        (provider, model, since) = (item.provider, item.model, item.stored)
        current = Dictionary(
            uniqueKeysWithValues: item.context.current.merging(item.expected) { $1 }
                .map { ($0.key.rawValue, $0.value) })
        rules = item.findings.map {
            Rule(
                code: $0.code.rawValue, field: $0.field?.rawValue,
                severity: $0.severity.rawValue, sentence: $0.sentence)
        }
        renames = item.renames
    }
}

/// A page of the review list.
public struct ReviewPage: Sendable {
    /// The images, by id.
    public var items: [ReviewReport]
    /// What the next page begins after; nil where this is the last.
    public var next: AttachmentID?
    /// How many images wait in all.
    public var total: Int
}

extension Session {
    /// The review list, a page of it.
    ///
    /// - Throws: `generation-unusable`.
    public func reviewPage(
        after cursor: AttachmentID?, limit: Int
    ) throws(MonikerError) -> ReviewPage {
        let store = try GenerationStore(home: String(decoding: homeFolder, as: UTF8.self))
        let items = try ReviewDesk(store).list(after: cursor, limit: limit + 1)
        let page = items.prefix(limit).map(ReviewReport.init)
        return ReviewPage(
            items: page,
            next: items.count > limit ? page.last.map { AttachmentID($0.attachment) } : nil,
            total: try store.reviewCount())
    }

    private var desk: ReviewDesk {
        get throws(MonikerError) {
            ReviewDesk(try GenerationStore(home: String(decoding: homeFolder, as: UTF8.self)))
        }
    }

    /// Gives `body` the review list, by id, a page at a time.
    ///
    /// - Throws: `generation-unusable`.
    /// - Complexity: memory for one page.
    public func reviewList(
        limit: Int? = nil, _ body: ([ReviewReport]) -> Void
    ) throws(MonikerError) {
        try desk.forEachPage(limit: limit, body)
    }

    /// Writes what was proposed for some images, or for all on the list, as one change set.
    ///
    /// Texts that would harm a page are not written, whoever approves them; they are listed.
    ///
    /// - Parameters:
    ///   - ids: empty for all on the list.
    ///   - updatesContents: whether text alternatives in posts follow.
    /// - Throws: what writing throws; `generation-unusable`.
    public func approve(
        _ ids: [AttachmentID], keepOld: KeepOld, isDryRun: Bool, updatesContents: Bool = false
    ) throws(MonikerError) -> ChangeReport {
        let desk = try desk
        let (changes, held) = try desk.approve(ids)
        let findings = held.map {
            FindingRecord(
                kind: .skipped, reason: $0.reason.code.rawValue, attachment: $0.attachment,
                detail: $0.reason.message)
        }
        return try write(
            changes, findings, desk, kind: .generate, keepOld: keepOld, isDryRun: isDryRun,
            updatesContents: updatesContents)
    }

    /// Writes texts of a person for an image on the list, and what was proposed for its other fields.
    ///
    /// - Parameters:
    ///   - texts: by field; an empty text alternative says that the image is decoration.
    ///   - updatesContents: whether text alternatives in posts follow.
    /// - Throws: `not-in-review`, `held-back`, `invalid-argument`; what writing throws.
    public func editReview(
        _ id: AttachmentID, texts: [String: String], isForced: Bool, keepOld: KeepOld,
        isDryRun: Bool, updatesContents: Bool = false
    ) throws(MonikerError) -> ChangeReport {
        let desk = try desk
        let change = try desk.edit(id, named: texts, isForced: isForced)
        return try write(
            [change], [], desk, kind: .edit, keepOld: keepOld, isDryRun: isDryRun,
            updatesContents: updatesContents)
    }

    /// Takes images off the list; the same answers are not proposed for them again.
    ///
    /// - Throws: `not-in-review`: then those before it are off the list; `generation-unusable`.
    public func rejectReviews(_ ids: [AttachmentID]) throws(MonikerError) {
        try desk.reject(ids)
    }

    private func write(
        _ changes: [AttachmentChange], _ findings: [FindingRecord], _ desk: ReviewDesk,
        kind: ChangeSetRecord.Kind, keepOld: KeepOld, isDryRun: Bool, updatesContents: Bool
    ) throws(MonikerError) -> ChangeReport {
        guard !changes.isEmpty else {
            var report = ChangeReport(findings: findings)
            if findings.isEmpty {
                report.state = isDryRun ? .planned : .done
            } else {
                report.error = report.skipped.first.map {
                    ChangeReport.Failure(
                        code: $0.reason, message: $0.detail,
                        details: ["attachment": "\($0.attachment)"])
                }
            }
            return report
        }
        let report = try write(
            changes, kind: kind, keepOld: keepOld, isDryRun: isDryRun,
            updatesContents: updatesContents, findings: findings)
        if !isDryRun, report.state != .refused {
            let left = Set(report.skipped.map(\.attachment))
            try desk.written(
                changes.map(\.attachment).filter { !left.contains($0.rawValue) })
        }
        return report
    }
}
