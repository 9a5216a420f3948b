/// What a site's uploads folder is called, from outside and from inside.
public struct UploadsLocation: Sendable {
    /// The hosts that serve it, lower-case, with a port where it is not the scheme's own.
    public let hosts: Set<String>
    /// The paths of its URL, without a trailing slash; the first is the one WordPress uses.
    public let urlPaths: [String]
    /// Its absolute paths on the server, without a trailing slash.
    public let directories: [[UInt8]]
    /// Whether a path below a folder where servers usually keep sites counts as the uploads folder
    /// when it ends like its URL: for a filter that knows no server.
    public let assumesUsualServerFolders: Bool

    /// Creates a location.
    ///
    /// - Parameters:
    ///   - hosts: authorities such as `example.com` or `127.0.0.1:8080`, in any letter case. Each
    ///     counts with and without `www.`, and behind the image proxies `i0.wp.com` to `i3.wp.com`.
    ///   - urlPaths: such as `/wp-content/uploads`; empty where uploads have a host of their own.
    ///   - directories: absolute paths.
    ///   - assumesUsualServerFolders: see the property.
    public init(
        hosts: [String], urlPaths: [String], directories: [[UInt8]],
        assumesUsualServerFolders: Bool
    ) {
        var all: Set<String> = []
        for host in hosts {
            let host = host.lowercased()
            all.insert(host)
            all.insert(host.hasPrefix("www.") ? String(host.dropFirst(4)) : "www." + host)
        }
        self.hosts = all
        self.urlPaths = urlPaths.map(Self.trimmed)
        self.directories = directories.map { directory in
            var directory = directory
            while directory.count > 1, directory.last == UInt8(ascii: "/") {
                directory.removeLast()
            }
            return directory
        }
        self.assumesUsualServerFolders = assumesUsualServerFolders
    }

    /// A path with one leading and no trailing slash; empty for the root.
    private static func trimmed(_ path: String) -> String {
        let segments = path.split(separator: "/")
        return segments.isEmpty ? "" : "/" + segments.joined(separator: "/")
    }
}
