public import Model

/// Where a site's database is.
public enum DatabaseLocation: Sendable {
    /// A MariaDB or MySQL server.
    case mariaDB(MariaDBOptions)
    /// A SQLite file.
    case sqlite(path: String)

    /// Parses `mariadb://user:password@host:port/name`, `mysql://…` or `sqlite:///absolute/path`.
    ///
    /// The query may hold `socket=/path`, `tls=disabled|preferred|required|verify-identity` and
    /// `ca=/path`. Components may be percent-encoded.
    ///
    /// - Parameter password: used when the URL has none.
    /// - Throws: `invalid-argument`; the message never holds the password.
    public init(url: String, password: String? = nil) throws(MonikerError) {
        guard let separator = url.firstRange(of: "://") else {
            throw Self.malformed("it has no scheme")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        let rest = url[separator.upperBound...]
        switch scheme {
        case "sqlite":
            guard rest.hasPrefix("/") else {
                throw Self.malformed("a SQLite path has to be absolute: sqlite:///path")
            }
            self = .sqlite(path: Self.decoded(rest))
        case "mariadb", "mysql":
            self = .mariaDB(try Self.options(rest, password: password))
        default: throw Self.malformed("\"\(scheme)\" is not mariadb, mysql or sqlite")
        }
    }

    /// Opens the database.
    public func open() throws(MonikerError) -> any SiteDatabase {
        switch self {
        case .mariaDB(let options): try MariaDBDatabase(options)
        case .sqlite(let path): try SQLiteDatabase(path: path)
        }
    }

    private static func options(
        _ text: Substring, password: String?
    ) throws(MonikerError) -> MariaDBOptions {
        let query = text.firstIndex(of: "?")
        let address = text[..<(query ?? text.endIndex)]
        let slash = address.firstIndex(of: "/") ?? address.endIndex
        let authority = address[..<slash]
        let name = decoded(address[slash...].dropFirst())
        guard !name.isEmpty else { throw malformed("it names no database") }
        var options = MariaDBOptions(user: "", password: Secret(password ?? ""), database: name)
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at]
            host = authority[authority.index(after: at)...]
            let colon = user.firstIndex(of: ":")
            options.user = decoded(user[..<(colon ?? user.endIndex)])
            if let colon { options.password = Secret(decoded(user[user.index(after: colon)...])) }
        }
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let port = UInt32(host[host.index(after: colon)...]) else {
                throw malformed("its port is not a number")
            }
            options.port = port
            host = host[..<colon]
        }
        options.host = host.isEmpty ? nil : decoded(host.filter { $0 != "[" && $0 != "]" }[...])
        for pair in query.map({ text[text.index(after: $0)...].split(separator: "&") }) ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1)
            let value = parts.count == 2 ? decoded(parts[1]) : ""
            switch parts.first {
            case "socket": options.socket = value
            case "ca": options.certificateAuthority = value
            case "tls":
                guard let mode = MariaDBOptions.TLSMode(rawValue: value) else {
                    throw malformed("tls is not disabled, preferred, required or verify-identity")
                }
                options.tls = mode
            default: throw malformed("\"\(parts.first ?? "")\" is not socket, tls or ca")
            }
        }
        return options
    }

    private static func malformed(_ what: String) -> MonikerError {
        MonikerError(
            .invalidArgument,
            "the database URL cannot be used: \(what); write mariadb://user:password@host/name or sqlite:///path"
        )
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
