import Access
import Dashboard
import HTTPTypes
import Model
import UseCases

/// Texts that wait for a person.
struct ReviewPage: Sendable {
    private let site: Site
    private let frame: PageMaker

    private static let pageSize = 20

    init(_ environment: PageEnvironment) {
        site = environment.site
        frame = environment.frame
    }

    var endpoints: [Endpoint] { [Endpoint(.get, "/review", .page, show)] }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["cursor"])
        let cursor = try request.numericCursor()
        let page = try await site.read { session throws(MonikerError) in
            try session.reviewPage(
                after: cursor.map { AttachmentID($0) }, limit: Self.pageSize)
        }
        return try frame.answer(
            ReviewView(
                proposals: page.items.map(Self.proposal), total: page.total,
                next: page.next.map { "\($0)" }, isContinued: cursor != nil), request)
    }

    private static func proposal(_ item: ReviewReport) -> ReviewView.Proposal {
        ReviewView.Proposal(
            id: item.attachment, file: item.file, provider: item.provider, model: item.model,
            since: item.since, renames: item.renames,
            rules: item.rules.map {
                ReviewView.Rule(
                    code: $0.code, field: $0.field, sentence: PageMaker.sentence($0.sentence),
                    isRejection: $0.severity == "reject")
            },
            fields: ["alt", "title", "caption", "description"].compactMap { name in
                item.texts[name].map {
                    ReviewView.Field(
                        name: name, current: item.current[name] ?? "", proposed: $0)
                }
            })
    }
}
