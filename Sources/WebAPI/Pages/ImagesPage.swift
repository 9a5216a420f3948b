import Dashboard
import HTTPTypes
import Model
import UseCases

/// The list of images, and their small pictures.
struct ImagesPage: Sendable {
    private let site: Site
    private let options: ServiceOptions
    private let frame: PageMaker

    private static let pageSize = 50
    private static let conditions = ["q", "missing", "used", "camera_name"]

    init(_ environment: PageEnvironment) {
        site = environment.site
        options = environment.options
        frame = environment.frame
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/images", .page, list),
            Endpoint(.get, "/thumbnails/{id}", .page, thumbnail),
        ]
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        // A form sends the fields that say nothing as well.
        var asked = request
        asked.query = request.query.filter { !$0.value.isEmpty }
        try asked.requireQuery(of: Set(Self.conditions + ["cursor"]))
        let query = asked.query
        guard query["q"].map({ $0.utf8.count <= 500 }) ?? true else {
            throw MonikerError(.invalidArgument, "the search takes at most 500 bytes")
        }
        let filter = try ImageFilter(
            missing: query["missing"], isUsed: try asked.flag("used"),
            hasCameraName: try asked.flag("camera_name"), search: query["q"])
        var after: AttachmentID?
        if let cursor = query["cursor"] {
            guard let number = Int64(cursor), number >= 0 else {
                throw AttachmentRoutes.wrongCursor
            }
            after = AttachmentID(number)
        }
        let known = await site.watch.view()
        let page = try await site.knownImages(filter, after: after, limit: Self.pageSize)
        var view = ImagesView()
        view.filter = ImagesView.Filter(
            search: query["q"] ?? "", missing: query["missing"] ?? "",
            used: query["used"] ?? "", cameraName: query["camera_name"] ?? "")
        guard let page else {
            view.isReading = true
            var answer = try frame.answer(view, request)
            answer.headers[.refresh] = "2"
            return answer
        }
        view.rows = page.items.map(ImagesView.Row.init)
        view.count = try await count(filter, query, known, onlyPage: page, after: after)
        view.taken = known.snapshot.map { PageTime($0.taken) }
        view.next = page.next.map { Self.address(query, cursor: "\($0.rawValue)") }
        view.first = after.map { _ in Self.address(query, cursor: nil) }
        view.dialogs = ["missing-alt", "complete-metadata", "metadata-and-filename"].map {
            JobDialog(kind: $0, provider: options.providerName, isForSelection: true)
        }
        return try frame.answer(view, request)
    }

    /// How many images there are, in words; nil where counting would take long.
    private func count(
        _ filter: ImageFilter, _ query: [String: String], _ known: LibraryWatch.View,
        onlyPage page: ImagePage, after: AttachmentID?
    ) async throws(MonikerError) -> String? {
        let conditions = query.keys.filter { $0 != "cursor" }
        if after == nil, page.next == nil {
            return Wording.count(page.items.count, "image", "images")
        }
        if conditions.isEmpty {
            return (known.snapshot?.library?.images).map { Wording.count($0, "image", "images") }
        }
        // One condition, or one together with use, has an index; a search may touch every text.
        guard query["q"] == nil, conditions.count == 1 || query["used"] != nil else { return nil }
        let number = try await site.read { session throws(MonikerError) in
            try session.imageCount(filter)
        }
        return Wording.count(number, "image", "images")
    }

    private static func address(_ query: [String: String], cursor: String?) -> String {
        var fields = conditions.compactMap { name in query[name].map { (name, $0) } }
        if let cursor { fields.append(("cursor", cursor)) }
        guard !fields.isEmpty else { return "/images" }
        return "/images?"
            + fields.map { "\($0.0)=\(PageMaker.escapingQuery($0.1))" }.joined(separator: "&")
    }

    // MARK: Thumbnails

    @Sendable private func thumbnail(
        _ request: APIRequest
    ) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        let found = try await site.read { session throws(MonikerError) in
            try session.thumbnail(of: id)
        }
        guard let found else {
            throw MonikerError(
                .unknownRoute, "attachment \(id) has no picture that can be shown small")
        }
        var answer = APIAnswer(.ok, contentType: found.contentType, body: found.bytes)
        // A file somebody uploaded: whatever it holds, it is shown as a picture and nothing else.
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; frame-ancestors 'none'; sandbox"
        answer.headers[.contentDisposition] = "inline; filename=\"thumbnail\""
        answer.headers[.cacheControl] = "private, max-age=300"
        return answer
    }
}

extension ImagesView.Row {
    /// An image of the inventory.
    init(_ item: ImageListing) {
        self.init(
            id: item.id, file: item.file, mime: item.mime, title: item.title, alt: item.alt,
            missing: item.missing, isDecorative: item.fields["alt"] == "decorative",
            hasCameraName: item.cameraName,
            use: Self.use(item.uses, first: item.usedIn.first?.title), bytes: item.bytes,
            width: item.width, height: item.height)
    }

    /// Where an image is used, in words; nil for nowhere.
    static func use(_ uses: Int, first: String?) -> String? {
        guard uses > 0 else { return nil }
        guard let first, !first.isEmpty else {
            return Wording.count(uses, "place", "places")
        }
        return uses == 1 ? first : "\(first) and \(Wording.count(uses - 1)) more"
    }
}
