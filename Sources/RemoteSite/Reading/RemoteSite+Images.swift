import HTTPClient
public import Model

extension RemoteSite {
    /// How often a list is begun again because images came or went meanwhile.
    private static let mostListings = 3

    /// All images of the library, by id.
    ///
    /// Pages follow `X-WP-TotalPages`. Where images are added or deleted meanwhile, which moves
    /// the others to other pages, the list is read again. WordPress lists the types that it allows
    /// to be uploaded: SVG only with a plugin.
    ///
    /// - Parameter progress: told how many were read, and how many there are.
    /// - Throws: what a request throws (see `connect`); `rest-failed` where the list kept changing;
    ///   `history-unusable`.
    /// - Complexity: a request for each 100 images.
    public func images(
        progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(MonikerError) -> [RemoteImage] {
        let decorative = try store.decorative()
        for _ in 0..<Self.mostListings {
            if let items = try await listing(progress) {
                return items.map { image($0, decorative) }
            }
        }
        throw MonikerError(
            .restFailed,
            "the images of \(connection.site.url) changed \(Self.mostListings) times while they "
                + "were listed; try again when nobody is uploading")
    }

    /// One image.
    ///
    /// - Throws: `unknown-attachment` where there is none of this id; what a request throws (see
    ///   `connect`); `history-unusable`.
    public func image(_ id: AttachmentID) async throws(MonikerError) -> RemoteImage {
        image(try await item(id), try store.decorative())
    }

    private func image(_ item: MediaItem, _ decorative: Set<Int64>) -> RemoteImage {
        RemoteImage(
            item, language: language ?? "en", isDecorative: decorative.contains(item.id))
    }

    /// An attachment as the site has it now, not as a cache has it.
    func item(_ id: AttachmentID) async throws(MonikerError) -> MediaItem {
        let url = api.url(
            "/wp/v2/media/\(id)",
            [
                ("context", "edit"), ("_fields", MediaItem.fields),
                ("_", String(UInt64.random(in: 0 ... .max), radix: 36)),
            ])
        return try await connection.read(MediaItem.self, url).value
    }

    /// All pages; nil where the number of images changed in between.
    private func listing(
        _ progress: @Sendable (Int, Int) -> Void
    ) async throws(MonikerError) -> [MediaItem]? {
        var items: [MediaItem] = []
        var page = 1
        var total: Int?
        while true {
            let url = api.url(
                "/wp/v2/media",
                [
                    ("context", "edit"), ("media_type", "image"), ("orderby", "id"),
                    ("order", "asc"), ("per_page", String(connection.settings.pageSize)),
                    ("page", String(page)), ("_fields", MediaItem.fields),
                    ("_", String(UInt64.random(in: 0 ... .max), radix: 36)),
                ])
            let found: [MediaItem]
            let response: HTTPResponse
            do throws(MonikerError) {
                (found, response) = try await connection.read([MediaItem].self, url)
            } catch  where page > 1 && error.details["type"] == "rest_post_invalid_page_number" {
                return nil
            }
            let (count, pages) = try Self.totals(response, url)
            if total != nil, total != count { return nil }
            total = count
            items += found
            progress(items.count, count)
            if page >= pages { break }
            page += 1
        }
        let ids = Set(items.map(\.id))
        return ids.count == items.count && ids.count == total ? items : nil
    }
}
