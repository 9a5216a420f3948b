/// The page that says why there is no other.
public struct ProblemView: PageContent {
    /// The template that shows it.
    public static let template = "problem"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = nil
    /// The scripts that it begins with.
    public static let scripts: [String] = []

    /// The heading.
    public let title: String
    /// What happened and what to do.
    let message: String
    /// The stable code.
    let code: String
    /// The request's id, as in the log.
    let request: String

    /// Creates the page.
    public init(title: String, message: String, code: String, request: String) {
        self.title = title
        self.message = message
        self.code = code
        self.request = request
    }
}
