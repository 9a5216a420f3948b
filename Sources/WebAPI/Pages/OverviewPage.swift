import Dashboard
import HTTPTypes
import Model

/// How the site is, and what is being done.
struct OverviewPage: Sendable {
    private let site: Site
    private let frame: PageMaker

    init(_ environment: PageEnvironment) {
        site = environment.site
        frame = environment.frame
    }

    var endpoints: [Endpoint] { [Endpoint(.get, "/", .page, show)] }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        return try frame.answer(OverviewView(), request)
    }
}
