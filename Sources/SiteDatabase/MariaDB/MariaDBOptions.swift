/// How to reach a MariaDB or MySQL server.
public struct MariaDBOptions: Hashable, Sendable {
    /// What the connection demands of TLS.
    public enum TLSMode: String, Hashable, Sendable {
        /// Never TLS.
        case disabled
        /// TLS where the server offers it, else in the clear.
        case preferred
        /// TLS or no connection; who the server is stays unverified.
        case required
        /// TLS, with the server's certificate verified against the CA and the host's name.
        case verifyIdentity
    }

    /// The server's host name or address.
    ///
    /// `localhost` means the default socket, as everywhere in the MySQL world.
    public var host: String
    /// The TCP port.
    public var port: UInt16
    /// The path of the server's Unix socket; if given, host and port are not used.
    public var socket: String?
    /// The user.
    public var user: String
    /// The password.
    public var password: Secret
    /// The database.
    public var database: String
    /// What the connection demands of TLS; a Unix socket never uses it.
    public var tls: TLSMode
    /// A file of CA certificates (PEM).
    public var caFile: String?
    /// The client's certificate (PEM).
    public var clientCertificate: String?
    /// The key of the client's certificate (PEM).
    public var clientKey: String?
    /// How long to wait for a connection, in seconds.
    public var connectTimeoutSeconds: UInt32
    /// How long a statement waits for a lock on rows or tables, in seconds.
    public var lockWaitSeconds: UInt32

    /// Creates options.
    public init(
        host: String = "localhost", port: UInt16 = 3306, socket: String? = nil, user: String,
        password: Secret = Secret(""), database: String, tls: TLSMode = .preferred,
        caFile: String? = nil, clientCertificate: String? = nil, clientKey: String? = nil,
        connectTimeoutSeconds: UInt32 = 10, lockWaitSeconds: UInt32 = 5
    ) {
        self.host = host
        self.port = port
        self.socket = socket
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
        self.caFile = caFile
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.lockWaitSeconds = lockWaitSeconds
    }

    /// The server's address for messages.
    var address: String { socket ?? "\(host):\(port)" }
}
