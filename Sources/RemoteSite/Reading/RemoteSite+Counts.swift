import HTTPClient
public import Model

/// How many attachments a site has, as far as the user may see them.
public struct RemoteCounts: Hashable, Sendable {
    /// Attachments of all kinds.
    public var media: Int
    /// Images of the types that the site lets be uploaded.
    public var images: Int
}

extension RemoteSite {
    /// Counts the attachments.
    ///
    /// - Throws: what a request throws (see `connect`).
    public func counts() async throws(MonikerError) -> RemoteCounts {
        RemoteCounts(
            media: try await count([]), images: try await count([("media_type", "image")]))
    }

    private func count(
        _ query: [(name: String, value: String)]
    ) async throws(MonikerError) -> Int {
        let url = api.url(
            "/wp/v2/media",
            [("context", "edit"), ("per_page", "1"), ("_fields", "id")] + query
                + [("_", String(UInt64.random(in: 0 ... .max), radix: 36))])
        let response = try await connection.read([IgnoredValue].self, url).response
        return try Self.totals(response, url).count
    }

    /// How many items and pages a list has in all.
    ///
    /// - Throws: `malformed-answer` where something drops the fields that say so.
    static func totals(
        _ response: HTTPResponse, _ url: String
    ) throws(MonikerError) -> (count: Int, pages: Int) {
        guard let pages = response["x-wp-totalpages"].flatMap({ Int($0) }),
            let count = response["x-wp-total"].flatMap({ Int($0) })
        else {
            throw MonikerError(
                .malformedAnswer,
                "\(RemoteFailure.place(url)) does not say how many pages there are: something "
                    + "before the site drops the fields X-WP-Total and X-WP-TotalPages; have them "
                    + "let through")
        }
        return (count, pages)
    }
}
