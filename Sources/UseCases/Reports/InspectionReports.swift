/// What `site` found.
public struct SiteReport: Encodable, Sendable {
    /// Something a person should know before the first rename.
    public struct Warning: Encodable, Sendable {
        /// The stable code.
        public var code: String
        /// A sentence for people.
        public var message: String
    }

    /// How many tables of an engine there are.
    public struct Tables: Encodable, Sendable {
        /// The storage engine.
        public var engine: String
        /// The number of tables.
        public var count: Int
        /// Whether a change of them can be rolled back.
        public var transactional: Bool
    }

    /// The WordPress root.
    public var root: String
    /// `mariadb`, `mysql` or `sqlite`.
    public var engine: String
    /// Its version.
    public var version: String
    /// The database's name or file.
    public var database: String
    /// The character set that wp-config.php names.
    public var charset: String?
    /// The table prefix.
    public var prefix: String
    /// Whether the site is part of a network.
    public var multisite: Bool
    /// The blog's id in its network.
    public var blog: Int64?
    /// The site's tables by engine.
    public var tables: [Tables]
    /// The uploads folder.
    public var uploads: String
    /// The uploads folder's address.
    public var uploadsURL: String
    /// The hosts that count as the site's own.
    public var hosts: [String]
    /// Whether tables may be created.
    public var canCreateTables: Bool
    /// Whether a commit is on disk when it returns.
    public var durableCommits: Bool
    /// Whether the uploads' file system has hard links.
    public var hardLinks: Bool
    /// Whether originals are stored without copying their blocks.
    public var reflinks: Bool
    /// The number of attachments.
    public var attachments: Int
    /// What to know.
    public var warnings: [Warning]

    private enum CodingKeys: String, CodingKey {
        case root, engine, version, database, charset, prefix, multisite, blog, tables, uploads
        case hosts, attachments, warnings
        case uploadsURL = "uploads_url"
        case canCreateTables = "can_create_tables"
        case durableCommits = "durable_commits"
        case hardLinks = "hard_links"
        case reflinks
    }
}

/// One attachment in a list.
public struct ImageSummary: Encodable, Sendable {
    /// The id.
    public var id: Int64
    /// The file, relative to uploads.
    public var file: String
    /// Its MIME type.
    public var mime: String
    /// The title.
    public var title: String
    /// The alternative text.
    public var alt: String
    /// The number of files of its family on disk.
    public var files: Int
    /// The number of references outside its own metadata; nil before the first `scan`.
    public var references: Int?
    /// The fields that are empty.
    public var missing: [String]
}

/// One place that names a file.
public struct ReferenceSummary: Encodable, Sendable {
    /// The table.
    public var table: String
    /// The row.
    public var key: KeyJSON
    /// The column.
    public var column: String
    /// The file it names.
    public var file: String
    /// The dresses it wears, outermost first.
    public var encoding: [String]
    /// The part of the value around it.
    public var excerpt: String
}

/// One attachment, whole.
public struct AttachmentReport: Encodable, Sendable {
    /// A file of the family.
    public struct File: Encodable, Sendable {
        /// The path, relative to uploads.
        public var path: String
        /// What it is.
        public var role: String
        /// Its size in bytes; nil where it is not on disk.
        public var bytes: Int64?
        /// Other attachments that use it as well.
        public var sharedWith: [Int64]

        private enum CodingKeys: String, CodingKey {
            case path, role, bytes
            case sharedWith = "shared_with"
        }
    }

    /// The attachment in short.
    public var attachment: ImageSummary
    /// Every attachment row that shares its file.
    public var attachments: [Int64]
    /// The caption.
    public var caption: String
    /// The description.
    public var description: String
    /// Who wrote the texts, where the journal knows.
    public var provenance: [TextProvenance]
    /// The file family.
    public var family: [File]
    /// Everything that names one of its files.
    public var references: [ReferenceSummary]
    /// Values that name one of its files and that cannot be rewritten.
    public var opaque: [ChangeReport.LeftCell]
    /// URLs of its files on other hosts.
    public var foreign: [String: Int]
}
