/// Something a change set left as it was, and why.
public struct FindingRecord: Hashable, Sendable {
    /// What sort of thing was left.
    public enum Kind: String, Hashable, Sendable {
        /// A value that cannot be rewritten with certainty.
        case opaque
        /// A value that somebody else changed meanwhile.
        case conflict
        /// An attachment that was left out.
        case skipped
        /// URLs on other hosts.
        case foreign
    }

    /// What sort of thing was left.
    public var kind: Kind
    /// The stable reason; for `foreign`, the host.
    public var reason: String
    /// The attachment, for `skipped` and for the `conflict` of a text.
    public var attachment: AttachmentID?
    /// The cell, for `opaque` and `conflict`; for a text file the table is empty and the column
    /// is its path.
    public var address: CellAddress?
    /// A sentence for people.
    public var detail: String
    /// How often, for `foreign`.
    public var count: Int
    /// The assignment that was left, by its number in the change set; nil for anything else.
    public var assignment: Int?

    /// Creates a finding.
    public init(
        kind: Kind, reason: String, attachment: AttachmentID? = nil, address: CellAddress? = nil,
        detail: String = "", count: Int = 1, assignment: Int? = nil
    ) {
        self.assignment = assignment
        self.kind = kind
        self.reason = reason
        self.attachment = attachment
        self.address = address
        self.detail = detail
        self.count = count
    }
}

/// When a folder was last changed, before and after a change set.
public struct DirectoryTimeRecord: Hashable, Sendable {
    /// The folder; nil is the uploads folder.
    public var directory: MediaPath?
    /// Nanoseconds since 1970, before.
    public var before: Int64
    /// Nanoseconds since 1970, after; nil until the change set is done.
    public var after: Int64?

    /// Creates a record.
    public init(directory: MediaPath?, before: Int64, after: Int64? = nil) {
        self.directory = directory
        self.before = before
        self.after = after
    }
}
