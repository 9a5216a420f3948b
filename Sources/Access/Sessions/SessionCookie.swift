/// The cookie that a session lives in.
public enum SessionCookie {
    /// Its name; with TLS the prefix binds it to the host.
    public static func name(isSecure: Bool) -> String {
        isSecure ? "__Host-moniker" : "moniker"
    }

    /// The value of `Set-Cookie` that begins a session.
    ///
    /// - Parameter isSecure: whether the browser speaks TLS with whoever stands before the service.
    public static func setting(_ session: BrowserSession, isSecure: Bool) -> String {
        "\(name(isSecure: isSecure))=\(session.cookie)" + attributes(isSecure)
    }

    /// The value of `Set-Cookie` that ends a session.
    public static func removing(isSecure: Bool) -> String {
        "\(name(isSecure: isSecure))=" + attributes(isSecure) + "; Max-Age=0"
    }

    /// The session's cookie in a `Cookie` header; nil where there is none.
    public static func value(in header: String, isSecure: Bool) -> String? {
        let name = name(isSecure: isSecure) + "="
        for part in header.split(separator: ";") {
            let cookie = part.drop { $0 == " " }
            if cookie.hasPrefix(name) { return String(cookie.dropFirst(name.count)) }
        }
        return nil
    }

    private static func attributes(_ isSecure: Bool) -> String {
        "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}
