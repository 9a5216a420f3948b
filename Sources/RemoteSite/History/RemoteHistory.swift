public import Model

/// What was written to a site over REST from one home; read without asking the site.
public struct RemoteHistory: Sendable {
    /// What tells the site from others in a home: its address without the scheme.
    public let site: String
    private let store: RemoteHistoryStore

    /// Opens the history of a site, or begins one.
    ///
    /// - Parameters:
    ///   - url: the address of the site's front page.
    ///   - home: the folder of remote.sqlite, which must exist.
    /// - Throws: `invalid-argument` for what is no address; `history-unusable`.
    public init(of url: String, home: String) throws(MonikerError) {
        guard let address = SiteAddress(url) else {
            throw MonikerError(
                .invalidArgument,
                "\"\(displayText(url.utf8))\" is no address of a site; give one such as https://example.com"
            )
        }
        site = RemoteSite.identity(of: address)
        store = try RemoteHistoryStore(home: home, site: site)
    }

    /// The change sets, the newest first.
    ///
    /// - Throws: `history-unusable`.
    public func changeSets(limit: Int = 100) throws(MonikerError) -> [RemoteChangeSet] {
        try store.changeSets(limit: limit)
    }

    /// What one change set wrote, in order.
    ///
    /// - Throws: `unknown-journal`; `foreign-journal` where it belongs to another site;
    ///   `history-unusable`.
    public func changes(of id: RemoteChangeID) throws(MonikerError) -> [RemoteChange] {
        try store.changes(of: id)
    }
}
