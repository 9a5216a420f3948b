/// What stands on a page, as its template sees it.
///
/// A template reads stored properties by their names; computed ones are invisible to it. Texts are
/// stored as they are: the template escapes them.
public protocol PageContent: Sendable {
    /// The name of the template, without `.mustache`.
    static var template: String { get }
    /// The entry of the navigation that the page belongs to; nil for pages without navigation.
    static var page: DashboardPage? { get }
    /// The names of the JavaScript modules that the page begins with, below Assets.
    static var scripts: [String] { get }
    /// The heading, which is also the document's title.
    var title: String { get }
}

/// What surrounds every page.
public struct PageFrame: Sendable {
    /// The site's address, to be recognised by.
    public var site: String
    /// The token that forms and modules send; nil where nobody is logged in.
    public var formToken: String?

    /// Creates a frame.
    public init(site: String, formToken: String? = nil) {
        self.site = site
        self.formToken = formToken
    }
}
