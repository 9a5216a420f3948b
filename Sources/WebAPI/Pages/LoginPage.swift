import Access
import Dashboard
import HTTPTypes
import Model

/// Logging in and out.
struct LoginPage: Sendable {
    private let access: AccessStore
    private let frame: PageMaker
    private let isSecure: Bool
    /// Not the worker that looks up sessions: hashing a password takes a tenth of a second.
    private let worker = Worker("login")
    /// Attempts of one address: five, then one each twelve seconds.
    private let attempts = RateLimiter(rate: 5.0 / 60, burst: 5)
    /// Attempts of all addresses together, for each costs 64 MiB and a tenth of a second.
    private let allAttempts = RateLimiter(rate: 1, burst: 30)

    init(_ environment: PageEnvironment) {
        access = environment.access
        frame = environment.frame
        isSecure = environment.options.isSecure
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/login", .openPage, show),
            Endpoint(.post, "/login", .openPage, mostBytes: 16 << 10, login),
            Endpoint(.post, "/logout", .openPage, mostBytes: 4 << 10, logout),
        ]
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try await form(
            request, next: PageMaker.ownAddress(request.query["next"] ?? "/"), status: .ok)
    }

    private func form(
        _ request: APIRequest, next: String, message: String? = nil, status: HTTPResponse.Status
    ) async throws(MonikerError) -> APIAnswer {
        let hasPassword = try await worker.run { () throws(MonikerError) in
            try access.hasPassword()
        }
        var answer = try frame.answer(
            LoginView(next: next, hasPassword: hasPassword, message: message), request,
            status: status)
        if message != nil { answer.code = .unauthorized }
        return answer
    }

    @Sendable private func login(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try requireOwnOrigin(request)
        let fields = try request.form()
        let next = PageMaker.ownAddress(fields["next"] ?? "/")
        if let seconds = attempts.delay(of: request.address) ?? allAttempts.delay(of: "") {
            var answer = try await form(
                request, next: next,
                message: "Too many attempts: wait \(seconds) seconds, then try again.",
                status: .tooManyRequests)
            answer.headers[.retryAfter] = "\(seconds)"
            answer.code = .tooManyRequests
            return answer
        }
        let password = fields["password"] ?? ""
        let session = try await worker.run { () throws(MonikerError) -> BrowserSession? in
            guard try access.isPassword(password) else { return nil }
            if let old = cookie(of: request) { try access.endSession(cookie: old) }
            return try access.beginSession()
        }
        guard let session else {
            return try await form(
                request, next: next, message: "This is not the password.",
                status: .unauthorized)
        }
        var answer = PageMaker.redirect(to: next)
        answer.headers[.setCookie] = SessionCookie.setting(session, isSecure: isSecure)
        return answer
    }

    @Sendable private func logout(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try requireOwnOrigin(request)
        let token = try request.form()["form_token"] ?? ""
        if let cookie = cookie(of: request) {
            try await worker.run { () throws(MonikerError) in
                guard let session = try access.session(cookie: cookie) else { return }
                guard session.accepts(formToken: token) else { throw Self.foreignPage }
                try access.endSession(cookie: cookie)
            }
        }
        var answer = PageMaker.redirect(to: "/login")
        answer.headers[.setCookie] = SessionCookie.removing(isSecure: isSecure)
        return answer
    }

    private func cookie(of request: APIRequest) -> String? {
        request.headers["cookie"].flatMap { SessionCookie.value(in: $0, isSecure: isSecure) }
    }

    private func requireOwnOrigin(_ request: APIRequest) throws(MonikerError) {
        guard
            RequestOrigin.isOwn(
                origin: request.headers["origin"], fetchSite: request.headers["sec-fetch-site"],
                host: request.host, isSecure: isSecure)
        else { throw Self.foreignPage }
    }

    private static let foreignPage = MonikerError(
        .forbidden, "the request does not come from a page of this service: reload the page")
}
