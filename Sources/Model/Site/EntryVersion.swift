/// What is different after any change of a file's content or of a folder's names.
public struct EntryVersion: Hashable, Sendable {
    /// Device and inode.
    public var identity: FileIdentity
    /// The size in bytes.
    public var size: Int64
    /// The time of the last change of the content or the names, in nanoseconds since 1970.
    public var modified: Int64
    /// The time of the last change of anything, which nobody can set, in nanoseconds since 1970.
    public var changed: Int64

    /// Creates a version.
    public init(identity: FileIdentity, size: Int64, modified: Int64, changed: Int64) {
        self.identity = identity
        self.size = size
        self.modified = modified
        self.changed = changed
    }
}

/// A folder's version and those of some of its files.
public struct FolderVersions: Hashable, Sendable {
    /// The folder's.
    public var folder: EntryVersion
    /// The files', in the order that was asked for; nil for what is no regular file.
    public var files: [EntryVersion?]

    /// Creates versions.
    public init(folder: EntryVersion, files: [EntryVersion?]) {
        self.folder = folder
        self.files = files
    }
}
