import Access
import HTTPTypes
import Model
import UseCases

/// Tokens: listing them, making one, which is shown this once, and ending one.
struct TokenRoutes: Sendable {
    let access: AccessStore
    let worker: Worker
    let audit: Audit

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/tokens", .scope(.admin), list),
            Endpoint(.post, "/v1/tokens", .scope(.admin), keepsAnswer: false, create),
            Endpoint(.delete, "/v1/tokens/{id}", .scope(.admin), isRepeatable: true, revoke),
        ]
    }

    /// A token as people see it: everything but the token itself.
    struct Report: Encodable {
        var id: String
        var name: String
        var scope: String
        var state: String
        var created: Int64
        var expires: Int64?
        /// The token, where it has just been made.
        var token: String?

        init(_ record: AccessToken, token: String? = nil) {
            id = record.id
            name = record.name
            scope = record.scope.rawValue
            let isOver = record.expires.map { $0 <= ServiceStore.now() } ?? false
            state = record.revoked != nil ? "revoked" : isOver ? "expired" : "active"
            created = record.created
            expires = record.expires
            self.token = token
        }

        private enum CodingKeys: CodingKey {
            case id, name, scope, state, created, expires, token
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(name, forKey: .name)
            try container.encode(scope, forKey: .scope)
            try container.encode(state, forKey: .state)
            try container.encode(created, forKey: .created)
            try container.encode(expires, forKey: .expires)
            try container.encodeIfPresent(token, forKey: .token)
        }
    }

    /// All tokens, oldest first.
    func tokens() async throws(MonikerError) -> [Report] {
        try await worker.run { [access] () throws(MonikerError) in
            try access.tokens().map { Report($0) }
        }
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        return .json(ListPage(items: try await tokens(), next: nil))
    }

    private struct TokenFields: RequestFields {
        var name: String
        var scope: String
        var expires: String?

        static let names: Set<String> = ["name", "scope", "expires"]
        init() { (name, scope) = ("", "") }
    }

    @Sendable private func create(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let fields = try request.fields(TokenFields.self)
        guard let scope = TokenScope(rawValue: fields.scope) else {
            throw MonikerError(
                .invalidArgument, "the field scope is one of read, write and admin",
                details: ["field": "scope"])
        }
        var lifetime: Int64?
        if let text = fields.expires {
            guard case .seconds(let seconds)? = Lifetime(text) else {
                throw MonikerError(
                    .invalidArgument,
                    "the field expires takes a duration such as 12h or 90d, from 1s to 3650d",
                    details: ["field": "expires"])
            }
            lifetime = seconds
        }
        let (access, name, seconds) = (access, fields.name, lifetime)
        let made = try await audit.note(
            request, "token-create", target: fields.scope
        ) { () throws(MonikerError) in
            try access.createToken(name: name, scope: scope, lifetime: seconds)
        }
        return .json(Report(made.record, token: made.token), status: .created)
    }

    /// How long a token lives.
    private enum Lifetime {
        case seconds(Int64)

        /// Reads `90d`; nil for what is none.
        init?(_ text: String) {
            let units: [Character: Int64] = [
                "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
            ]
            guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 10,
                text.utf8.dropLast().allSatisfy({ (48...57).contains($0) }),
                let number = Int64(text.dropLast()), number > 0
            else { return nil }
            let (seconds, overflows) = number.multipliedReportingOverflow(by: unit)
            guard !overflows, seconds <= 3650 * 86_400 else { return nil }
            self = .seconds(seconds)
        }
    }

    private struct NoFields: RequestFields {
        static let names: Set<String> = []
        init() {}
    }

    private struct Revocation: Encodable {
        var id: String
        var state = "revoked"
    }

    @Sendable private func revoke(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        _ = try request.fields(NoFields.self)
        guard let id = request.parameters["id"], id.utf8.count <= 40,
            id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else {
            throw MonikerError(.unknownToken, "there is no such token: /v1/tokens lists them")
        }
        let access = access
        try await audit.note(request, "token-revoke", target: id) { () throws(MonikerError) in
            try access.revokeToken(id)
        }
        return .json(Revocation(id: id))
    }
}
