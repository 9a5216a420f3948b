/// How the site is, and what is being done.
public struct OverviewView: PageContent {
    public static let template = "overview"
    public static let page: DashboardPage? = .overview
    public static let scripts = ["overview.js"]

    public let title = "Overview"

    /// Creates the page.
    public init() {}
}
