import Foundation
import Model
import Rewriting
import SiteDatabase
import WordPress

/// A site whose folder has been read and whose database is connected.
struct OpenedSite {
    let layout: SiteLayout
    let database: any SiteDatabase
    let uploads: UploadsFolder
    let location: UploadsLocation
    let blog: Int64?
    let blogs: [Int64]

    /// The prefix of the blog's own tables.
    var prefix: String { SitePolicy.prefix(layout, blog: blog) }

    init(_ options: SessionOptions, outside: Outside) throws(MonikerError) {
        let environment = ProcessInfo.processInfo.environment
        layout = try SiteLayout.inspect(
            site: options.site ?? environment["MONIKER_SITE"] ?? ".",
            configurationFile: options.configuration,
            hasDatabaseOverride: options.database != nil, environment: environment)
        database = outside.database(
            try Self.location(
                layout, override: options.database,
                password: environment["MONIKER_DATABASE_PASSWORD"]
            ).open())
        blog = options.blog
        if blog != nil, !layout.isMultisite {
            throw MonikerError(
                .invalidArgument, "--blog is for networks; \(layout.root) is a single site")
        }
        blogs = try SitePolicy.blogs(layout: layout, database: database)
        if let blog, !blogs.contains(blog) {
            throw MonikerError(
                .invalidArgument,
                "the network has no blog \(blog): it has \(blogs.map { "\($0)" }.joined(separator: ", "))"
            )
        }
        uploads = try UploadsFolder.compute(
            layout: layout, database: database,
            prefix: SitePolicy.prefix(layout, blog: blog), blog: blog, override: options.uploads)
        location = UploadsLocation(
            hosts: uploads.hosts + options.hosts, urlPaths: uploads.urlPaths,
            directories: uploads.spellings, assumesUsualServerFolders: false)
    }

    /// Which cells may be touched when attachments in these folders change.
    func policy(metadataDirectories: [AttachmentID: MediaPath?] = [:]) -> SitePolicy {
        SitePolicy(
            layout: layout, blog: blog, blogs: blogs, metadataDirectories: metadataDirectories)
    }

    private static func location(
        _ layout: SiteLayout, override: String?, password: String?
    ) throws(MonikerError) -> DatabaseLocation {
        if let override {
            let location = try DatabaseLocation(url: override)
            guard case .mariaDB(var options) = location, options.password.isEmpty, let password
            else { return location }
            options.password = Secret(password)
            return .mariaDB(options)
        }
        switch layout.database {
        case .sqlite(let path): return .sqlite(path: path)
        case .mariaDB(let host, let port, let socket, let user, let password, let name, let tls):
            return .mariaDB(
                MariaDBOptions(
                    host: host ?? "localhost", port: UInt16(clamping: port), socket: socket,
                    user: user,
                    password: Secret(password), database: name,
                    tls: tls ? .required : .preferred))
        case nil:
            throw MonikerError(
                .notASite,
                "\(layout.root) does not say where its database is: name it with --database URL")
        }
    }
}
