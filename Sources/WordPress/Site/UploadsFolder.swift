public import Model

/// Where a site's uploads are, from inside and from outside.
public struct UploadsFolder: Hashable, Sendable {
    /// The folder, absolute.
    public var directory: [UInt8]
    /// All absolute spellings of it that stored paths may have.
    public var spellings: [[UInt8]]
    /// Its address, without a trailing slash.
    public var url: String
    /// The paths of its addresses; the first is WordPress's own.
    public var urlPaths: [String]
    /// The hosts that serve it, lower-case, with their ports.
    public var hosts: [String]
    /// Whether uploads are kept in folders by month.
    public var usesYearMonthFolders: Bool

    /// Describes a folder that is known otherwise.
    public init(
        directory: [UInt8], spellings: [[UInt8]], url: String, urlPaths: [String],
        hosts: [String], usesYearMonthFolders: Bool
    ) {
        self.directory = directory
        self.spellings = spellings
        self.url = url
        self.urlPaths = urlPaths
        self.hosts = hosts
        self.usesYearMonthFolders = usesYearMonthFolders
    }

    /// Computes the folder as WordPress's `_wp_upload_dir` does.
    ///
    /// - Parameters:
    ///   - prefix: the blog's table prefix.
    ///   - blog: the blog of a network; nil or 1 for the main one.
    ///   - override: a folder instead of the computed one.
    /// - Throws: `not-a-site` where the options table is missing or has no siteurl;
    ///   `computed-configuration`; what reading throws.
    public static func compute(
        layout: SiteLayout, database: any SiteDatabase, prefix: String, blog: Int64?,
        override: String?
    ) throws(MonikerError) -> UploadsFolder {
        let options = try readOptions(database, prefix: prefix)
        guard let storedSite = options["siteurl"] else {
            throw MonikerError(
                .notASite,
                "the table \(prefix)options has no siteurl: is \"\(prefix)\" the prefix of this site's tables?",
                details: ["table": prefix + "options"])
        }
        let configuration = layout.configuration
        let site = Address(try address("WP_SITEURL", configuration) ?? storedSite)
        let home = Address(try address("WP_HOME", configuration) ?? options["home"] ?? storedSite)
        var folder = try single(layout, site: site, options: options)
        if layout.isMultisite, let blog, blog > 1 {
            try enter(blog, of: layout, site: site, folder: &folder)
        }
        if let override { folder.directory = LocalPath.absolute(override) }

        let address = Address(folder.url)
        var hosts: [String] = []
        for host in [
            home.host, site.host, Address(storedSite).host,
            Address(options["home"] ?? storedSite).host, address.host,
        ] where !host.isEmpty && !hosts.contains(host) {
            hosts.append(host)
        }
        // Links from before `upload_url_path` was set name the folder's place below the site.
        var urlPaths = [address.path]
        if folder.directory.hasPrefix(layout.root + "/") {
            let below = site.path + folder.directory.dropFirst(layout.root.count)
            if !urlPaths.contains(below) { urlPaths.append(below) }
        }
        var spellings: [String] = [folder.directory]
        for spelling in [
            LocalPath.real(folder.directory), LocalPath.real(layout.root).map { $0 + address.path },
        ] {
            if let spelling, !spellings.contains(spelling) { spellings.append(spelling) }
        }
        return UploadsFolder(
            directory: Array(folder.directory.utf8), spellings: spellings.map { Array($0.utf8) },
            url: folder.url, urlPaths: urlPaths, hosts: hosts,
            usesYearMonthFolders: options["uploads_use_yearmonth_folders"].map {
                !$0.isEmpty && $0 != "0"
            } ?? false)
    }

    /// The address that a constant gives; nil where it is made from the request's host, which the
    /// options then stand in for.
    private static func address(
        _ constant: String, _ configuration: SiteConfiguration
    ) throws(MonikerError) -> String? {
        do {
            return try configuration.string(constant)
        } catch  where error.code == .computedConfiguration {
            return nil
        }
    }

    private static func readOptions(
        _ database: any SiteDatabase, prefix: String
    ) throws(MonikerError) -> [String: String] {
        let names = [
            "siteurl", "home", "upload_path", "upload_url_path", "uploads_use_yearmonth_folders",
        ]
        var options: [String: String] = [:]
        do {
            try database.forEachRow(
                of: RowQuery(
                    table: prefix + "options", columns: ["option_name", "option_value"],
                    filter: .isAny(column: "option_name", names.map(SQLValue.string)))
            ) { (row) throws(MonikerError) in
                options[text(row[0])] = text(row[1])
                return true
            }
        } catch  where error.code == .databaseFailed {
            throw MonikerError(
                .notASite,
                "the table \(prefix)options cannot be read: is \"\(prefix)\" the prefix of this site's tables, and is WordPress installed?",
                details: ["table": prefix + "options"], cause: error)
        }
        return options
    }

    private static func text(_ value: SQLValue) -> String {
        value.bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The folder of a site that is no network, or of a network's main blog.
    private static func single(
        _ layout: SiteLayout, site: Address, options: [String: String]
    ) throws(MonikerError) -> (directory: String, url: String) {
        let configuration = layout.configuration
        let contentURL =
            try configuration.string("WP_CONTENT_URL")
            ?? site.url + layout.contentDirectory.withoutPrefix(layout.root, else: "/wp-content")
        let stored = (options["upload_path"] ?? "").trimmingSpaces
        let isUsual = stored.isEmpty || stored == "wp-content/uploads"
        var directory: String
        if isUsual {
            directory = layout.contentDirectory + "/uploads"
        } else {
            directory = stored.hasPrefix("/") ? stored : layout.root + "/" + stored
        }
        var url = options["upload_url_path"] ?? ""
        if url.isEmpty {
            url =
                isUsual || stored == directory ? contentURL + "/uploads" : site.url + "/" + stored
        }
        if let uploads = try configuration.string("UPLOADS"), !uploads.isEmpty {
            directory = layout.root + "/" + uploads
            url = site.url + "/" + uploads
        }
        while url.hasSuffix("/") { url.removeLast() }
        return (LocalPath.absolute(directory), url)
    }

    /// Goes from the main blog's folder to another blog's.
    private static func enter(
        _ blog: Int64, of layout: SiteLayout, site: Address,
        folder: inout (directory: String, url: String)
    ) throws(MonikerError) {
        let legacy = layout.contentDirectory + "/blogs.dir/\(blog)/files"
        if LocalPath.exists(legacy) {
            // Networks from before WordPress 3.5 (`ms_files_rewriting`).
            folder = (legacy, site.url + "/files")
        } else {
            folder.directory += "/sites/\(blog)"
            folder.url += "/sites/\(blog)"
        }
    }
}

/// An address in its parts.
struct Address {
    /// Lower-case host, with the port where one is named; empty for an address without a host.
    var host: String
    /// The path, with a leading and without a trailing slash; empty for the root.
    var path: String
    /// The whole address without a trailing slash.
    var url: String

    init(_ text: String) {
        var text = text.trimmingSpaces
        while text.hasSuffix("/") { text.removeLast() }
        url = text
        guard let separator = text.firstRange(of: "//") else {
            host = ""
            path = text.hasPrefix("/") ? text : ""
            return
        }
        let rest = text[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        host = String(rest[..<slash]).lowercased()
        path = String(rest[slash...])
    }
}

extension String {
    /// The text without white space around it.
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    /// The text behind a prefix; another text where it does not begin with it.
    fileprivate func withoutPrefix(_ prefix: String, else other: String) -> String {
        hasPrefix(prefix + "/") ? String(dropFirst(prefix.count)) : other
    }
}
