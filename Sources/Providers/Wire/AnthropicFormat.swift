import HTTPClient

/// Anthropic Messages, version 2023-06-01.
struct AnthropicFormat: WireFormat {
    let provider = ProviderChoice.anthropic
    let structures: [AnswerStructure] = [.schema, .text]
    let imageTokens = 1600

    func fields(_ key: APIKey?) -> [HTTPRequest.Field] {
        [HTTPRequest.Field("anthropic-version", "2023-06-01")]
            + (key.map { [HTTPRequest.Field("x-api-key", $0.secret)] } ?? [])
    }

    func path(model: String) -> String { "/messages" }

    func body(_ question: Question, model: String, structure: AnswerStructure) -> JSONValue {
        var content: [JSONValue] = []
        if let jpeg = question.jpeg {
            content.append([
                "type": "image",
                "source": [
                    "type": "base64", "media_type": "image/jpeg", "data": .base64(prefix: "", jpeg),
                ],
            ])
        }
        content.append(["type": "text", "text": .string(question.user)])
        var members: [JSONValue.Member] = [
            .init("model", .string(model)),
            .init("max_tokens", .number(String(question.tokens))),
            .init("system", .string(question.system)),
            .init("messages", [["role": "user", "content": .array(content)]]),
        ]
        if let schema = question.schema, structure == .schema {
            members.append(
                .init("output_config", ["format": ["type": "json_schema", "schema": schema]]))
        }
        return .object(members)
    }

    func answer(_ body: JSONValue) -> ModelAnswer? {
        guard body["type"]?.string == "message", let content = body["content"]?.array else {
            return nil
        }
        let usage = body["usage"]
        let counted = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]
        return ModelAnswer(
            text: content.compactMap { $0["type"] == "text" ? $0["text"]?.string : nil }.joined(),
            ending: ending(body["stop_reason"]?.string),
            model: body["model"]?.string,
            inputTokens: counted.reduce(0) { $0 + (usage?[$1]?.int ?? 0) },
            outputTokens: usage?["output_tokens"]?.int ?? 0)
    }

    private func ending(_ reason: String?) -> ModelAnswer.Ending {
        switch reason {
        case "max_tokens", "model_context_window_exceeded": .truncated
        case "refusal": .refused("")
        default: .complete
        }
    }

    func models(_ body: JSONValue) -> [String]? {
        body["data"]?.array.map { $0.compactMap { $0["id"]?.string } }
    }
}
