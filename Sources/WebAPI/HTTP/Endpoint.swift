import Access
import Foundation
import HTTPTypes
import Model

/// Something that the service answers.
struct Endpoint: Sendable {
    /// Who may ask.
    enum Access: Sendable {
        /// Everybody.
        case open
        /// Whoever has a token, or the dashboard's session, of this scope.
        case scope(TokenScope)
        /// A person in a browser with a session; others are sent to log in. No token opens it.
        case page
        /// Everybody; a page or a file of one, and forms are taken instead of JSON.
        case openPage
    }

    let method: HTTPRequest.Method
    /// The path as OpenAPI writes it, with `{id}` for what stands for a part.
    let path: String
    let access: Access
    /// The most bytes of a body.
    let mostBytes: Int
    /// Whether the same request may be carried out twice without doing anything twice.
    let isRepeatable: Bool
    /// Whether the answer may be kept for repeated requests; false where it holds a secret.
    let keepsAnswer: Bool
    let answer: @Sendable (APIRequest) async throws(MonikerError) -> APIAnswer

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, mostBytes: Int = 1 << 20,
        isRepeatable: Bool = false, keepsAnswer: Bool = true,
        _ answer: @escaping @Sendable (APIRequest) async throws(MonikerError) -> APIAnswer
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.mostBytes = mostBytes
        self.isRepeatable = isRepeatable
        self.keepsAnswer = keepsAnswer
        self.answer = answer
    }

    /// Whether people look at it, and not programs: failures are pages, bodies are forms, and the
    /// OpenAPI document does not tell of it.
    var isPage: Bool {
        switch access {
        case .open, .scope: false
        case .page, .openPage: true
        }
    }

    /// Whether the endpoint changes something.
    var isWriting: Bool { method == .post || method == .put || method == .delete }
}

/// Finds endpoints by method and path.
///
/// Not the framework's router: that one answers 404 to a method that an address does not take, and
/// its routes cannot be listed with the scope that each needs, which the tests of the OpenAPI
/// document do.
struct EndpointTable: Sendable {
    /// All endpoints, as they were registered.
    let endpoints: [Endpoint]
    private let patterns: [[Substring]]

    init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
        patterns = endpoints.map { $0.path.split(separator: "/") }
    }

    /// What was found for a request.
    enum Match: Sendable {
        case found(Endpoint, parameters: [String: String])
        /// The address is known, the method is not; these are.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    /// - Complexity: linear in the number of endpoints, of which there are a few dozen.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let parts = path.split(separator: "/")
        var methods: [HTTPRequest.Method] = []
        for (endpoint, pattern) in zip(endpoints, patterns) {
            guard let parameters = Self.parameters(parts, pattern) else { continue }
            if endpoint.method == method || method == .head && endpoint.method == .get {
                return .found(endpoint, parameters: parameters)
            }
            methods.append(endpoint.method)
        }
        return methods.isEmpty ? .nothing : .otherMethods(methods)
    }

    private static func parameters(
        _ parts: [Substring], _ pattern: [Substring]
    ) -> [String: String]? {
        guard parts.count == pattern.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, name) in zip(parts, pattern) {
            if name.hasPrefix("{") {
                guard let value = part.removingPercentEncoding, !value.isEmpty else {
                    return nil
                }
                parameters[String(name.dropFirst().dropLast())] = value
            } else if part != name {
                return nil
            }
        }
        return parameters
    }
}
