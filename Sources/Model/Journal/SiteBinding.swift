/// What a home has last seen of the site that it belongs to, to recognize a copy of the site.
public struct SiteBinding: Hashable, Sendable {
    /// The prefix of the tables that the markers live beside.
    public var prefix: String
    /// The database's incarnation id.
    public var incarnation: String
    /// The database's name, or the file's path.
    public var database: String
    /// The uploads folder's path.
    public var uploads: [UInt8]
    /// The uploads folder's device and inode.
    public var identity: FileIdentity

    /// Creates a binding.
    public init(
        prefix: String, incarnation: String, database: String, uploads: [UInt8],
        identity: FileIdentity
    ) {
        self.prefix = prefix
        self.incarnation = incarnation
        self.database = database
        self.uploads = uploads
        self.identity = identity
    }
}
