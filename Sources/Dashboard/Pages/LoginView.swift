/// The page on which a person logs in.
public struct LoginView: PageContent {
    /// The template that shows it.
    public static let template = "login"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = nil
    /// The scripts that it begins with.
    public static let scripts: [String] = []

    /// The heading.
    public let title = "Log in"
    /// The address to go to afterwards.
    let next: String
    /// Whether a password has been set.
    let hasPassword: Bool
    /// What went wrong last time; nil for nothing.
    let message: String?

    /// Creates the page.
    public init(next: String, hasPassword: Bool, message: String? = nil) {
        self.next = next
        self.hasPassword = hasPassword
        self.message = message
    }
}
