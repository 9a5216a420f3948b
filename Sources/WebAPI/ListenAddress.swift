import Glibc
import HummingbirdCore
public import Model

/// Where the service listens: a host and a port, or a socket in the file system.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of address.
    enum Kind: Hashable, Sendable {
        case network(host: String, port: Int)
        case socket(path: String)
    }

    let kind: Kind

    /// Parses `127.0.0.1:8484`, `[::1]:8484`, `localhost:8484` or `unix:/run/moniker.sock`.
    ///
    /// - Parameters:
    ///   - isInsecureAllowed: whether other machines may be listened to without TLS.
    ///   - isTLS: whether the service speaks TLS at this address.
    /// - Throws: `invalid-argument` for anything else, and for an address that other machines can
    ///   reach unless that is allowed.
    public init(parsing text: String, isInsecureAllowed: Bool, isTLS: Bool = false)
        throws(MonikerError)
    {
        if text.hasPrefix("unix:/") {
            kind = .socket(path: String(text.dropFirst(5)))
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon > text.startIndex
        else {
            throw MonikerError(
                .invalidArgument,
                "\"\(text)\" is no address for --listen: write HOST:PORT, such as 127.0.0.1:8484, or unix:/PATH"
            )
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard isInsecureAllowed || isTLS || Self.isLoopback(host) else {
            throw MonikerError(
                .invalidArgument,
                "\(text) can be reached by other machines, and there is no TLS: name --tls-certificate and --tls-key, let a proxy with TLS ask the service on 127.0.0.1, or say --insecure-listen where the network is trusted",
                details: ["listen": text])
        }
        kind = .network(host: host, port: port)
    }

    /// Whether a host is this machine alone; names other than localhost are not looked up.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        var four = in_addr()
        // SAFETY: the C string lives through the call, which writes one address.
        if unsafe inet_pton(AF_INET, host, &four) == 1 {
            return UInt32(bigEndian: four.s_addr) >> 24 == 127
        }
        return host == "::1"
    }

    var bindAddress: BindAddress {
        switch kind {
        case .network(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }

    /// The address as it is typed.
    public var description: String {
        switch kind {
        case .network(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): "unix:\(path)"
        }
    }
}
