public import Model
import RemoteSite

/// A change set that was written over REST.
public struct RemoteHistoryEntry: Encodable, Sendable {
    /// Its id, with `R`.
    public var journal: String
    /// When: seconds since 1970.
    public var created: Int64
    /// `done`, `partly-reverted`, `reverted` or `unfinished`.
    public var state: String
    /// The change set that it takes back.
    public var reverts: String?
    /// Attachments.
    public var attachments: Int
    /// How many texts became what, such as `written` and `conflict`.
    public var states: [String: Int]

    init(_ set: RemoteChangeSet) {
        journal = set.id.description
        created = set.created / 1000
        reverts = set.reverts?.description
        attachments = set.attachments
        states = Dictionary(uniqueKeysWithValues: set.states.map { ($0.key.rawValue, $0.value) })
        let standing =
            set.states[.written, default: 0] + set.states[.altered, default: 0] - set.reverted
        state =
            if set.states[.pending, default: 0] > 0 { "unfinished" } else if set.reverted == 0 {
                "done"
            } else { standing > 0 ? "partly-reverted" : "reverted" }
    }
}

/// A text that was written, or was to be.
public struct RemoteHistoryText: Encodable, Sendable {
    /// The attachment.
    public var attachment: Int64
    /// Which of its texts.
    public var field: String
    /// What the site held.
    public var before: String
    /// What was to be written.
    public var after: String
    /// `human` or `model`; nil where an earlier text was put back.
    public var source: String?
    /// Whose model; nil for a person.
    public var provider: String?
    /// Which model; nil for a person.
    public var model: String?
    /// What became of it (docs/rest-mode.md).
    public var state: String
    /// What the site holds instead.
    public var stored: String?
    /// Why it was not written, as a code.
    public var reason: String?
    /// The change set that took it back.
    public var revertedBy: String?

    init(_ change: RemoteChange) {
        attachment = change.attachment.rawValue
        field = change.field.rawValue
        before = change.before
        after = change.after
        switch change.source {
        case .human: source = "human"
        case .model(let provider, let model):
            (source, self.provider, self.model) = ("model", provider, model)
        case nil: break
        }
        state = change.state.rawValue
        stored = change.stored
        reason = change.failure?.code
        revertedBy = change.revertedBy?.description
    }

    private enum CodingKeys: String, CodingKey {
        case attachment, field, before, after, source, provider, model, state, stored, reason
        case revertedBy = "reverted_by"
    }
}

/// A change set that was written over REST, whole.
public struct RemoteHistoryDetail: Encodable, Sendable {
    /// The change set in short.
    public var entry: RemoteHistoryEntry
    /// Its texts, in order.
    public var texts: [RemoteHistoryText]

    private enum CodingKeys: String, CodingKey { case texts }

    /// The keys of the entry, and the texts beside them.
    public func encode(to encoder: any Encoder) throws {
        try entry.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(texts, forKey: .texts)
    }
}

/// What was written to a site over REST, read from the home without asking the site.
public struct RemoteHistoryReader {
    private let history: RemoteHistory

    /// Opens the history of a site.
    ///
    /// - Throws: `invalid-argument`, `permission-denied`, `history-unusable`.
    public init(_ options: RemoteOptions) throws(MonikerError) {
        history = try RemoteHistory(of: options.url, home: try options.homeFolder())
    }

    /// The change sets, the newest first.
    ///
    /// - Throws: `history-unusable`.
    public func entries(limit: Int? = nil) throws(MonikerError) -> [RemoteHistoryEntry] {
        try history.changeSets(limit: limit ?? .max).map(RemoteHistoryEntry.init)
    }

    /// One change set with its texts, in order.
    ///
    /// - Throws: `unknown-journal`, `foreign-journal`, `history-unusable`.
    public func detail(of id: String) throws(MonikerError) -> RemoteHistoryDetail {
        let id = try RemoteSession.changeSet(id)
        let texts = try history.changes(of: id).map(RemoteHistoryText.init)
        guard let set = try history.changeSets(limit: .max).first(where: { $0.id == id }) else {
            throw RemoteSession.unknown(id.description)
        }
        return RemoteHistoryDetail(entry: RemoteHistoryEntry(set), texts: texts)
    }
}

extension RemoteSession {
    /// Puts back what the site held before a change set, where it still holds what was written.
    ///
    /// - Parameters:
    ///   - id: as somebody typed it.
    ///   - attachments: only these; nil for all.
    /// - Throws: what `RemoteSite.revert` throws.
    public func revert(
        _ id: String, only attachments: Set<AttachmentID>? = nil
    ) throws(MonikerError) -> ChangeReport {
        let id = try Self.changeSet(id)
        let (site, show) = (site, report("Putting texts back"))
        let taken = try Blocking.run { () async throws(MonikerError) in
            try await site.revert(id, only: attachments, progress: show)
        }
        return ChangeReport(taken, reverting: id)
    }

    static func changeSet(_ text: String) throws(MonikerError) -> RemoteChangeID {
        guard let id = RemoteChangeID(text) else { throw unknown(text) }
        return id
    }

    static func unknown(_ text: String) -> MonikerError {
        MonikerError(
            .unknownJournal,
            "there is no change set \"\(displayText(text.utf8))\" in this history: `moniker rest history` lists them",
            details: ["journal": text])
    }
}
