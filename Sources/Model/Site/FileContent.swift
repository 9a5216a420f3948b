/// What a file was when its content was hashed.
public struct FileContent: Hashable, Sendable {
    /// Its status before the first byte was read.
    public var status: FileStatus
    /// When anything of it was last changed before the first byte was read (`ctime`, which nobody can
    /// set), in nanoseconds since 1970; nil where that is not known.
    public var changed: Int64?
    /// The SHA-256 of its content.
    public var digest: ContentDigest

    /// Creates a content.
    public init(status: FileStatus, changed: Int64?, digest: ContentDigest) {
        self.status = status
        self.changed = changed
        self.digest = digest
    }
}
