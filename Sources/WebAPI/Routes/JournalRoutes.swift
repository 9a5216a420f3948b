import Access
import HTTPTypes
import Jobs
import Model
import UseCases

/// The journal: change sets, one of them, and taking one back.
struct JournalRoutes: Sendable {
    let site: Site
    let changes: Changes
    let store: ServiceStore
    let storeWorker: Worker
    let jobs: JobStore

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/journal", .scope(.read), list),
            Endpoint(.get, "/v1/journal/{id}", .scope(.read), show),
            Endpoint(.post, "/v1/journal/{id}/revert", .scope(.write), revert),
        ]
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["limit", "cursor"])
        let limit = try request.limit()
        var before: JournalID?
        if let cursor = request.query["cursor"] {
            guard let id = JournalID(cursor) else { throw AttachmentRoutes.wrongCursor }
            before = id
        }
        let start = before
        return try await site.answer(
            sharedAs: "journal\n" + request.question, caller: request.callerID
        ) { session throws(MonikerError) in
            let page = try session.journalPage(before: start, limit: limit)
            return .json(ListPage(items: page.items, next: page.next?.description))
        }
    }

    /// A change set with who asked for it.
    private struct Detail: Encodable {
        var detail: JournalDetail
        var requestedBy: AuditEntry?

        private enum CodingKeys: String, CodingKey {
            case requestedBy = "requested_by"
        }

        func encode(to encoder: any Encoder) throws {
            try detail.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(requestedBy, forKey: .requestedBy)
        }
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.journal()
        let detail = try await site.examine { session throws(MonikerError) in
            try session.journal(id)
        }
        let audit = try await storeWorker.run { () throws(MonikerError) in
            try store.audit(of: id, job: try jobs.job(making: id))
        }
        return .json(Detail(detail: detail, requestedBy: audit))
    }

    private struct RevertFields: RequestFields {
        var only: [Int64]?
        var dryRun: Bool?
        var keepOld: String?
        var expectedPlan: String?

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case only
            case dryRun = "dry_run"
            case keepOld = "keep_old"
            case expectedPlan = "expected_plan"
        }

        static var names: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
        init() {}
    }

    @Sendable private func revert(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.journal()
        let fields = try request.fields(RevertFields.self)
        let keepOld = try KeepOld(parsing: fields.keepOld ?? "none")
        let only = fields.only.map { Set($0.map { AttachmentID($0) }) }
        guard only.map({ !$0.isEmpty }) ?? true else {
            throw MonikerError(
                .invalidArgument, "the field only is empty: leave it out to take back everything",
                details: ["field": "only"])
        }
        return try await changes.change(
            request, operation: "revert", target: "\(id)",
            ChangeWish(isDryRun: fields.dryRun ?? false, expectedPlan: fields.expectedPlan),
            report: { $0 }
        ) { session, isDryRun throws(MonikerError) in
            try session.revert(id, only: only, keepOld: keepOld, isDryRun: isDryRun)
        }
    }
}
