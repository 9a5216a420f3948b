public import Model
import Naming
public import Quality

/// What people do with the review list.
///
/// Approving and editing give changes to be written; an image leaves the list only when it is told
/// that they have been (`written`), so a process that is killed in between loses nothing.
public struct ReviewDesk: Sendable {
    private let store: GenerationStore
    private let gate: QualityGate

    /// Creates a desk over a store.
    public init(_ store: GenerationStore, limits: QualityLimits = QualityLimits()) {
        self.store = store
        gate = QualityGate(limits: limits)
    }

    /// The list, by id, a page at a time.
    ///
    /// - Throws: `generation-unusable`.
    public func list(
        after cursor: AttachmentID? = nil, limit: Int = 100
    ) throws(MonikerError) -> [ReviewItem] {
        try store.reviews(after: cursor, limit: limit)
    }

    /// The change that writes what was proposed.
    ///
    /// A person may overrule every rule but those that keep pages safe: markup, addresses, control
    /// and hidden characters, what a machine says of itself, texts that are empty or far too long.
    ///
    /// - Throws: `not-in-review`; `held-back` for such a text: edit it instead.
    public func approve(_ id: AttachmentID) throws(MonikerError) -> AttachmentChange {
        let item = try store.review(id)
        let findings = judge(item, item.texts).filter { Self.isUnsafe($0.code) }
        if let finding = findings.first { throw Self.heldBack(id, finding) }
        return change(
            item, item.texts, source: .model(provider: item.provider, model: item.model))
    }

    /// The change that writes texts of a person, and the proposed ones for the other fields.
    ///
    /// The gate judges all of them again. An empty text alternative says that the image is
    /// decoration; any other empty text leaves the field as it is. They count as a person's.
    ///
    /// - Parameter isForced: whether the person overrules the gate, as in `approve`.
    /// - Throws: `not-in-review`; `held-back`.
    public func edit(
        _ id: AttachmentID, texts: [MetadataField: String], isForced: Bool = false
    ) throws(MonikerError) -> AttachmentChange {
        let item = try store.review(id)
        let texts = item.texts.merging(texts.mapValues(QualityGate.normalized)) { $1 }
        let findings = judge(item, texts).filter { finding in
            finding.severity == .reject && (!isForced || Self.isUnsafe(finding.code))
        }
        if let finding = findings.first { throw Self.heldBack(id, finding) }
        return change(item, texts, source: .human)
    }

    /// Takes an image off the list; the same answer is not proposed for it again.
    ///
    /// - Throws: `not-in-review`, `generation-unusable`.
    public func reject(_ id: AttachmentID) throws(MonikerError) { try store.reject(id) }

    /// Takes images off the list whose changes have been written.
    ///
    /// - Throws: `generation-unusable`.
    public func written(_ ids: [AttachmentID]) throws(MonikerError) { try store.removeReviews(ids) }

    // MARK: Judging

    /// The findings about texts, but for what only says how sure the provider was.
    private func judge(
        _ item: ReviewItem, _ texts: [MetadataField: String]
    ) -> [QualityFinding] {
        var description = item.description
        description.texts = texts
        description.confidence = .high
        description.isDecorative = texts[.alt]?.isEmpty == true
        return gate.judge(
            description, context: item.context, wanted: Set(texts.keys),
            recognizedText: item.recognised
        ).rejections
    }

    private static func isUnsafe(_ code: QualityCode) -> Bool {
        [
            .empty, .tooLong, .controlCharacters, .bidi, .invisibleCharacters, .mixedScripts,
            .markup, .url, .promptLeftover, .cannotSee, .decorativeWithAlt,
        ].contains(code)
    }

    private static func heldBack(_ id: AttachmentID, _ finding: QualityFinding) -> MonikerError {
        MonikerError(
            .heldBack,
            "the texts of attachment \(id) were not written (\(finding.code.rawValue)): \(finding.sentence); use moniker review edit",
            details: [
                "attachment": "\(id)", "reason": finding.code.rawValue,
                "field": finding.field?.rawValue ?? "",
            ])
    }

    private func change(
        _ item: ReviewItem, _ texts: [MetadataField: String], source: TextSource
    ) -> AttachmentChange {
        let written = texts.filter { !$0.value.isEmpty || $0.key == .alt }
        return AttachmentChange(
            attachment: AttachmentID(item.attachment), texts: written, source: source,
            expected: item.expected.filter { written[$0.key] != nil },
            stem: item.renames ? stem(item, written) : nil)
    }

    /// The name that the texts make; whether it is free is the writer's question.
    private func stem(_ item: ReviewItem, _ texts: [MetadataField: String]) -> [UInt8]? {
        var description = item.description
        // What was proposed for other texts would name what a person has corrected.
        if texts != description.texts.filter({ texts[$0.key] != nil }) { description.fileName = "" }
        description.texts = texts
        let own = MediaPath.splitName(Array(item.context.fileName.utf8)).stem
        let stem = SEOFileName(language: item.context.language).stem(
            from: .init(description: description, context: item.context))
        return stem == own ? nil : stem
    }
}
