import HTTPTypes
import Hashing
import Hummingbird
import HummingbirdCore
import Model
import UseCases

/// What an endpoint answers.
struct APIAnswer: Sendable {
    /// The status.
    var status: HTTPResponse.Status
    /// The type of the body.
    var contentType: String
    /// The body.
    var body: [UInt8]
    /// Further headers.
    var headers: HTTPFields = [:]
    /// What writes the body bit by bit, instead of `body`.
    var stream: (@concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void)?
    /// The code of the failure that this tells; nil for no failure.
    var code: ErrorCode?

    init(_ status: HTTPResponse.Status, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A report as the command line prints it with `--json`.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) -> APIAnswer {
        APIAnswer(
            status, contentType: "application/json", body: Array(JSONText.line(value).utf8))
    }

    /// The same, with a tag that changes with it.
    static func tagged(_ value: some Encodable) -> APIAnswer {
        var answer = json(value)
        answer.headers[.eTag] = "\"\(SHA256.digest(of: answer.body).description.prefix(32))\""
        return answer
    }

    /// Lines of text.
    static func text(_ text: String, contentType: String = "text/plain; charset=utf-8") -> APIAnswer
    {
        APIAnswer(.ok, contentType: contentType, body: Array(text.utf8))
    }
}

/// A page of a list.
struct ListPage<Item: Encodable>: Encodable {
    var items: [Item]
    /// Where the next page begins; nil where this is the last.
    var next: String?

    private enum CodingKeys: CodingKey {
        case items, next
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(next, forKey: .next)
    }
}
