/// Where the REST API of a site begins, and how its routes are addressed there.
struct APIRoot: Hashable, Sendable {
    /// The root as the site names it: `https://example.com/wp-json/`, or with `?rest_route=/` where
    /// the site has no pretty permalinks.
    let address: SiteAddress

    /// The URL of a route, such as `/wp/v2/media`.
    func url(_ route: String, _ query: [(name: String, value: String)] = []) -> String {
        let parameters = PercentEncoding.form(query)
        guard let mark = address.url.firstRange(of: "rest_route=") else {
            let base = address.url.hasSuffix("/") ? String(address.url.dropLast()) : address.url
            return base + route + (parameters.isEmpty ? "" : "?" + parameters)
        }
        return address.url[..<mark.upperBound] + route
            + (parameters.isEmpty ? "" : "&" + parameters)
    }
}
