/// One changed cell of a change set: digests of both values and what turns one into the other.
///
/// The before-image is not stored: the value after and the inverse splices are the value before,
/// byte for byte, and the digest proves it (docs/decisions/0002-delta-before-images.md).
public struct CellEditRecord: Hashable, Sendable {
    /// What was done to the cell.
    public enum Kind: String, Hashable, Sendable {
        /// References in it were rewritten.
        case rewrite
        /// It was given another value.
        case set
        /// Its row was added.
        case insert
        /// Its row was deleted.
        case delete
    }

    /// The position in the change set, from 0.
    public var sequence: Int
    /// Where the value is.
    public var address: CellAddress
    /// Whether a rollback of the database takes the edit back.
    public var isTransactional: Bool
    /// The SHA-256 of the value before.
    public var before: ContentDigest
    /// The SHA-256 of the value after.
    public var after: ContentDigest
    /// What was replaced.
    public var splices: RecordedSplices
    /// The old paths that were rewritten in the cell.
    public var paths: [MediaPath]
    /// How many references were rewritten in the cell.
    public var references: Int
    /// What was done.
    public var kind: Kind
    /// The assignment that it carries out, by its number in the change set; nil for a rewrite.
    public var assignment: Int?
    /// All columns of a row that was added or deleted; nil for others.
    public var row: RowKey?

    /// Creates a record.
    public init(
        sequence: Int, address: CellAddress, isTransactional: Bool, before: ContentDigest,
        after: ContentDigest, splices: RecordedSplices, paths: [MediaPath], references: Int,
        kind: Kind = .rewrite, assignment: Int? = nil, row: RowKey? = nil
    ) {
        self.kind = kind
        self.assignment = assignment
        self.row = row
        self.sequence = sequence
        self.references = references
        self.address = address
        self.isTransactional = isTransactional
        self.before = before
        self.after = after
        self.splices = splices
        self.paths = paths
    }
}

/// One changed text file below uploads.
public struct FileEditRecord: Hashable, Sendable {
    /// The position in the change set, from 0.
    public var sequence: Int
    /// The file.
    public var path: MediaPath
    /// The SHA-256 of the content before.
    public var before: ContentDigest
    /// The SHA-256 of the content after.
    public var after: ContentDigest
    /// When the content was last changed before, in nanoseconds since 1970.
    public var modified: Int64
    /// What was replaced.
    public var splices: RecordedSplices
    /// The old paths that were rewritten in the file.
    public var paths: [MediaPath]

    /// Creates a record.
    public init(
        sequence: Int, path: MediaPath, before: ContentDigest, after: ContentDigest,
        modified: Int64, splices: RecordedSplices, paths: [MediaPath]
    ) {
        self.sequence = sequence
        self.path = path
        self.before = before
        self.after = after
        self.modified = modified
        self.splices = splices
        self.paths = paths
    }
}
