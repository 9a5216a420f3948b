public import Model

/// Who wrote a text that an attachment has now, as far as the journal knows.
public struct TextProvenance: Encodable, Hashable, Sendable {
    /// Which text.
    public var field: String
    /// `human` or `model`.
    public var source: String
    /// Whose model; nil for a person.
    public var provider: String?
    /// Which model; nil for a person.
    public var model: String?
    /// The change set that wrote it.
    public var journal: String
    /// When: seconds since 1970.
    public var created: Int64

    init(
        _ field: MetadataField, _ source: TextSource, journal: JournalID, created: Int64
    ) {
        self.field = field.rawValue
        (self.source, provider, model) = source.parts
        self.journal = journal.description
        self.created = created
    }

    /// Whether a model wrote it.
    public var isGenerated: Bool { source == "model" }
}

extension TextSource {
    /// The source, the provider and the model as reports show them.
    var parts: (source: String, provider: String?, model: String?) {
        switch self {
        case .human: ("human", nil, nil)
        case .model(let provider, let model): ("model", provider, model)
        }
    }
}

extension Session {
    /// Who wrote the texts of an attachment, where they still are what a change set wrote.
    ///
    /// What somebody else has written since, in WordPress for instance, is not in it, and neither is
    /// what was there before the first change set.
    public func provenance(
        of attachment: AttachmentID
    ) throws(MonikerError) -> [MetadataField: TextProvenance] {
        let written = try store.assignments(to: attachment)
        guard !written.isEmpty else { return [:] }
        let texts = try StoredTexts(of: [attachment], in: site.database, prefix: site.prefix)
        var provenance: [MetadataField: TextProvenance] = [:]
        var seen: Set<MetadataField> = []
        for (id, assignment) in written.reversed()
        where assignment.revertedBy == nil && !assignment.isInContent {
            let record = try store.changeSet(id)
            // What a revert has brought back was written by whoever wrote it first.
            guard record.kind != .revert, seen.insert(assignment.field).inserted else { continue }
            guard let text = assignment.after?.bytes,
                text == texts.text(assignment.field, of: attachment)
            else { continue }
            provenance[assignment.field] = TextProvenance(
                assignment.field, assignment.source, journal: id,
                created: record.created / 1_000_000_000)
        }
        return provenance
    }
}
