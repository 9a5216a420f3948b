import Access
import Foundation
import HTTPTypes
import Hashing
import Hummingbird
import HummingbirdCore
import Logging
import Model
import NIOCore

/// Answers requests: finds the endpoint, asks who asks, limits, repeats, counts and logs.
struct Responder: HTTPResponder {
    let table: EndpointTable
    let authenticator: Authenticator
    let limiter: RateLimiter
    /// So long a body may take to arrive.
    let bodyTimeout: Duration
    let store: ServiceStore
    let storeWorker: Worker
    let metrics: Metrics
    let proxies: TrustedProxies
    /// Whether the service speaks TLS itself, so that browsers are told to come by nothing else.
    let isTLS: Bool
    let pages: PageMaker

    func respond(to request: Request, context: ServiceContext) async throws -> Response {
        let start = ContinuousClock.now
        let id = Self.requestID()
        let origin = proxies.origin(of: request.headers, from: context.remoteAddress)
        metrics.begin()
        var route = "unknown"
        var caller: Caller?
        var answer: APIAnswer
        // Whoever types an address that is none is told so by a page.
        var isPage = Self.wantsPage(request)
        do throws(MonikerError) {
            let (endpoint, parameters) = try find(request)
            route = endpoint.path
            isPage = endpoint.isPage
            let session = try await session(request, endpoint, origin)
            caller =
                session == nil ? try await authorize(request, endpoint, origin) : .dashboard
            let received = try await receive(request, endpoint)
            answer = try await perform(
                endpoint,
                APIRequest(
                    id: id, parameters: parameters, query: try Self.query(request.uri),
                    headers: Self.headers(request.headers), body: received, caller: caller,
                    session: session, address: origin,
                    host: request.head.authority ?? ""),
                key: request.headers[.idempotencyKey])
        } catch {
            answer =
                isPage
                ? pages.problem(
                    error, request: id,
                    address: request.method == .get ? request.uri.description : "/")
                : Problem.answer(error, request: id)
            if answer.status.code >= 500 {
                context.logger.error(
                    "a request failed",
                    metadata: [
                        "request": "\(id)", "route": "\(route)", "code": "\(error.code.rawValue)",
                        "reason": "\(error.message)",
                    ])
            }
        }
        let seconds = (ContinuousClock.now - start) / Duration.seconds(1)
        let method = Self.knownMethod(request.method)
        metrics.end(route: route, method: method, status: answer.status.code, seconds: seconds)
        var fields: Logger.Metadata = [
            "request": "\(id)", "method": "\(method)", "route": "\(route)",
            "status": "\(answer.status.code)", "milliseconds": "\(Int(seconds * 1000))",
        ]
        if let caller { fields["caller"] = "\(caller.id)" }
        if let code = answer.code { fields["code"] = "\(code.rawValue)" }
        context.logger.info("request", metadata: fields)
        if isTLS { answer.headers[.strictTransportSecurity] = "max-age=31536000" }
        return Self.response(answer, id: id, isHead: request.method == .head)
    }

    private func find(
        _ request: Request
    ) throws(MonikerError) -> (Endpoint, [String: String]) {
        switch table.match(request.method, request.uri.path) {
        case .found(let endpoint, let parameters): return (endpoint, parameters)
        case .otherMethods(let methods):
            let names = methods.map(\.rawValue).sorted().joined(separator: ", ")
            throw MonikerError(
                .methodNotAllowed, "this address takes \(names)", details: ["allow": names])
        case .nothing:
            throw MonikerError(
                .unknownRoute, "there is nothing at this address: see /openapi.json")
        }
    }

    /// Whether somebody looks at it in a browser that is no script of ours.
    private static func wantsPage(_ request: Request) -> Bool {
        let isOfAPI = request.uri.path.hasPrefix("/v1/")
        return !isOfAPI && (request.headers[.accept]?.contains("text/html") ?? false)
    }

    /// The session of whoever asks for a page; nil for endpoints of other kinds.
    private func session(
        _ request: Request, _ endpoint: Endpoint, _ origin: String
    ) async throws(MonikerError) -> BrowserSession? {
        guard case .page = endpoint.access else { return nil }
        let session = try await authenticator.session(
            request.head, address: origin)
        try limit(.dashboard)
        return session
    }

    private func limit(_ caller: Caller) throws(MonikerError) {
        guard let seconds = limiter.delay(of: caller.id) else { return }
        throw MonikerError(
            .tooManyRequests, "this token sends too many requests: wait",
            details: ["retry_after": "\(seconds)"])
    }

    private func authorize(
        _ request: Request, _ endpoint: Endpoint, _ origin: String
    ) async throws(MonikerError) -> Caller? {
        guard case .scope(let scope) = endpoint.access else { return nil }
        let caller = try await authenticator.caller(
            request.head, isWriting: endpoint.isWriting, address: origin)
        try limit(caller)
        guard caller.scope >= scope else {
            throw MonikerError(
                .forbidden,
                "this needs a token of the scope \(scope.rawValue), and this one has \(caller.scope.rawValue)"
            )
        }
        return caller
    }

