/// What a file is, beyond its name: enough to tell whether it is still the same file.
public struct FileIdentity: Hashable, Sendable {
    /// The device.
    public var device: UInt64
    /// The inode.
    public var inode: UInt64

    /// Creates an identity.
    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// A regular file's status.
public struct FileStatus: Hashable, Sendable {
    /// Device and inode.
    public var identity: FileIdentity
    /// The size in bytes.
    public var size: Int64
    /// The permission bits, `st_mode & 07777`.
    public var mode: UInt32
    /// The owner's id.
    public var owner: UInt32
    /// The group's id.
    public var group: UInt32
    /// The time of the last change of the content, in nanoseconds since 1970.
    public var modified: Int64
    /// How many names the file has.
    public var links: UInt64

    /// Creates a status.
    public init(
        identity: FileIdentity, size: Int64, mode: UInt32, owner: UInt32, group: UInt32,
        modified: Int64, links: UInt64
    ) {
        self.identity = identity
        self.size = size
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.links = links
    }
}

/// An entry of a folder.
public struct DirectoryEntry: Hashable, Sendable {
    /// What the entry is.
    public enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A folder.
        case directory
        /// A symbolic link, device, socket or pipe: never followed, never touched.
        case other
    }

    /// The entry's name, as the file system spells it.
    public var name: [UInt8]
    /// What it is.
    public var kind: Kind

    /// Creates an entry.
    public init(name: [UInt8], kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
