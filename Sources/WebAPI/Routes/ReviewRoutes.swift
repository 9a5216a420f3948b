import Access
import HTTPTypes
import Model
import UseCases

/// The review queue: looking at it, and approving, editing and rejecting what is on it.
struct ReviewRoutes: Sendable {
    let site: Site
    let changes: Changes
    let audit: Audit

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/review", .scope(.read), list),
            Endpoint(.post, "/v1/review/approve", .scope(.write), approveSome),
            Endpoint(.post, "/v1/review/{id}/approve", .scope(.write), approve),
            Endpoint(.post, "/v1/review/{id}/edit", .scope(.write), edit),
            Endpoint(.post, "/v1/review/{id}/reject", .scope(.write), reject),
        ]
    }

    /// A page of the queue, with how many wait in all.
    private struct Page: Encodable {
        var items: [ReviewReport]
        var next: String?
        var total: Int

        private enum CodingKeys: CodingKey {
            case items, next, total
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(items, forKey: .items)
            try container.encode(next, forKey: .next)
            try container.encode(total, forKey: .total)
        }
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["limit", "cursor"])
        let limit = try request.limit()
        var after: AttachmentID?
        if let cursor = request.query["cursor"] {
            guard let number = Int64(cursor), number >= 0 else {
                throw AttachmentRoutes.wrongCursor
            }
            after = AttachmentID(number)
        }
        let start = after
        let page = try await site.read { session throws(MonikerError) in
            try session.reviewPage(after: start, limit: limit)
        }
        return .json(
            Page(items: page.items, next: page.next.map { "\($0)" }, total: page.total))
    }

    // MARK: Decisions

    /// How texts are written.
    private struct WritingFields: RequestFields {
        var attachments: [Int64]?
        var texts: [String: String]?
        var force: Bool?
        var dryRun: Bool?
        var keepOld: String?
        var expectedPlan: String?
        var updateContent: Bool?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case attachments, texts, force
            case dryRun = "dry_run"
            case keepOld = "keep_old"
            case expectedPlan = "expected_plan"
            case updateContent = "update_content"
        }

        static var names: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
        init() {}

        /// Refuses fields that the endpoint has no use for.
        func refuse(_ fields: (String, Bool)...) throws(MonikerError) {
            guard let wrong = fields.first(where: \.1)?.0 else { return }
            throw MonikerError(
                .invalidArgument, "the body takes no \"\(wrong)\" here",
                details: ["field": wrong])
        }

        var wish: ChangeWish {
            ChangeWish(isDryRun: dryRun ?? false, expectedPlan: expectedPlan)
        }

        func kept() throws(MonikerError) -> KeepOld { try KeepOld(parsing: keepOld ?? "24h") }
    }

    @Sendable private func approve(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        let id = try request.attachment()
        let fields = try request.fields(WritingFields.self)
        try fields.refuse(
            ("attachments", fields.attachments != nil), ("texts", fields.texts != nil),
            ("force", fields.force != nil))
        return try await approve([id], request, fields)
    }

    @Sendable private func approveSome(
        _ request: APIRequest
    ) async throws(MonikerError) -> APIAnswer {
        let fields = try request.fields(WritingFields.self)
        try fields.refuse(("texts", fields.texts != nil), ("force", fields.force != nil))
        guard let ids = fields.attachments, !ids.isEmpty, ids.count <= 500,
            ids.allSatisfy({ $0 > 0 }), Set(ids).count == ids.count
        else {
            throw MonikerError(
                .invalidArgument, "the field attachments needs 1 to 500 ids, each once",
                details: ["field": "attachments"])
        }
        return try await approve(ids.map { AttachmentID($0) }, request, fields)
    }

    private func approve(
        _ ids: [AttachmentID], _ request: APIRequest, _ fields: WritingFields
    ) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let keepOld = try fields.kept()
        let updates = fields.updateContent ?? false
        return try await changes.change(
            request, operation: "review-approve",
            target: ids.count == 1 ? "\(ids[0])" : "\(ids.count) images", fields.wish,
            report: { $0 }
        ) { session, isDryRun throws(MonikerError) in
            try session.approve(
                ids, keepOld: keepOld, isDryRun: isDryRun, updatesContents: updates)
        }
    }

    @Sendable private func edit(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        let fields = try request.fields(WritingFields.self)
        try fields.refuse(("attachments", fields.attachments != nil))
        guard let texts = fields.texts, !texts.isEmpty else {
            throw MonikerError(
                .invalidArgument, "the field texts needs at least one text, by its field",
                details: ["field": "texts"])
        }
        let keepOld = try fields.kept()
        let (isForced, updates) = (fields.force ?? false, fields.updateContent ?? false)
        return try await changes.change(
            request, operation: "review-edit", target: "\(id)", fields.wish, report: { $0 }
        ) { session, isDryRun throws(MonikerError) in
            try session.editReview(
                id, texts: texts, isForced: isForced, keepOld: keepOld, isDryRun: isDryRun,
                updatesContents: updates)
        }
    }

    private struct RejectFields: RequestFields {
        static let names: Set<String> = []
        init() {}
    }

    private struct Rejection: Encodable {
        var attachment: Int64
        var state = "rejected"
    }

    @Sendable private func reject(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.attachment()
        _ = try request.fields(RejectFields.self)
        let store = audit.store
        try await site.read { session throws(MonikerError) in
            let note = try store.beginAudit(
                request, operation: "review-reject", target: "\(id)")
            do throws(MonikerError) {
                try session.rejectReviews([id])
            } catch {
                try store.finishAudit(note, journal: nil, outcome: error.code.rawValue)
                throw error
            }
            try store.finishAudit(note, journal: nil, outcome: "done")
        }
        return .json(Rejection(attachment: id.rawValue))
    }
}
