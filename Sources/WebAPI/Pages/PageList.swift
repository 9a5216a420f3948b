import Access
import Dashboard
import HTTPTypes
import Jobs
import Model

// How a page is added:
//
// 1. `Sources/Dashboard/Pages/NAMEView.swift`: a struct that conforms to `PageContent`, with the
//    values that the page shows as stored properties (the template sees no others), and
//    `Sources/Dashboard/Templates/NAME.mustache`, which begins with `{{<layout}}{{$main}}{{#page}}`
//    and ends with `{{/page}}{{/main}}{{/layout}}`. Texts are `{{text}}` in elements or in quoted
//    attributes, never `{{{text}}}`, and an address comes from ids alone. There is no inline script
//    or style, and no `style` attribute: the content security policy forbids them.
// 2. A line in `Templates.sources`; for a script (`Sources/Dashboard/Assets/NAME.js`) one in
//    `DashboardAsset.all`, and its name in the view's `scripts`. Scripts import `./api.js`, which
//    asks /v1 with the session, and make elements with its `element`, never with innerHTML.
// 3. `Sources/WebAPI/Pages/NAMEPage.swift`: a struct with `let frame: PageMaker`, what it needs of
//    `PageEnvironment`, and `endpoints`: `Endpoint(.get, "/name", .page) { request in … }`, which
//    asks the use cases (`site.read` for milliseconds, `site.examine` for what may take longer) and
//    answers `try frame.answer(view, request)`. Who has no session is sent to /login before it is
//    asked; a failure that it throws is shown as a page.
// 4. A line in `PageList.endpoints`. `DashboardPage` has the navigation's entries already.

/// What pages are made from.
struct PageEnvironment: Sendable {
    let site: Site
    let access: AccessStore
    let store: ServiceStore
    let storeWorker: Worker
    let jobs: JobStore
    let jobsWorker: Worker
    let options: ServiceOptions
    let settings: SettingsDesk

    /// Makes answers of views.
    var frame: PageMaker { PageMaker(site: site) }
}

/// All pages of the dashboard.
enum PageList {
    /// The endpoints of all pages and of their files.
    static func endpoints(_ environment: PageEnvironment) -> [Endpoint] {
        AssetRoutes().endpoints
            + LoginPage(environment).endpoints
            + OverviewPage(environment).endpoints
            + ImagesPage(environment).endpoints
            + ImageDetailsPage(environment).endpoints
            + WorkPages.endpoints(environment)
    }
}
