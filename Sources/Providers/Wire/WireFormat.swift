import HTTPClient
import Model

/// How one provider's API is spoken; pure.
protocol WireFormat: Sendable {
    /// Which API it is.
    var provider: ProviderChoice { get }
    /// The structures that can be asked for, the strictest first.
    var structures: [AnswerStructure] { get }
    /// The most tokens that the provider counts for an image of 1024 × 1024 pixels.
    var imageTokens: Int { get }

    /// The header fields of every request.
    func fields(_ key: APIKey?) -> [HTTPRequest.Field]
    /// The path of a request for an answer, below the base URL.
    func path(model: String) -> String
    /// The body of a request for an answer.
    func body(_ question: Question, model: String, structure: AnswerStructure) -> JSONValue
    /// What an answer of status 200 says; nil where it is not of this format.
    func answer(_ body: JSONValue) -> ModelAnswer?
    /// The names of the models in an answer to `GET /models`; nil where it is not of this format.
    func models(_ body: JSONValue) -> [String]?
}

/// What a model is asked.
struct Question: Sendable {
    /// The system's text.
    var system: String
    /// The user's text.
    var user: String
    /// The picture; nil for a question about none.
    var jpeg: [UInt8]?
    /// The schema of the answer; nil for plain text.
    var schema: JSONValue?
    /// The most tokens of the answer.
    var tokens: Int

    /// Asks for a description; where the server takes no schema, the text holds it.
    init(_ prompt: DescriptionPrompt, jpeg: [UInt8], structure: AnswerStructure) {
        system = prompt.system
        user = structure == .schema ? prompt.user : prompt.userWithSchema
        self.jpeg = jpeg
        schema = prompt.schema
        tokens = Self.longestDescription
    }

    /// Asks for a short text.
    init(system: String, user: String, tokens: Int) {
        self.system = system
        self.user = user
        self.tokens = tokens
    }

    /// All four texts in a language of many tokens, with room.
    static let longestDescription = 1200
}

/// What a model answered.
struct ModelAnswer: Sendable {
    enum Ending: Equatable, Sendable {
        case complete
        case truncated
        case refused(String)
        case filtered(String)
    }

    /// Its text; may be empty.
    var text: String
    /// How it ended.
    var ending: Ending
    /// The model by its full name, where the answer tells it.
    var model: String?
    var inputTokens: Int
    var outputTokens: Int

    /// The text of a complete answer.
    ///
    /// - Throws: `truncated`, `refused`, `content-filtered`.
    func completeText() throws(MonikerError) -> String {
        switch ending {
        case .complete: return text
        case .truncated:
            throw MonikerError(
                .truncated,
                "the model's answer was cut off at its length limit; ask for fewer texts")
        case .refused(let reason):
            throw MonikerError(
                .refused,
                "the model declined to describe the image\(Self.because(reason)); "
                    + "write its texts by hand")
        case .filtered(let reason):
            throw MonikerError(
                .contentFiltered,
                "the provider's filter blocked the image\(Self.because(reason)); "
                    + "write its texts by hand")
        }
    }

    private static func because(_ reason: String) -> String {
        let line = CleanText.line(reason, atMost: 160)
        return line.isEmpty ? "" : " (\(line))"
    }
}
