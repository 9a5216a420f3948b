public import Model
import Mustache

/// The dashboard's pages as bytes: from values alone, without HTTP and without a database.
public enum Dashboard {
    /// Renders a page.
    ///
    /// - Throws: `internal-failure` where a template of ours cannot be read, which the tests exclude.
    /// - Complexity: linear in what the page shows.
    public static func render<Content: PageContent>(
        _ content: Content, in frame: PageFrame
    ) throws(MonikerError) -> [UInt8] {
        let view = PageView(content, frame)
        guard let text = try Templates.library().render(view, withTemplate: Content.template)
        else {
            throw MonikerError(
                .internalFailure, "the dashboard has no template \(Content.template)")
        }
        return Array(text.utf8)
    }
}

/// A page with what surrounds it, as the layout sees it.
private struct PageView<Content: PageContent> {
    let page: Content
    let title: String
    let site: String
    let formToken: String?
    let stylesheet: String
    let icon: String
    let scripts: [String]
    let navigation: [NavigationEntry]

    init(_ content: Content, _ frame: PageFrame) {
        page = content
        title = content.title
        site = frame.site
        formToken = frame.formToken
        stylesheet = DashboardAsset.address(of: "style.css")
        icon = DashboardAsset.address(of: "icon.svg")
        scripts = (["frame.js"] + Content.scripts).map(DashboardAsset.address)
        navigation =
            Content.page.map { page in
                DashboardPage.allCases.map { NavigationEntry($0, isCurrent: $0 == page) }
            } ?? []
    }
}

/// A line of the navigation.
private struct NavigationEntry {
    let address: String
    let name: String
    let isCurrent: Bool

    init(_ page: DashboardPage, isCurrent: Bool) {
        address = page.address
        name = page.title
        self.isCurrent = isCurrent
    }
}
