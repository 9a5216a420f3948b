public import UseCases

/// How the service is to run.
public struct ServiceOptions: Sendable {
    /// The site.
    public var session: SessionOptions
    /// Where to listen.
    public var address: ListenAddress
    /// Who describes images; requests cannot choose another one, so none can send pictures elsewhere.
    public var provider = ProviderOptions()
    /// What the owner says of the whole site.
    public var website = ""
    /// Requests a second that each token may go on with.
    public var requestsPerSecond = 5000.0
    /// After how long a worker that is silent loses its job.
    public var leaseSeconds: Int64 = 15
    /// So long a body may take to arrive, in seconds.
    public var bodySeconds = 30.0
    /// So long a connection may be calm, in seconds.
    public var idleSeconds = 60.0
    /// Whether browsers reach the service by TLS, through a proxy before it.
    public var isBehindTLS = false
    /// With what the service speaks TLS itself; nil for plain HTTP.
    public var tls: TLSFiles?
    /// The names of variables whose values must never be seen in a log.
    public static let secretVariables = [
        "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "MONIKER_DATABASE_PASSWORD",
        "MONIKER_WEBHOOK_SECRET",
    ]

    /// Whether browsers reach the service by TLS alone, so that cookies may be for TLS alone.
    var isSecure: Bool { isBehindTLS || tls != nil }

    /// Creates options with the usual values.
    public init(session: SessionOptions, address: ListenAddress) {
        self.session = session
        self.address = address
    }
}
