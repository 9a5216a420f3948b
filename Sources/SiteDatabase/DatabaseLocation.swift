public import Model

/// Where a site's database is: what `--database URL` says.
public enum DatabaseLocation: Hashable, Sendable {
    /// A MariaDB or MySQL server.
    case mariaDB(MariaDBOptions)
    /// An SQLite file, by its path.
    case sqlite(path: String)

    /// Reads a URL: `mariadb://user:password@host:port/name?socket=/path&tls=required`,
    /// `mysql://…` or `sqlite:///absolute/path`.
    ///
    /// Every part may be percent-encoded. Further settings: `ca`, `cert`, `key`, `connect-timeout`.
    ///
    /// - Throws: `invalid-argument`; the message never contains the password.
    public init(url: String) throws(MonikerError) {
        guard let end = url.firstRange(ofText: "://") else {
            throw Self.refusal("needs a scheme: mariadb://, mysql:// or sqlite://")
        }
        let rest = url[end.upperBound...]
        switch url[..<end.lowerBound].lowercased() {
        case "mariadb", "mysql": self = .mariaDB(try Self.server(rest))
        case "sqlite": self = .sqlite(path: try Self.file(rest))
        default: throw Self.refusal("has an unknown scheme; use mariadb, mysql or sqlite")
        }
    }

    /// Opens the database.
    ///
    /// - Throws: what the drivers' initializers throw.
    public func open() throws(MonikerError) -> any SiteDatabase {
        switch self {
        case .mariaDB(let options): try MariaDBDatabase(options)
        case .sqlite(let path): try SQLiteDatabase(path: path)
        }
    }

    private static func refusal(_ reason: String) -> MonikerError {
        MonikerError(.invalidArgument, "The database URL \(reason)")
    }

    private static func file(_ rest: Substring) throws(MonikerError) -> String {
        let path = try decoded(rest.prefix { $0 != "?" })
        guard path.hasPrefix("/"), path.count > 1 else {
            throw refusal("needs an absolute path: sqlite:///var/www/wp.sqlite")
        }
        return path
    }

    private static func server(_ rest: Substring) throws(MonikerError) -> MariaDBOptions {
        let address = rest.prefix { $0 != "?" }
        let settings = rest.dropFirst(address.count + 1)
        let authority = address.prefix { $0 != "/" }
        let name = try decoded(address.dropFirst(authority.count + 1))
        guard !name.isEmpty else { throw refusal("names no database after the host") }
        guard let at = authority.lastIndex(of: "@") else { throw refusal("names no user") }
        let credentials = authority[..<at]
        let user = credentials.prefix { $0 != ":" }
        var options = MariaDBOptions(
            user: try decoded(user),
            password: Secret(try decoded(credentials.dropFirst(user.count + 1))),
            database: name)
        try read(host: authority[authority.index(after: at)...], into: &options)
        for setting in settings.split(separator: "&") {
            try read(setting: setting, into: &options)
        }
        return options
    }

    private static func read(
        host text: Substring, into options: inout MariaDBOptions
    ) throws(MonikerError) {
        var host = text
        var port: Substring?
        if text.first == "[" {
            // An IPv6 address stands in brackets, since it has colons of its own.
            guard let close = text.firstIndex(of: "]") else { throw refusal("has an open bracket") }
            host = text[text.index(after: text.startIndex)..<close]
            let after = text[text.index(after: close)...]
            guard after.isEmpty || after.first == ":" else { throw refusal("has a malformed port") }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        if !host.isEmpty { options.host = try decoded(host) }
        guard let port, !port.isEmpty else { return }
        guard let number = UInt16(port), number > 0 else { throw refusal("has a malformed port") }
        options.port = number
    }

    private static func read(
        setting: Substring, into options: inout MariaDBOptions
    ) throws(MonikerError) {
        let name = setting.prefix { $0 != "=" }
        let value = try decoded(setting.dropFirst(name.count + 1))
        switch name {
        case "socket": options.socket = value
        case "tls":
            let modes: [String: MariaDBOptions.TLSMode] = [
                "disabled": .disabled, "preferred": .preferred, "required": .required,
                "verify-identity": .verifyIdentity,
            ]
            guard let mode = modes[value] else {
                throw refusal(
                    "has an unknown tls mode; use disabled, preferred, required or "
                        + "verify-identity")
            }
            options.tls = mode
        case "ca": options.caFile = value
        case "cert": options.clientCertificate = value
        case "key": options.clientKey = value
        case "connect-timeout":
            guard let seconds = UInt32(value) else { throw refusal("has a malformed timeout") }
            options.connectTimeoutSeconds = seconds
        default:
            throw refusal(
                "has the unknown setting '\(name)'; use socket, tls, ca, cert, key or "
                    + "connect-timeout")
        }
    }

    /// Resolves percent-encoding.
    private static func decoded(_ text: Substring) throws(MonikerError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap {
                Character(Unicode.Scalar($0)).hexDigitValue
            }
            guard digits.count == 2 else { throw refusal("has a malformed percent-encoding") }
            bytes.append(UInt8(digits[0] << 4 | digits[1]))
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw refusal("has a percent-encoding that is not text")
        }
        return decoded
    }
}

extension String {
    /// Where a text first occurs.
    fileprivate func firstRange(ofText text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            let rest = self[start...]
            if rest.hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