    // MARK: Body

    private func receive(
        _ request: Request, _ endpoint: Endpoint
    ) async throws(MonikerError) -> [UInt8] {
        guard endpoint.isWriting else { return [] }
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        let most = endpoint.mostBytes
        guard length <= most else { throw Self.tooLarge(most) }
        let bytes: [UInt8]
        do {
            bytes = try await Self.withTimeout(bodyTimeout) {
                var request = request
                return [UInt8](buffer: try await request.collectBody(upTo: most))
            }
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge(most)
        } catch {
            throw MonikerError(
                .invalidArgument, "the body did not arrive in time: send it at once", cause: error)
        }
        if !bytes.isEmpty {
            let type = request.headers[.contentType]?.split(separator: ";").first ?? ""
            let wanted =
                endpoint.isPage ? "application/x-www-form-urlencoded" : "application/json"
            guard type.lowercased().filter({ $0 != " " }) == wanted else {
                throw MonikerError(
                    .unsupportedMediaType,
                    endpoint.isPage
                        ? "the body has to be a form of one of our pages"
                        : "the body has to be JSON: send Content-Type: application/json"
                )
            }
        }
        return bytes
    }

    private static func tooLarge(_ most: Int) -> MonikerError {
        MonikerError(
            .bodyTooLarge, "the body has more than \(most) bytes", details: ["most": "\(most)"])
    }

    private static func withTimeout<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    // MARK: Repetition

    private func perform(
        _ endpoint: Endpoint, _ request: APIRequest, key: String?
    ) async throws(MonikerError) -> APIAnswer {
        guard endpoint.isWriting, let key, let caller = request.caller?.id else {
            return try await endpoint.answer(request)
        }
        guard (1...200).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw MonikerError(
                .invalidArgument, "an Idempotency-Key has 1 to 200 visible ASCII characters")
        }
        let address = request.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let digest = SHA256.digest(
            of: Array("\(endpoint.method) \(endpoint.path) \(address)\n".utf8) + request.body
        ).description
        let repetition = try await storeWorker.run { () throws(MonikerError) in
            try store.begin(
                caller: caller, key: key, digest: digest, isRepeatable: endpoint.isRepeatable)
        }
        if case .answered(let answer) = repetition { return answer }
        let answer: APIAnswer
        do throws(MonikerError) {
            answer = try await endpoint.answer(request)
        } catch {
            answer = Problem.answer(error, request: request.id)
        }
        let kept =
            endpoint.keepsAnswer || answer.code != nil ? answer : Self.shownOnce(request.id)
        let mayComeAgain = answer.code.map(Self.changesNothing) ?? false
        try await storeWorker.run { () throws(MonikerError) in
            if mayComeAgain {
                try store.release(caller: caller, key: key)
            } else {
                try store.finish(caller: caller, key: key, with: kept)
            }
        }
        return answer
    }

    /// What stands for an answer with a secret, which is not kept, where the request is repeated.
    private static func shownOnce(_ request: String) -> APIAnswer {
        Problem.answer(
            MonikerError(
                .outcomeUnknown,
                "the request with this Idempotency-Key was carried out, and its answer held a secret that is shown once: end what it made and send another key"
            ), request: request)
    }

    /// Whether a failure passes by itself and has changed nothing, so that the same key may be sent
    /// again.
    private static func changesNothing(_ code: ErrorCode) -> Bool {
        [
            .busy, .databaseLocked, .databaseUnreachable, .tooManyRequests, .queueFull, .diskFull,
            .databaseReadOnly, .fileSystemReadOnly,
        ].contains(code)
    }

    // MARK: Wire

    private static func query(_ uri: URI) throws(MonikerError) -> [String: String] {
        try FormFields.parse(uri.query ?? "")
    }

    private static func headers(_ fields: HTTPFields) -> [String: String] {
        var headers: [String: String] = [:]
        for field in fields { headers[field.name.canonicalName] = field.value }
        return headers
    }

    private static func knownMethod(_ method: HTTPRequest.Method) -> String {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options]
        return known.contains(method) ? method.rawValue : "other"
    }

    private static func requestID() -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return String((0..<16).map { _ in alphabet[Int.random(in: 0..<32)] })
    }

    private static func response(_ answer: APIAnswer, id: String, isHead: Bool) -> Response {
        var headers = answer.headers
        headers[.contentType] = answer.contentType
        headers[.requestID] = id
        headers[.contentTypeOptions] = "nosniff"
        headers[.frameOptions] = "DENY"
        if headers[.referrerPolicy] == nil { headers[.referrerPolicy] = "no-referrer" }
        headers[.crossOriginResourcePolicy] = "same-origin"
        if headers[.contentSecurityPolicy] == nil {
            headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        if let stream = answer.stream, !isHead {
            return Response(status: answer.status, headers: headers, body: .init(stream))
        }
        // 304 has the headers of the page that the browser has, and no body.
        if isHead || answer.status == .notModified {
            return Response(status: answer.status, headers: headers)
        }
        return Response(
            status: answer.status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
