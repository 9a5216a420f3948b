/// A change set as the journal keeps it.
public struct ChangeSetRecord: Hashable, Sendable {
    /// What made the change set.
    public enum Kind: String, Hashable, Sendable {
        /// `rename`.
        case rename
        /// `revert`.
        case revert
        /// References that came back after a rename, corrected by `tidy`.
        case sweep
        /// `generate`.
        case generate
        /// Texts that a person wrote or corrected.
        case edit
        /// `import`.
        case `import`
        /// `clear`.
        case clear
    }

    /// How far a change set has come.
    ///
    /// docs/protocol.md has the state diagram.
    public enum State: String, Hashable, Sendable {
        /// Written down; files may have been backed up and linked; nothing committed (P2).
        case intent
        /// Cell edits written down; the database transaction may or may not have committed (P5).
        case cells
        /// The marker was committed: only forward from here (P6).
        case committed
        /// Everything is done; old names may still be kept as aliases.
        case done
        /// Rolled back: nothing of it is left.
        case aborted
    }

    /// The journal id.
    public var id: JournalID
    /// What made it.
    public var kind: Kind
    /// How far it has come.
    public var state: State
    /// When it was made, in nanoseconds since 1970.
    public var created: Int64
    /// The incarnation id of the database it belongs to.
    public var incarnation: String
    /// The table prefix of the site.
    public var prefix: String
    /// The uploads folder it belongs to, for people.
    public var uploads: [UInt8]
    /// The change set that this one reverts.
    public var reverts: JournalID?
    /// Until when old names go on working, in nanoseconds since 1970; `Int64.max` is forever.
    public var keepOldUntil: Int64
    /// References rewritten.
    public var references: Int
    /// Whether the site's database no longer knows the change set, because it was restored from an
    /// older dump: then old names may be the live ones, and nothing of them is taken away.
    public var isLost: Bool

    /// Creates a record.
    public init(
        id: JournalID, kind: Kind, state: State, created: Int64, incarnation: String,
        prefix: String, uploads: [UInt8], reverts: JournalID?, keepOldUntil: Int64, references: Int,
        isLost: Bool = false
    ) {
        self.id = id
        self.kind = kind
        self.state = state
        self.created = created
        self.incarnation = incarnation
        self.prefix = prefix
        self.uploads = uploads
        self.reverts = reverts
        self.keepOldUntil = keepOldUntil
        self.references = references
        self.isLost = isLost
    }
}
