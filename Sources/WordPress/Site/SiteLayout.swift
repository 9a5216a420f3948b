import Glibc
public import Model

/// Where a site's database is, by its configuration.
public enum DatabaseAddress: Hashable, Sendable {
    /// A MariaDB or MySQL server.
    case mariaDB(
        host: String?, port: UInt32, socket: String?, user: String, password: String,
        name: String, usesTLS: Bool)
    /// A file of the SQLite Database Integration plugin.
    case sqlite(path: String)
}

/// What a site's folder says before its database is asked.
public struct SiteLayout: Sendable {
    /// The folder with WordPress in it, absolute.
    public var root: String
    /// What wp-config.php defines.
    public var configuration: SiteConfiguration
    /// The database; nil where the caller brings another.
    public var database: DatabaseAddress?
    /// wp-content, absolute.
    public var contentDirectory: String
    /// `$table_prefix`.
    public var basePrefix: String
    /// Whether the site is a network.
    public var isMultisite: Bool
    /// `DB_CHARSET`; nil where it is not defined.
    public var charset: String?

    /// Looks at a site's folder.
    ///
    /// - Parameters:
    ///   - site: the folder.
    ///   - configurationFile: another wp-config.php than the folder's.
    ///   - hasDatabaseOverride: whether the database need not be known.
    ///   - environment: this process's environment.
    /// - Throws: `not-a-site` where there is no wp-config.php; `computed-configuration`.
    public static func inspect(
        site: String, configurationFile: String?, hasDatabaseOverride: Bool,
        environment: [String: String]
    ) throws(MonikerError) -> SiteLayout {
        let root = LocalPath.absolute(site)
        let (path, contents) =
            if let configurationFile { try read(configurationFile) } else { try find(in: root) }
        let configuration = SiteConfiguration.parse(
            contents, at: path, root: root, environment: environment,
            readingInclude: LocalPath.contents)
        let content =
            try configuration.string("WP_CONTENT_DIR").map(LocalPath.absolute)
            ?? root + "/wp-content"
        let sqlite = try sqliteFile(configuration, content: content)
        var layout = SiteLayout(
            root: root, configuration: configuration, database: nil, contentDirectory: content,
            basePrefix: try configuration.tablePrefix() ?? "wp_",
            isMultisite: try configuration.boolean("MULTISITE") ?? false,
            charset: try configuration.string("DB_CHARSET"))
        if let sqlite {
            layout.database = .sqlite(path: sqlite)
        } else if !hasDatabaseOverride {
            layout.database = try serverAddress(configuration, path: path)
        }
        return layout
    }

    private static func read(_ file: String) throws(MonikerError) -> (String, [UInt8]) {
        guard let contents = LocalPath.contents(of: file) else { throw unreadable(file) }
        return (LocalPath.absolute(file), contents)
    }

    /// wp-config.php in the folder, or one above it where that is no WordPress of its own.
    private static func find(in root: String) throws(MonikerError) -> (String, [UInt8]) {
        let own = root + "/wp-config.php"
        if LocalPath.exists(own) {
            guard let contents = LocalPath.contents(of: own) else { throw unreadable(own) }
            return (own, contents)
        }
        let parent = LocalPath.parent(of: root)
        let above = parent + "/wp-config.php"
        let isWordPress =
            LocalPath.exists(root + "/wp-load.php") || LocalPath.exists(root + "/wp-includes")
            || LocalPath.exists(root + "/wp-content")
        if isWordPress, LocalPath.exists(above), !LocalPath.exists(parent + "/wp-settings.php"),
            let contents = LocalPath.contents(of: above)
        {
            return (above, contents)
        }
        throw MonikerError(
            .notASite,
            "\(root) is not a WordPress site: there is no wp-config.php in it; name the site's folder with --site DIR",
            details: ["site": root])
    }

    private static func unreadable(_ path: String) -> MonikerError {
        MonikerError(
            .notASite,
            "\(path) cannot be read: run moniker as a user who may read it, or name another with --config FILE",
            details: ["path": path])
    }

    private static func sqliteFile(
        _ configuration: SiteConfiguration, content: String
    ) throws(MonikerError) -> String? {
        let isSelected = try configuration.string("DB_ENGINE")?.lowercased() == "sqlite"
        let directory = try configuration.string("DB_DIR") ?? content + "/database"
        let file = try configuration.string("DB_FILE") ?? ".ht.sqlite"
        let path = LocalPath.absolute(directory) + "/" + file
        // The plugin is in use where its drop-in is; its file alone may be left from a trial.
        let isInstalled = LocalPath.exists(content + "/db.php") && LocalPath.exists(path)
        let hasServer = configuration.constants["DB_NAME"] != nil
        return isSelected || isInstalled || !hasServer && LocalPath.exists(path) ? path : nil
    }

    private static func serverAddress(
        _ configuration: SiteConfiguration, path: String
    ) throws(MonikerError) -> DatabaseAddress {
        func required(_ constant: String) throws(MonikerError) -> String {
            guard let value = try configuration.string(constant) else {
                throw MonikerError(
                    .notASite,
                    "\(path) does not define \(constant): is it the site's own? Name another with --config FILE, or the database with --database URL",
                    details: ["constant": constant, "file": path])
            }
            return value
        }
        let (host, port, socket) = try hostParts(
            try configuration.string("DB_HOST") ?? "localhost")
        let flags = configuration.constants["MYSQL_CLIENT_FLAGS"]
        return .mariaDB(
            host: host, port: port, socket: socket, user: try required("DB_USER"),
            password: try configuration.string("DB_PASSWORD") ?? "",
            name: try required("DB_NAME"), usesTLS: flags != nil)
    }

    /// The parts of DB_HOST as wpdb::parse_db_host reads them.
    static func hostParts(
        _ text: String
    ) throws(MonikerError) -> (host: String?, port: UInt32, socket: String?) {
        var rest = text[...]
        if rest.hasPrefix("p:") { rest = rest.dropFirst(2) }
        var socket: String?
        if let colon = rest.firstRange(of: ":/") {
            socket = "/" + rest[colon.upperBound...]
            rest = rest[..<colon.lowerBound]
        } else if rest.hasPrefix("/") {
            return (nil, 3306, String(rest))
        }
        var port: UInt32 = 3306
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            let tail = rest[rest.index(after: end)...]
            if tail.hasPrefix(":") { port = UInt32(tail.dropFirst()) ?? port }
            return (String(rest[rest.index(after: rest.startIndex)..<end]), port, socket)
        }
        if rest.count(where: { $0 == ":" }) == 1, let colon = rest.firstIndex(of: ":") {
            port = UInt32(rest[rest.index(after: colon)...]) ?? port
            rest = rest[..<colon]
        }
        let host = rest.isEmpty ? nil : String(rest)
        if socket == nil, host == nil || host == "localhost" {
            socket = usualSockets.first(where: LocalPath.exists)
            return socket == nil ? ("127.0.0.1", port, nil) : (nil, port, socket)
        }
        return (socket == nil ? host : nil, port, socket)
    }

    private static let usualSockets = [
        "/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock",
        "/tmp/mysql.sock",
    ]
}
