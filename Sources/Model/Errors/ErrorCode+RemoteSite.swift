extension ErrorCode {
    // MARK: Sites over REST

    /// The address is plain http to another machine, over which no password is sent.
    public static let insecureAddress = ErrorCode("insecure-address")
    /// No application password was given.
    public static let passwordMissing = ErrorCode("password-missing")
    /// The file of the application password can be read by others, or is not one password.
    public static let passwordFileUnsafe = ErrorCode("password-file-unsafe")
    /// The site does not know who asks: wrong password, passwords switched off, header dropped.
    public static let restUnauthorized = ErrorCode("rest-unauthorized")
    /// The site knows who asks and does not allow it.
    public static let restForbidden = ErrorCode("rest-forbidden")
    /// The site has no REST API at the address, or a plugin switched it off.
    public static let restMissing = ErrorCode("rest-missing")
    /// A firewall or a browser check stands before the site, or a page came instead of JSON.
    public static let restBlocked = ErrorCode("rest-blocked")
    /// The site sends requests elsewhere; credentials do not follow.
    public static let restRedirected = ErrorCode("rest-redirected")
    /// The request is larger than the site's server takes.
    public static let restTooLarge = ErrorCode("rest-too-large")
    /// The site failed, or refused the request as malformed.
    public static let restFailed = ErrorCode("rest-failed")
    /// remote.sqlite, the history of what was written over REST, cannot be read or written.
    public static let historyUnusable = ErrorCode("history-unusable")
}
