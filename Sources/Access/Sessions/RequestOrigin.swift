/// Whether a request of a browser comes from a page of this service.
///
/// The second defence against forged requests, beside the form token (OWASP, "Cross-Site Request
/// Forgery Prevention", Verifying Origin With Standard Headers).
public enum RequestOrigin {
    /// Whether a request that changes something may be answered.
    ///
    /// - Parameters:
    ///   - origin: the `Origin` header; nil where there is none.
    ///   - fetchSite: the `Sec-Fetch-Site` header; nil where there is none.
    ///   - host: the host and port that the request names.
    ///   - isSecure: whether the browser speaks TLS with whoever stands before the service.
    public static func isOwn(
        origin: String?, fetchSite: String?, host: String, isSecure: Bool
    ) -> Bool {
        if let fetchSite, fetchSite != "same-origin" { return false }
        guard let origin else { return fetchSite == "same-origin" }
        return origin.lowercased() == "\(isSecure ? "https" : "http")://\(host)".lowercased()
    }
}
