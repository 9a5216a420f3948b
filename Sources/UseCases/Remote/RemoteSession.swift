import HTTPClient
import Hashing
public import Model
import RemoteSite

/// One command's work on a site that is only reached over REST.
///
/// A session belongs to one thread and lives as long as one command.
public final class RemoteSession {
    let site: RemoteSite
    let home: String
    let progress: @Sendable (ProgressReport) -> Void

    /// Finds the site's API and logs in.
    ///
    /// - Parameters:
    ///   - options: which site, and as whom.
    ///   - progress: hears how far the work has come, on another thread.
    /// - Throws: `invalid-argument`, `insecure-address`, `password-missing`,
    ///   `password-file-unsafe`, `permission-denied`; what `RemoteSite.connect` throws. Nothing is
    ///   changed.
    public init(
        _ options: RemoteOptions, progress: @escaping @Sendable (ProgressReport) -> Void = { _ in }
    ) throws(MonikerError) {
        let settings = try options.settings()
        let home = try options.homeFolder()
        let client = try HTTPClient()
        self.home = home
        self.progress = progress
        site = try Blocking.run { () async throws(MonikerError) in
            try await RemoteSite.connect(settings, home: home, client: client)
        }
    }

    /// The folder for the answers and the review list of this site: ids of two sites may be the
    /// same.
    ///
    /// - Throws: `permission-denied`.
    func siteFolder() throws(MonikerError) -> String {
        let identity = Array(site.identity.utf8)
        let plain = identity.map { byte in
            let isPlain =
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            return isPlain ? byte : UInt8(ascii: "_")
        }
        // Two identities may look the same once they are plain.
        let digest = "\(SHA256.digest(of: identity))".prefix(8)
        let path = "\(home)/rest/\(String(decoding: plain.prefix(100), as: UTF8.self))-\(digest)"
        try HomeFolder.create(Array(path.utf8))
        return path
    }

    /// Tells how far a phase has come.
    func report(_ phase: String) -> @Sendable (Int, Int) -> Void {
        { [progress] done, total in
            progress(ProgressReport(phase: phase, done: done, total: total))
        }
    }
}
