/// How to reach a MariaDB or MySQL server.
public struct MariaDBOptions: Hashable, Sendable {
    /// Whether the connection is encrypted.
    public enum TLSMode: String, Hashable, Sendable {
        /// Never.
        case disabled
        /// If the server offers it.
        case preferred
        /// Or not at all.
        case required
        /// Or not at all, and only with the server that the name says.
        case verifyIdentity = "verify-identity"
    }

    /// The host; nil for the local socket.
    public var host: String?
    /// The port.
    public var port: UInt32
    /// The Unix socket; nil for the usual one, or TCP where a host is named.
    public var socket: String?
    /// The user.
    public var user: String
    /// The password.
    public var password: Secret
    /// The database's name.
    public var database: String
    /// Whether the connection is encrypted.
    public var tls: TLSMode
    /// A file with the certificates that are trusted; nil for the system's.
    public var certificateAuthority: String?
    /// How long to wait for the connection, in seconds.
    public var connectTimeout: UInt32
    /// How long to wait for a row or table that somebody else has locked, in seconds.
    public var lockWaitSeconds: Int

    /// Collects the options.
    public init(
        host: String? = nil, port: UInt32 = 3306, socket: String? = nil, user: String,
        password: Secret, database: String, tls: TLSMode = .preferred,
        certificateAuthority: String? = nil, connectTimeout: UInt32 = 10, lockWaitSeconds: Int = 5
    ) {
        self.host = host
        self.port = port
        self.socket = socket
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
        self.certificateAuthority = certificateAuthority
        self.connectTimeout = connectTimeout
        self.lockWaitSeconds = lockWaitSeconds
    }
}
