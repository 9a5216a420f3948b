import Access
import HTTPTypes
import Model

/// Finds out who asks: a token, or the session of a browser.
struct Authenticator: Sendable {
    let store: AccessStore
    let worker: Worker
    /// Whether browsers reach the service by TLS.
    let isSecure: Bool
    private let failures = RateLimiter(rate: 1, burst: 30)

    init(store: AccessStore, worker: Worker, isSecure: Bool) {
        self.store = store
        self.worker = worker
        self.isSecure = isSecure
    }

    /// Who sent a request.
    ///
    /// - Parameters:
    ///   - isWriting: whether it changes something; a browser then has to prove that one of our own
    ///     pages sent it.
    ///   - address: where it comes from.
    /// - Throws: `unauthorized` where nobody known did; `too-many-requests` to an address that has
    ///   guessed too often; `access-unusable`.
    func caller(
        _ head: HTTPRequest, isWriting: Bool, address: String
    ) async throws(MonikerError) -> Caller {
        let header = head.headerFields[.authorization]
        let cookie =
            header == nil
            ? head.headerFields[.cookie].flatMap {
                SessionCookie.value(in: $0, isSecure: isSecure)
            } : nil
        if let cookie {
            let session = try await worker.run { () throws(MonikerError) in
                try store.session(cookie: cookie)
            }
            if let session {
                if isWriting { try requireOwnPage(head, session) }
                return .dashboard
            }
        }
        if let header, let sent = Self.token(in: header) {
            let token = try await worker.run { () throws(MonikerError) in
                try store.token(authenticating: sent)
            }
            if let token { return Caller(id: token.id, name: token.name, scope: token.scope) }
        }
        if header != nil || cookie != nil, let seconds = failures.delay(of: address) {
            throw MonikerError(
                .tooManyRequests, "too many wrong tokens came from this address: wait",
                details: ["retry_after": "\(seconds)"])
        }
        throw MonikerError(
            .unauthorized,
            "send a token that works as `Authorization: Bearer TOKEN`: `moniker token create` makes one"
        )
    }

    /// The session of the browser that asks for a page.
    ///
    /// - Throws: `unauthorized` where there is none; `too-many-requests` to an address that has
    ///   guessed too often; `access-unusable`.
    func session(
        _ head: HTTPRequest, address: String
    ) async throws(MonikerError) -> BrowserSession {
        let cookie = head.headerFields[.cookie].flatMap {
            SessionCookie.value(in: $0, isSecure: isSecure)
        }
        if let cookie {
            let session = try await worker.run { () throws(MonikerError) in
                try store.session(cookie: cookie)
            }
            if let session { return session }
            if let seconds = failures.delay(of: address) {
                throw MonikerError(
                    .tooManyRequests, "too many wrong sessions came from this address: wait",
                    details: ["retry_after": "\(seconds)"])
            }
        }
        throw MonikerError(.unauthorized, "log in to see this page")
    }

    private func requireOwnPage(
        _ head: HTTPRequest, _ session: BrowserSession
    ) throws(MonikerError) {
        let isOwn = RequestOrigin.isOwn(
            origin: head.headerFields[.origin], fetchSite: head.headerFields[.secFetchSite],
            host: head.authority ?? "", isSecure: isSecure)
        let token = head.headerFields[.formToken]
        guard isOwn, let token, session.accepts(formToken: token) else {
            throw MonikerError(
                .forbidden, "the request does not come from a page of this service: reload the page"
            )
        }
    }

    /// The token in an `Authorization` header; nil for other schemes.
    private static func token(in header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}

extension HTTPField.Name {
    /// What kind of page a browser sends a request from.
    static let secFetchSite = known("Sec-Fetch-Site")
    /// The token of a form, where a script of the dashboard sends the request.
    static let formToken = known("X-Moniker-Form-Token")
    static let idempotencyKey = known("Idempotency-Key")
    static let requestID = known("X-Request-ID")
    static let forwardedFor = known("X-Forwarded-For")
    static let contentSecurityPolicy = known("Content-Security-Policy")
    static let contentTypeOptions = known("X-Content-Type-Options")
    static let referrerPolicy = known("Referrer-Policy")
    static let frameOptions = known("X-Frame-Options")
    static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is a header's name")
        }
        return name
    }
}
