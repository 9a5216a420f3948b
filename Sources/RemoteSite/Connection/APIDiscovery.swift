import HTTPClient
import Model

/// Where a site's API was found, and what its index says.
struct APIDiscovery: Sendable {
    let root: APIRoot
    let index: IndexAnswer
    /// The language that the front page says it is in.
    let pageLanguage: String?

    /// Finds the API; the password is not sent meanwhile.
    static func run(_ connection: Connection) async throws(MonikerError) -> APIDiscovery {
        let site = connection.site
        // A front page may be as long as it likes: what is wanted is at its beginning.
        var request = connection.request("GET", site.url, isAuthenticated: false)
        request.fields.append(HTTPRequest.Field("Accept", "text/html,*/*;q=0.8"))
        var page = HTTPResponse(status: 0)
        do throws(MonikerError) {
            page = try await connection.sendOnce(request)
        } catch  where error.code == .responseTooLarge {
            // The usual places are tried.
        }
        if (300..<400).contains(page.status) {
            throw RemoteFailure(page, url: site.url, connection: connection).error
        }
        let language = LocaleTag.ofPage(page.body)
        if let named = named(page) {
            guard named.isSameServer(as: site), named.isSecure || !site.isSecure else {
                throw MonikerError(
                    .restRedirected,
                    "\(site.url) names \(named.origin) as the server of its API, and the password "
                        + "goes only to the server that was named; if \(named.origin) is the site, "
                        + "give that as its address", details: ["location": named.origin])
            }
            guard named.isSecure == site.isSecure else {
                throw MonikerError(
                    .restRedirected,
                    "\(site.url) names \(named.origin) as the server of its API; give that as the "
                        + "site's address, so that the password goes encrypted",
                    details: ["location": named.origin])
            }
            let root = APIRoot(address: named)
            return APIDiscovery(
                root: root, index: try await index(connection, root), pageLanguage: language)
        }
        return try await guess(connection, language)
    }

    /// The root that the header `Link` names with the relation of the API.
    private static func named(_ page: HTTPResponse) -> SiteAddress? {
        for field in page.fields where field.name == "link" {
            for link in field.value.split(separator: ",") where link.contains("https://api.w.org/")
            {
                guard let start = link.firstIndex(of: "<"),
                    let end = link[start...].firstIndex(of: ">")
                else { continue }
                return SiteAddress(link[link.index(after: start)..<end])
            }
        }
        return nil
    }

    /// Tries the places where the API usually is, for caches and firewalls drop the header.
    private static func guess(
        _ connection: Connection, _ language: String?
    ) async throws(MonikerError) -> APIDiscovery {
        let front = connection.site.url.prefix { $0 != "?" }
        let base = front.hasSuffix("/") ? String(front.dropLast()) : String(front)
        var first: MonikerError?
        for place in ["/wp-json/", "/?rest_route=/"] {
            guard let address = SiteAddress(base + place) else { continue }
            let root = APIRoot(address: address)
            do throws(MonikerError) {
                return APIDiscovery(
                    root: root, index: try await index(connection, root), pageLanguage: language)
            } catch {
                // Of two failures, that of the firewall says more than that nothing is there.
                if first == nil || first?.code == .restMissing { first = error }
            }
        }
        throw first
            ?? MonikerError(.restMissing, "\(base) has no REST API; check the address")
    }

    private static func index(
        _ connection: Connection, _ root: APIRoot
    ) async throws(MonikerError) -> IndexAnswer {
        let url = root.url("/", [("_fields", IndexAnswer.fields)])
        var request = connection.request("GET", url, isAuthenticated: false)
        request.fields.append(HTTPRequest.Field("Accept", "application/json"))
        let response = try await connection.send(request)
        let index = try connection.decode(IndexAnswer.self, response, url)
        guard index.namespaces.contains("wp/v2") else {
            throw MonikerError(
                .restMissing,
                "the API at \(root.address.url) lacks WordPress's own routes (wp/v2), which a plugin "
                    + "switched off; let /wp/v2/media and /wp/v2/users/me be reached")
        }
        return index
    }
}
