/// Which site to work on, as a person names it.
public struct SessionOptions: Hashable, Sendable {
    /// The WordPress root; nil: `$MONIKER_SITE`, else the current folder.
    public var site: String?
    /// The home; nil: `$MONIKER_HOME`, else `./backups`.
    public var home: String?
    /// A wp-config.php instead of the site's own.
    public var configuration: String?
    /// A database URL instead of what wp-config.php says.
    public var database: String?
    /// An uploads folder instead of what WordPress would compute.
    public var uploads: String?
    /// Further hosts that serve this site's uploads.
    public var hosts: [String]
    /// The blog of a network; nil: the main one.
    public var blog: Int64?
    /// Whether a journal that cannot be used is made again from its manifests.
    public var rebuildsJournal: Bool

    /// Collects the options.
    public init(
        site: String? = nil, home: String? = nil, configuration: String? = nil,
        database: String? = nil,
        uploads: String? = nil, hosts: [String] = [], blog: Int64? = nil,
        rebuildsJournal: Bool = false
    ) {
        self.site = site
        self.home = home
        self.configuration = configuration
        self.database = database
        self.uploads = uploads
        self.hosts = hosts
        self.blog = blog
        self.rebuildsJournal = rebuildsJournal
    }
}
