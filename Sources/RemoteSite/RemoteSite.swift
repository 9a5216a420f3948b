import Foundation
public import HTTPClient
public import Model
import Synchronization

/// A WordPress site that is only reached over its REST API, with an application password.
///
/// Texts of attachments can be read, written and taken back; files cannot be renamed this way. What
/// was written is recorded in remote.sqlite of the home before it is sent (docs/rest-mode.md).
///
/// The password goes to the named server alone: redirects are told and not followed. A value may be
/// used from any task; one at a time writes, in all processes that share the home.
public final class RemoteSite: Sendable {
    /// Who asks, as the site sees it.
    public let account: RemoteAccount
    /// The site's name.
    public let name: String
    /// The language of the site as a BCP 47 tag; nil where it cannot be known.
    public let language: String?
    /// What tells the site from others in a home: its address without the scheme.
    public var identity: String { store.site }
    /// Where the API begins.
    public var root: String { api.address.url }

    let connection: Connection
    let api: APIRoot
    let store: RemoteHistoryStore
    let home: String
    /// The posts that images belong to, as far as they were asked for; nil for those not found.
    let posts = Mutex<[Int64: ImageUse?]>([:])

    private init(
        _ connection: Connection, api: APIRoot, home: String, account: RemoteAccount, name: String,
        language: String?
    ) throws(MonikerError) {
        self.connection = connection
        self.api = api
        self.home = home
        self.account = account
        self.name = name
        self.language = language
        store = try RemoteHistoryStore(home: home, site: Self.identity(of: connection.site))
    }

    /// Finds the API of a site, logs in and checks what the user may do.
    ///
    /// The API's root is what the front page's `Link` header names, else `/wp-json/`, else
    /// `?rest_route=/`; only a root on the same server is used. Changes of a killed process are
    /// resolved by `recover()`, which every writing call begins with.
    ///
    /// - Parameters:
    ///   - settings: which site, and as whom.
    ///   - home: the folder for remote.sqlite, which must exist.
    ///   - client: what sends the requests.
    ///   - clock: the time that waits go by.
    /// - Throws: `insecure-address`, `invalid-argument`; `rest-missing`, `rest-unauthorized`,
    ///   `rest-forbidden`, `rest-blocked`, `rest-redirected`, `rest-failed`, `rate-limited`,
    ///   `malformed-answer`; what the network throws; `history-unusable`.
    public static func connect(
        _ settings: RemoteSiteSettings, home: String, client: HTTPClient,
        clock: any RemoteClock = SystemRemoteClock()
    ) async throws(MonikerError) -> RemoteSite {
        var connection = try Connection(settings, client: client, clock: clock)
        let discovery = try await APIDiscovery.run(connection)
        connection.takesPasswords = discovery.index.takesPasswords
        let account = try await account(connection, discovery.root)
        let language = try await language(connection, discovery)
        return try RemoteSite(
            connection, api: discovery.root, home: home, account: account,
            name: displayText(discovery.index.name.utf8), language: language)
    }

    private static func account(
        _ connection: Connection, _ root: APIRoot
    ) async throws(MonikerError) -> RemoteAccount {
        let url = root.url(
            "/wp/v2/users/me", [("context", "edit"), ("_fields", UserAnswer.fields)])
        let user = try await connection.read(UserAnswer.self, url).value
        // What attachments map to: `upload_files` lists them, `edit_posts` edits one's own.
        guard user.capabilities.isSuperset(of: ["upload_files", "edit_posts"]) else {
            throw MonikerError(
                .restForbidden,
                "the user \(displayText(user.name.utf8)) may not edit images at \(root.address.url); "
                    + "use one who is an author, editor or administrator")
        }
        return RemoteAccount(
            id: user.id, name: displayText(user.name.utf8),
            roles: user.roles.map { displayText($0.utf8) },
            canEditOthers: user.capabilities.contains("edit_others_posts"),
            canStoreAnyHTML: user.capabilities.contains("unfiltered_html"))
    }

    /// The language that the settings name, which only administrators may read; else that of the
    /// front page.
    private static func language(
        _ connection: Connection, _ discovery: APIDiscovery
    ) async throws(MonikerError) -> String? {
        do throws(MonikerError) {
            let url = discovery.root.url("/wp/v2/settings", [("_fields", "language")])
            let locale = try await connection.read(SettingsAnswer.self, url).value.language
            return locale.isEmpty ? "en-US" : LocaleTag.of(locale)
        } catch
            where [.restForbidden, .restUnauthorized, .restMissing, .malformedAnswer]
            .contains(error.code)
        {
            return discovery.pageLanguage
        }
    }

    /// What tells a site from others in a home: its address without the scheme, which may change.
    static func identity(of site: SiteAddress) -> String {
        let port = site.port == (site.isSecure ? 443 : 80) ? "" : ":\(site.port)"
        let path = site.path.prefix { $0 != "?" }
        return site.host + port + (path.hasSuffix("/") ? path.dropLast() : path)
    }

    /// The changes that were written from this home, the newest first.
    ///
    /// - Throws: `history-unusable`.
    public func history(limit: Int = 100) throws(MonikerError) -> [RemoteChangeSet] {
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
