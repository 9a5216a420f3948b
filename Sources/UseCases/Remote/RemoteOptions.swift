import Foundation
import Model
import RemoteSite

/// Which site is reached over REST, and as whom, as a person names it.
public struct RemoteOptions: Hashable, Sendable {
    /// The address of the front page.
    public var url: String
    /// The name that the user logs in with; nil: nobody logs in, which only the history allows.
    public var user: String?
    /// A file with the application password; nil: `$MONIKER_REST_PASSWORD`.
    public var passwordFile: String?
    /// The home; nil: `$MONIKER_HOME`, else `./backups`.
    public var home: String?
    /// Whether plain http to another machine is allowed.
    public var allowsPlainHTTP: Bool

    /// Collects the options.
    public init(
        url: String, user: String? = nil, passwordFile: String? = nil, home: String? = nil,
        allowsPlainHTTP: Bool = false
    ) {
        self.url = url
        self.user = user
        self.passwordFile = passwordFile
        self.home = home
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// The home, made where it is not there.
    ///
    /// - Throws: `permission-denied`.
    func homeFolder() throws(MonikerError) -> String {
        let path = HomeFolder.path(SessionOptions(home: home))
        try HomeFolder.create(path)
        return String(decoding: path, as: UTF8.self)
    }

    /// - Throws: `password-missing`, `password-file-unsafe`; `invalid-argument` without a user.
    func settings() throws(MonikerError) -> RemoteSiteSettings {
        guard let user, !user.isEmpty else {
            throw MonikerError(
                .invalidArgument, "name the user who made the application password with --user NAME"
            )
        }
        var password: ApplicationPassword?
        if let passwordFile {
            password = try ApplicationPassword.from(file: passwordFile)
        } else {
            password = try ApplicationPassword.from(
                environment: ProcessInfo.processInfo.environment)
        }
        guard let password else {
            throw MonikerError(
                .passwordMissing,
                "there is no application password: make one in WordPress under Users › Profile, and give it as $\(ApplicationPassword.variable) or in a file with --password-file FILE"
            )
        }
        var settings = RemoteSiteSettings(url: url, user: user, password: password)
        settings.allowsPlainHTTP = allowsPlainHTTP
        return settings
    }
}
