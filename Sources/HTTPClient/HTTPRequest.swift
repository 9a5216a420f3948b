/// A request to an HTTP server.
public struct HTTPRequest: Sendable {
    /// Which addresses a connection may be made to, whatever a name resolves to.
    public enum AddressPolicy: Sendable {
        /// All but link-local ones, where clouds keep their metadata services.
        case allButLinkLocal
        /// Only addresses of the public internet; for URLs that others have given.
        case publicOnly
    }

    /// One header field; the values of those that hold credentials are not printed.
    public struct Field: Sendable, CustomStringConvertible, CustomReflectable {
        /// The name, in any case.
        public var name: String
        /// The value, without line breaks.
        public var value: String

        /// Creates a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// The line of the header, with dots for a credential.
        public var description: String { "\(name): \(isSecret ? "•••" : value)" }
        /// Nothing, so that `dump` shows no credential.
        public var customMirror: Mirror { Mirror(self, children: []) }

        private var isSecret: Bool {
            ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-goog-api-key"]
                .contains(name.lowercased())
        }
    }

    /// The method, such as `GET`.
    public var method: String
    /// The complete URL, with the scheme `http` or `https`.
    public var url: String
    /// The header fields.
    public var fields: [Field]
    /// The body; nil for none.
    public var body: [UInt8]?
    /// How long connecting may take.
    public var connectTimeout: Duration = .seconds(10)
    /// How long all of it may take.
    public var timeout: Duration = .seconds(120)
    /// The most bytes that the answer's body may have, decompressed.
    public var responseLimit = 16 << 20
    /// Whether it gets a connection of its own, for what must not fail on one that was kept.
    public var usesNewConnection = false
    /// Which addresses are allowed.
    public var addresses: AddressPolicy = .allButLinkLocal

    /// Creates a request with the usual limits.
    public init(
        _ method: String = "GET", _ url: String, fields: [Field] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }
}

/// The answer of an HTTP server, with any status.
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public var status: Int
    /// The header fields in their order, with names in lower case.
    public var fields: [HTTPRequest.Field]
    /// The body, decompressed.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, fields: [HTTPRequest.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first value of a field, by its name in lower case.
    public subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
