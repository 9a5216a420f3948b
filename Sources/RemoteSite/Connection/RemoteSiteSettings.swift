/// Which site is asked, as whom, and how patiently.
public struct RemoteSiteSettings: Sendable {
    /// A user agent that firewalls take for a browser; they refuse those of programs with 406.
    public static let usualUserAgent =
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Moniker/1.0"

    /// The address of the site's front page.
    public var url: String
    /// The name that the user logs in with, not that of the application password.
    public var user: String
    /// The application password.
    public var password: ApplicationPassword
    /// Whether plain http to another machine is allowed; everybody on the way reads the password.
    public var allowsPlainHTTP = false
    /// The value of `User-Agent`.
    public var userAgent = RemoteSiteSettings.usualUserAgent
    /// How long one request may take.
    public var timeout: Duration = .seconds(60)
    /// The most bytes that the file of a picture may have.
    public var pictureLimit = 64 << 20
    /// The images asked for at once; WordPress gives 100 at most.
    public var pageSize = 100
    /// How often a request is sent that the site is too busy for.
    public var attempts = 4
    /// The longest wait before it is sent again; where the site asks for more, the request fails.
    public var longestWait: Duration = .seconds(60)

    /// Creates settings.
    public init(url: String, user: String, password: ApplicationPassword) {
        self.url = url
        self.user = user
        self.password = password
    }
}
