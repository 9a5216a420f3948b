/// A person's session in a browser.
public struct BrowserSession: Hashable, Sendable {
    /// What the cookie holds; known to the browser alone.
    public var cookie: String
    /// When it began: seconds since 1970.
    public var created: Int64

    /// The token that every form of the session carries, made from the cookie, so that no other
    /// site can know it.
    public var formToken: String { SecretBytes.digest("moniker form token\n" + cookie) }

    /// Whether a form carried the session's token, compared in constant time.
    public func accepts(formToken sent: String) -> Bool {
        SecretBytes.areEqual(formToken, sent)
    }

    /// How long a session lives.
    public struct Limits: Hashable, Sendable {
        /// Seconds without a request.
        public var idle: Int64
        /// Seconds from the login on.
        public var absolute: Int64

        /// Half an hour without a request, twelve hours in all (ASVS 5.0, 7.3).
        public static let usual = Limits(idle: 1800, absolute: 43_200)

        /// Creates limits.
        public init(idle: Int64, absolute: Int64) {
            self.idle = idle
            self.absolute = absolute
        }
    }
}
