import HTTPClient
import Model

/// What an answer with an error status means.
struct ProviderFailure {
    /// What follows from it.
    enum Consequence: Equatable {
        /// Asking again may help; `isShared` where it would fail for the other workers as well.
        case retry(isShared: Bool)
        /// Every further request would fail the same way.
        case stop
        /// This request fails; others may not.
        case fail
        /// The server may not take the structure that was asked for.
        case structureRefused
    }

    var consequence: Consequence
    var error: MonikerError

    /// Judges an answer whose status is not 2xx.
    ///
    /// - Parameter isStructureProven: whether the server has taken the structure before.
    init(
        _ response: HTTPResponse, body: JSONValue?, endpoint: Endpoint,
        structure: AnswerStructure?, isStructureProven: Bool
    ) {
        let facts = Facts(response, body: body, key: endpoint.key)
        let (code, consequence, remedy) = Self.judge(facts, provider: endpoint.format.provider)
        self.consequence = consequence
        if consequence == .fail, let structure, structure != endpoint.format.structures.last,
            !isStructureProven,
            Self.isAboutStructure(facts, isOwnServer: endpoint.isOwnServer)
        {
            self.consequence = .structureRefused
        }
        let said = facts.message.isEmpty ? "" : ": \(facts.message)"
        var details = ["status": String(facts.status)]
        if !facts.type.isEmpty { details["type"] = facts.type }
        if let id = response["request-id"] ?? response["x-request-id"] {
            details["request"] = CleanText.line(Redaction.redact(id, endpoint.key), atMost: 100)
        }
        error = MonikerError(
            code, "\(endpoint.name) answered with status \(facts.status)\(said); \(remedy)",
            details: details)
    }

    /// What an error says in every dialect.
    private struct Facts {
        var status: Int
        var message: String
        /// The type, code and status that the error names, in lower case.
        var type: String
        /// Everything in which a quota can be named.
        var quota: String

        init(_ response: HTTPResponse, body: JSONValue?, key: APIKey?) {
            status = response.status
            // Gemini sometimes answers with an array of one error; Ollama with a string.
            let error = (body?[0] ?? body)?["error"]
            let text =
                error?["message"]?.string ?? error?.string ?? body?["message"]?.string
                ?? (body == nil ? String(decoding: response.body.prefix(300), as: UTF8.self) : "")
            message = CleanText.line(Redaction.redact(text, key), atMost: 300)
            type = ["type", "code", "status"].compactMap { error?[$0]?.string }
                .map { CleanText.line(Redaction.redact($0, key), atMost: 60).lowercased() }
                .joined(separator: " ")
            let violations = (error?["details"]?.array ?? []).flatMap {
                $0["violations"]?.array ?? []
            }
            quota = violations.compactMap { $0["quotaId"]?.string }.joined(separator: " ")
        }

        func mentions(_ words: [String]) -> Bool {
            let text = type + " " + message.lowercased()
            return words.contains { text.contains($0) }
        }
    }

    private static func judge(
        _ facts: Facts, provider: ProviderChoice
    ) -> (ErrorCode, Consequence, String) {
        let isMoney = facts.mentions([
            "insufficient_quota", "billing", "credit balance", "spend limit", "spending limit",
            "payment", "exceeded your current quota, please check your plan",
        ])
        switch facts.status {
        case 401: return keyRejected
        case 402: return paymentRequired
        case 403:
            return isMoney ? paymentRequired : keyRejected
        case 404:
            return (
                .unknownModel, .stop,
                "check --model and --base-url, or list the models with "
                    + "moniker provider test"
            )
        case 413:
            return (.requestRejected, .fail, "the image is too large for this server")
        case 429 where facts.quota.contains("PerDay"), 429 where facts.mentions(["per day"]):
            return (.quotaExhausted, .stop, "the quota of this day is used up; go on tomorrow")
        case 429 where facts.mentions(["insufficient_quota", "credit balance", "spend limit"]):
            return (.quotaExhausted, .stop, "check the plan and the credit of the account")
        case 429:
            return (.rateLimited, .retry(isShared: true), "try again later, or with fewer workers")
        case 400 where isMoney: return paymentRequired
        case 400 where facts.mentions(["api key not valid", "api_key_invalid"]): return keyRejected
        case 408, 409:
            return (.providerFailed, .retry(isShared: false), "try again later")
        case 501, 505:
            return (.requestRejected, .fail, "the server cannot do this")
        case 503, 529:
            return (
                .providerFailed, .retry(isShared: true), "the provider is overloaded; try later"
            )
        case 500...:
            return (.providerFailed, .retry(isShared: false), "try again later")
        case 300..<400:
            return (.requestRejected, .stop, "redirects are not followed; check --base-url")
        default:
            return (.requestRejected, .fail, "check the model and the image")
        }
    }

    private static let keyRejected = (
        ErrorCode.keyRejected, Consequence.stop, "check the key and what it may be used for"
    )
    private static let paymentRequired = (
        ErrorCode.paymentRequired, Consequence.stop, "check the billing of the account"
    )

    /// Whether an error is about the structure; of unknown servers any refusal may be.
    private static func isAboutStructure(_ facts: Facts, isOwnServer: Bool) -> Bool {
        guard [400, 415, 422, 501].contains(facts.status) else { return false }
        return !isOwnServer
            || facts.mentions([
                "response_format", "json_schema", "output_config", "output_format",
                "responseschema", "response_schema", "responsemimetype", "response_mime_type",
                "structured output", "additionalproperties",
            ])
    }
}
