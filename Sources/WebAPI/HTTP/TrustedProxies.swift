import HTTPTypes
public import Model
import NIOCore

/// The proxies whose word about where a request comes from counts.
///
/// Behind a proxy everybody has the proxy's address, and whoever guesses passwords would make all
/// others wait. What `X-Forwarded-For` says is anybody's invention, but for what such a proxy wrote
/// at its end (ASVS 5.0, 4.1.3).
public struct TrustedProxies: Sendable {
    private let addresses: Set<String>

    /// None: nothing that a request says of its origin is believed.
    public init() { addresses = [] }

    /// - Parameter addresses: IP addresses, or `local` for whoever uses a socket in the file system.
    /// - Throws: `invalid-argument` for anything else.
    public init(_ addresses: [String]) throws(MonikerError) {
        var all: Set<String> = []
        for address in addresses {
            guard
                let canonical = address == ServiceContext.local
                    ? address : Self.canonical(Substring(address))
            else {
                throw MonikerError(
                    .invalidArgument,
                    "--trusted-proxy takes an IP address, or \(ServiceContext.local) for a socket, and not \"\(address)\""
                )
            }
            all.insert(canonical)
        }
        self.addresses = all
    }

    /// Where a request comes from: of the hops that are named, the last that is no such proxy.
    ///
    /// - Parameter address: who sent it to us.
    func origin(of fields: HTTPFields, from address: String) -> String {
        guard addresses.contains(address) else { return address }
        let hops = fields[values: .forwardedFor].flatMap { $0.split(separator: ",") }
        for hop in hops.reversed() {
            // A proxy that writes what is no address has told nothing.
            guard let canonical = Self.canonical(hop) else { return address }
            if !addresses.contains(canonical) { return canonical }
        }
        return address
    }

    /// The one way to write an address, without the port that some proxies add; nil for none.
    private static func canonical(_ text: Substring) -> String? {
        var trimmed = text.drop(while: isSpace)
        while trimmed.last.map(isSpace) ?? false { trimmed.removeLast() }
        if trimmed.first == "[" {
            return parsed(trimmed.dropFirst().prefix { $0 != "]" })
        }
        // Of an address of version 6 that has no brackets, colons are a part.
        let hasPort = trimmed.count { $0 == ":" } == 1
        return parsed(hasPort ? trimmed.prefix { $0 != ":" } : trimmed)
    }

    private static func parsed(_ text: Substring) -> String? {
        do {
            return try SocketAddress(ipAddress: String(text), port: 0).ipAddress
        } catch {
            return nil
        }
    }

    private static func isSpace(_ character: Character) -> Bool {
        character == " " || character == "\t"
    }
}
