public import Model

/// Which cells of a WordPress site may hold references, and how each is read.
public struct SitePolicy: CellPolicy {
    /// The prefix of the blog's own tables.
    public let prefix: String
    private let basePrefix: String
    private let isMultisite: Bool
    private let blog: Int64
    private let otherBlogs: [Int64]
    private let metadataDirectories: [AttachmentID: MediaPath?]

    /// Tables of a network that belong to no blog.
    private static let sharedTables: Set<String> = [
        "users", "usermeta", "site", "sitemeta", "blogs", "blogmeta", "blog_versions", "signups",
        "registration_log",
    ]

    /// Columns that identify or classify and never hold a link; `guid` and `post_name` are
    /// identifiers although they look like links.
    private static let identifiers: Set<String> = [
        "guid", "post_name", "meta_key", "option_name", "user_pass", "user_login",
        "user_nicename", "user_email", "user_activation_key", "post_password", "slug",
        "post_status", "post_type", "post_mime_type", "comment_author_ip",
        "comment_author_email", "comment_type", "autoload", "taxonomy",
    ]

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - blog: the blog of a network; nil or 1 for the main one.
    ///   - blogs: the ids of all blogs of the network.
    ///   - metadataDirectories: the folders of the attachments that are being renamed: in their own
    ///     metadata file names stand without a folder.
    public init(
        layout: SiteLayout, blog: Int64?, blogs: [Int64],
        metadataDirectories: [AttachmentID: MediaPath?]
    ) {
        basePrefix = layout.basePrefix
        isMultisite = layout.isMultisite
        self.blog = blog ?? 1
        prefix = Self.prefix(layout, blog: blog)
        otherBlogs = blogs.filter { $0 != (blog ?? 1) }
        self.metadataDirectories = metadataDirectories
    }

    /// The prefix of a blog's own tables.
    public static func prefix(_ layout: SiteLayout, blog: Int64?) -> String {
        guard layout.isMultisite, let blog, blog > 1 else { return layout.basePrefix }
        return layout.basePrefix + "\(blog)_"
    }

    /// The ids of all blogs of a network; empty for a site that is none.
    public static func blogs(
        layout: SiteLayout, database: any SiteDatabase
    ) throws(MonikerError) -> [Int64] {
        guard layout.isMultisite else { return [] }
        var blogs: [Int64] = []
        try database.forEachRow(
            of: RowQuery(table: layout.basePrefix + "blogs", columns: ["blog_id"])
        ) { (row) throws(MonikerError) in
            if let id = row[0].integer { blogs.append(id) }
            return true
        }
        return blogs
    }

    /// The tables of this blog and those that all blogs share.
    public func scannedTables(of tables: [TableSchema]) -> [TableSchema] {
        tables.filter { table in
            guard table.name.hasPrefix(basePrefix) else { return false }
            guard isMultisite else { return true }
            let rest = table.name.dropFirst(basePrefix.count)
            if Self.sharedTables.contains(String(rest)) { return true }
            if blog > 1 { return rest.hasPrefix("\(blog)_") }
            return !otherBlogs.contains { rest.hasPrefix("\($0)_") }
        }
    }

    /// The columns that may hold references.
    public func scannedColumns(of table: TableSchema) -> [ColumnSchema] {
        table.columns.filter {
            $0.kind != .other && !$0.isGenerated && !table.primaryKey.contains($0.name)
                && !Self.identifiers.contains($0.name.lowercased())
        }
    }

    /// What tells how a cell is to be read.
    public func contextColumns(of table: TableSchema) -> [String] {
        ["post_id", "meta_key", "option_name"].filter { table.column(named: $0) != nil }
    }

    /// How a cell is read.
    public func role(table: TableSchema, column: String, context: [SQLValue]) -> ValueRole? {
        // Asked of every value; most tables have no such column.
        let names = context.isEmpty ? [] : contextColumns(of: table)
        func value(_ name: String) -> SQLValue? {
            names.firstIndex(of: name).map { context[$0] }
        }
        let option = value("option_name")?.bytes ?? []
        if option.starts(with: "moniker_tx_".utf8) { return nil }
        if column.lowercased() == "post_title" { return .prose }
        guard let key = value("meta_key")?.bytes else { return .ordinary }
        if key.elementsEqual("_wp_attachment_image_alt".utf8) { return .prose }
        let isMetadata =
            key.elementsEqual("_wp_attachment_metadata".utf8)
            || key.elementsEqual("_wp_attachment_backup_sizes".utf8)
        if isMetadata, let id = value("post_id")?.integer,
            let directory = metadataDirectories[AttachmentID(id)]
        {
            return .attachmentMetadata(directory: directory)
        }
        return .ordinary
    }
}
