import HTTPClient

/// OpenAI chat completions, at OpenAI and at compatible servers.
struct OpenAIFormat: WireFormat {
    let provider = ProviderChoice.openai
    let structures: [AnswerStructure] = [.schema, .object, .text]
    // What gpt-4o-mini counts for an image of low detail; other models count less.
    let imageTokens = 2900
    /// Whether it is OpenAI's own server, which has options that others refuse or ignore.
    let isOwnServer: Bool

    func fields(_ key: APIKey?) -> [HTTPRequest.Field] {
        key.map { [HTTPRequest.Field("authorization", "Bearer \($0.secret)")] } ?? []
    }

    func path(model: String) -> String { "/chat/completions" }

    func body(_ question: Question, model: String, structure: AnswerStructure) -> JSONValue {
        var content: [JSONValue] = [["type": "text", "text": .string(question.user)]]
        if let jpeg = question.jpeg {
            var image = [
                JSONValue.Member("url", .base64(prefix: "data:image/jpeg;base64,", jpeg))
            ]
            if isOwnServer { image.append(.init("detail", "low")) }
            content.append(["type": "image_url", "image_url": .object(image)])
        }
        var members: [JSONValue.Member] = [
            .init("model", .string(model)),
            .init(
                isOwnServer ? "max_completion_tokens" : "max_tokens",
                .number(String(question.tokens))),
            .init(
                "messages",
                [
                    ["role": "system", "content": .string(question.system)],
                    ["role": "user", "content": .array(content)],
                ]),
        ]
        if let schema = question.schema, let format = format(structure, schema) {
            members.append(.init("response_format", format))
        }
        return .object(members)
    }

    private func format(_ structure: AnswerStructure, _ schema: JSONValue) -> JSONValue? {
        switch structure {
        case .schema:
            [
                "type": "json_schema",
                "json_schema": ["name": "image_metadata", "strict": true, "schema": schema],
            ]
        case .object: ["type": "json_object"]
        case .text: nil
        }
    }

    func answer(_ body: JSONValue) -> ModelAnswer? {
        guard let choice = body["choices"]?[0], let message = choice["message"] else { return nil }
        return ModelAnswer(
            text: message["content"]?.string ?? "",
            ending: ending(choice["finish_reason"]?.string, refusal: message["refusal"]?.string),
            model: body["model"]?.string,
            inputTokens: body["usage"]?["prompt_tokens"]?.int ?? 0,
            outputTokens: body["usage"]?["completion_tokens"]?.int ?? 0)
    }

    private func ending(_ reason: String?, refusal: String?) -> ModelAnswer.Ending {
        if let refusal, !refusal.isEmpty { return .refused(refusal) }
        return switch reason {
        case "length": .truncated
        case "content_filter": .filtered("content_filter")
        default: .complete
        }
    }

    func models(_ body: JSONValue) -> [String]? {
        body["data"]?.array.map { $0.compactMap { $0["id"]?.string } }
    }
}
