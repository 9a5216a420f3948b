/// The page that says why there is no other.
public struct ProblemView: PageContent {
    public static let template = "problem"
    public static let page: DashboardPage? = nil
    public static let scripts: [String] = []

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
