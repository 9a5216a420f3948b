public import Model

/// One text of one attachment that was to be written over REST.
public struct RemoteChange: Hashable, Sendable {
    /// What became of it.
    public enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// It was recorded and perhaps sent; whether the site has it is asked at the next start.
        case pending
        /// The site holds exactly this text.
        case written
        /// The site stored another text, such as one without the HTML that it does not allow.
        case altered
        /// The site held this text already; nothing was sent or recorded.
        case unchanged
        /// A person was faster: the site holds another text, which was left as it is.
        case conflict
        /// The site does not have it and holds what it held before.
        case notWritten = "not-written"
        /// After a crash the site holds neither of both texts: somebody else wrote, or the site
        /// altered what was sent.
        case uncertain
    }

    /// The change set; nil where nothing was recorded.
    public var changeSet: RemoteChangeID?
    /// The attachment.
    public var attachment: AttachmentID
    /// The field.
    public var field: MetadataField
    /// What the site held.
    public var before: String
    /// What was to be written.
    public var after: String
    /// Who wrote it; nil where an earlier text was put back.
    public var source: TextSource?
    /// What became of it.
    public var state: State
    /// What the site holds instead, where it is `altered`, `conflict` or `uncertain`.
    public var stored: String?
    /// Why it was not written.
    public var failure: Failure?
    /// The change set that took it back; nil while it stands.
    public var revertedBy: RemoteChangeID?

    /// Why a text was not written.
    public struct Failure: Codable, Hashable, Sendable {
        /// The stable code.
        public var code: String
        /// One sentence.
        public var message: String

        /// Creates a reason.
        public init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// Creates a change.
    public init(
        changeSet: RemoteChangeID? = nil, attachment: AttachmentID, field: MetadataField,
        before: String, after: String, source: TextSource?, state: State, stored: String? = nil,
        failure: Failure? = nil, revertedBy: RemoteChangeID? = nil
    ) {
        self.changeSet = changeSet
        self.attachment = attachment
        self.field = field
        self.before = before
        self.after = after
        self.source = source
        self.state = state
        self.stored = stored
        self.failure = failure
        self.revertedBy = revertedBy
    }

    /// What the site held when it was done with, as far as that is known to be ours.
    var left: String? {
        switch state {
        case .written: after
        case .altered: stored
        case .pending, .unchanged, .conflict, .notWritten, .uncertain: nil
        }
    }
}

/// What was written at one go.
public struct RemoteChangeSet: Hashable, Sendable {
    /// The id.
    public var id: RemoteChangeID
    /// When it began, in milliseconds since 1970.
    public var created: Int64
    /// The change set that it takes back; nil where it takes none back.
    public var reverts: RemoteChangeID?
    /// How many attachments it recorded.
    public var attachments: Int
    /// How many texts became what.
    public var states: [RemoteChange.State: Int]
    /// How many of the texts were taken back since.
    public var reverted: Int

    /// Creates a change set.
    public init(
        id: RemoteChangeID, created: Int64, reverts: RemoteChangeID? = nil, attachments: Int = 0,
        states: [RemoteChange.State: Int] = [:], reverted: Int = 0
    ) {
        self.id = id
        self.created = created
        self.reverts = reverts
        self.attachments = attachments
        self.states = states
        self.reverted = reverted
    }
}

/// What writing came to.
public struct RemoteReport: Sendable {
    /// The change set; nil where nothing had to be written.
    public var changeSet: RemoteChangeID?
    /// Every text of every attachment that was reached, in order.
    public var changes: [RemoteChange]
    /// The attachments that were not reached, because it ended early.
    public var notReached: [AttachmentID]
    /// Why it ended early; nil where it did not.
    public var failure: MonikerError?

    /// Creates a report.
    public init(
        changeSet: RemoteChangeID? = nil, changes: [RemoteChange] = [],
        notReached: [AttachmentID] = [], failure: MonikerError? = nil
    ) {
        self.changeSet = changeSet
        self.changes = changes
        self.notReached = notReached
        self.failure = failure
    }

    /// How many texts became this.
    public func count(_ state: RemoteChange.State) -> Int {
        changes.count { $0.state == state }
    }
}
