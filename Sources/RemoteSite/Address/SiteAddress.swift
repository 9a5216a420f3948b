import Model

/// An http or https URL, taken apart as far as deciding where a request goes needs it.
struct SiteAddress: Hashable, Sendable {
    /// Whether it is https.
    let isSecure: Bool
    /// The host in lower case; an IPv6 address keeps its brackets.
    let host: String
    /// The port, also where the URL leaves it to the scheme.
    let port: Int
    /// Path and query in printable ASCII; empty or with a leading slash.
    let path: String

    /// Reads a URL; nil where it is none, has a user name, or a host that is not plain.
    ///
    /// Characters of the path that no URL may hold are percent-encoded as UTF-8, because WordPress
    /// names files as they are spelt. A fragment is dropped.
    init?(_ url: some StringProtocol) {
        let lowercased = url.prefix(8).lowercased()
        let scheme: String
        if lowercased.hasPrefix("https://") {
            (isSecure, scheme) = (true, "https://")
        } else if lowercased.hasPrefix("http://") {
            (isSecure, scheme) = (false, "http://")
        } else {
            return nil
        }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let isBracketed = authority.first == "["
        let hostEnd =
            isBracketed
            ? authority.firstIndex(of: "]").map(authority.index(after:)) ?? authority.endIndex
            : authority.firstIndex(of: ":") ?? authority.endIndex
        host = authority[..<hostEnd].lowercased()
        let allowed: (UInt8) -> Bool = { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
                || isBracketed && ":[]".utf8.contains(byte)
        }
        guard !host.isEmpty, host.utf8.allSatisfy(allowed),
            isBracketed == host.hasSuffix("]")
        else { return nil }
        let afterHost = authority[hostEnd...]
        if afterHost.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            let digits = afterHost.dropFirst()
            guard afterHost.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), (1...65535).contains(number)
            else { return nil }
            port = number
        }
        path = Self.encoded(rest[authority.endIndex...].prefix { $0 != "#" })
    }

    /// Scheme, host and port, without a slash at the end.
    var origin: String {
        let isUsual = port == (isSecure ? 443 : 80)
        return (isSecure ? "https://" : "http://") + host + (isUsual ? "" : ":\(port)")
    }

    /// The whole URL.
    var url: String { origin + path }

    /// Whether a request to the other goes to the same server, by name and port.
    ///
    /// Ports differ by scheme; only the usual ones of both count as the same server.
    func isSameServer(as other: SiteAddress) -> Bool {
        host == other.host
            && (port == other.port && isSecure == other.isSecure
                || [self, other].allSatisfy { $0.port == ($0.isSecure ? 443 : 80) })
    }

    /// Whether it names this machine, by number or as `localhost` (RFC 6761).
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The path in characters that a URL may hold; what is percent-encoded stays as it is.
    private static func encoded(_ text: some StringProtocol) -> String {
        var result = ""
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F, !"\"<>\\^`{|}".utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += PercentEncoding.escape(byte)
            }
        }
        return result
    }
}
