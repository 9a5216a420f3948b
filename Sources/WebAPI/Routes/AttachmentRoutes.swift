import Access
import Generation
import HTTPTypes
import Model
import UseCases

/// Attachments: lists, one of them, its file name and its texts.
struct AttachmentRoutes: Sendable {
    let site: Site
    let changes: Changes
    let settings: SettingsDesk

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/attachments", .scope(.read), list),
            Endpoint(.get, "/v1/attachments/{id}", .scope(.read), show),
            Endpoint(.post, "/v1/attachments/{id}/filename", .scope(.write), rename),
            Endpoint(.post, "/v1/attachments/{id}/metadata", .scope(.write), generate),
        ]
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [
            "missing", "used", "camera_name", "decorative", "q", "limit", "cursor",
        ])
        let search = request.query["q"]
        guard search.map({ $0.unicodeScalars.count <= 120 }) ?? true else {
            throw MonikerError(.invalidArgument, "the parameter q takes at most 120 characters")
        }
        let filter = try ImageFilter(
            missing: request.query["missing"], isUsed: try request.flag("used"),
            hasCameraName: try request.flag("camera_name"),
            isDecorative: try request.flag("decorative"), search: search)
        var after: AttachmentID?
        if let cursor = request.query["cursor"] {
            guard let number = Int64(cursor), number >= 0 else { throw Self.wrongCursor }
            after = AttachmentID(number)
        }
        let (start, limit) = (after, try request.limit())
        return try await site.answerFromInventory(
            sharedAs: "images\n" + request.question, caller: request.callerID
        ) { session throws(MonikerError) in
            let page = try session.imagePage(filter, after: start, limit: limit, refreshes: false)
            return .json(
                ListPage(items: page.items, next: page.next.map { String($0.rawValue) }))
        }
    }

    static let wrongCursor = MonikerError(
        .invalidArgument, "the parameter cursor is no cursor of this list: take it from `next`")

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        var answer = try await site.image(id, caller: request.callerID)
        let tag = answer.headers[.eTag] ?? ""
        // The browser may keep it and has to ask whether it is still true.
        answer.headers[.cacheControl] = "private, no-cache"
        let known = (request.headers["if-none-match"] ?? "").split(separator: ",")
            .map { $0.filter { $0 != " " } }
        if known.contains(where: { $0 == tag || $0 == "W/" + tag || $0 == "*" }) {
            answer.status = .notModified
        }
        return answer
    }

    // MARK: Changes

    private struct NameFields: RequestFields {
        var name: String?
        var dryRun: Bool?
        var keepOld: String?
        var expectedPlan: String?

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case name
            case dryRun = "dry_run"
            case keepOld = "keep_old"
            case expectedPlan = "expected_plan"
        }

        static var names: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
        init() {}
    }

    @Sendable private func rename(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        let fields = try request.fields(NameFields.self)
        let keepOld = try KeepOld(parsing: fields.keepOld ?? "24h")
        let name = fields.name.map { Array($0.utf8) }
        return try await changes.change(
            request, operation: "filename", target: "\(id)",
            ChangeWish(isDryRun: fields.dryRun ?? false, expectedPlan: fields.expectedPlan),
            report: { $0 }
        ) { session, isDryRun throws(MonikerError) in
            try session.rename(id, to: name, keepOld: keepOld, isDryRun: isDryRun)
        }
    }

    private struct MetadataFields: RequestFields {
        var fields: [String]?
        var mode: String?
        var language: String?
        var overwrite: Bool?
        var rename: Bool?
        var dryRun: Bool?
        var keepOld: String?
        var expectedPlan: String?

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case fields, mode, language, overwrite, rename
            case dryRun = "dry_run"
            case keepOld = "keep_old"
            case expectedPlan = "expected_plan"
        }

        static var names: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
        init() {}
    }

    @Sendable private func generate(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        let fields = try request.fields(MetadataFields.self)
        var wish = GenerateOptions()
        wish.attachments = [id]
        wish.fields = fields.fields ?? []
        settings.current.apply(to: &wish, settings.command)
        if let mode = fields.mode { wish.mode = mode }
        if let language = fields.language { wish.language = language }
        wish.overwrites = fields.overwrite ?? false
        wish.renames = fields.rename ?? false
        wish.keepOld = try KeepOld(parsing: fields.keepOld ?? "24h")
        let options = wish
        return try await changes.change(
            request, operation: "metadata", target: "\(id)",
            ChangeWish(isDryRun: fields.dryRun ?? false, expectedPlan: fields.expectedPlan),
            report: \.change
        ) { session, isDryRun throws(MonikerError) in
            var options = options
            options.isDryRun = isDryRun
            return try session.generate(options) { _ in }
        }
    }
}
