import HTTPClient

/// Gemini generateContent, version v1beta.
struct GeminiFormat: WireFormat {
    let provider = ProviderChoice.gemini
    let structures: [AnswerStructure] = [.schema, .object, .text]
    // Four tiles of 258 tokens, with room.
    let imageTokens = 1300

    func fields(_ key: APIKey?) -> [HTTPRequest.Field] {
        key.map { [HTTPRequest.Field("x-goog-api-key", $0.secret)] } ?? []
    }

    func path(model: String) -> String { "/models/\(model):generateContent" }

    func body(_ question: Question, model: String, structure: AnswerStructure) -> JSONValue {
        var parts: [JSONValue] = []
        if let jpeg = question.jpeg {
            parts.append([
                "inlineData": ["mimeType": "image/jpeg", "data": .base64(prefix: "", jpeg)]
            ])
        }
        parts.append(["text": .string(question.user)])
        var configuration: [JSONValue.Member] = [
            .init("maxOutputTokens", .number(String(question.tokens)))
        ]
        if let schema = question.schema, structure != .text {
            configuration.append(.init("responseMimeType", "application/json"))
            if structure == .schema { configuration.append(.init("responseSchema", typed(schema))) }
        }
        // This family thinks first, on the same token limit, unless it is told not to.
        if model.hasPrefix("gemini-2.5-flash") {
            configuration.append(.init("thinkingConfig", ["thinkingBudget": 0]))
        }
        return [
            "systemInstruction": ["parts": [["text": .string(question.system)]]],
            "contents": [["role": "user", "parts": .array(parts)]],
            "generationConfig": .object(configuration),
        ]
    }

    /// A JSON schema in Gemini's dialect: types in capitals, an order, no `additionalProperties`.
    private func typed(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.members else { return schema }
        var result: [JSONValue.Member] = []
        for member in members {
            switch member.name {
            case "additionalProperties": continue
            case "type":
                result.append(.init("type", .string(member.value.string?.uppercased() ?? "STRING")))
            case "properties":
                let properties = member.value.members ?? []
                result.append(
                    .init(
                        "properties",
                        .object(properties.map { JSONValue.Member($0.name, typed($0.value)) })))
                result.append(
                    .init("propertyOrdering", .array(properties.map { .string($0.name) })))
            case "items": result.append(.init("items", typed(member.value)))
            default: result.append(member)
            }
        }
        return .object(result)
    }

    func answer(_ body: JSONValue) -> ModelAnswer? {
        let usage = body["usageMetadata"]
        var answer = ModelAnswer(
            text: "", ending: .complete, model: body["modelVersion"]?.string,
            inputTokens: usage?["promptTokenCount"]?.int ?? 0,
            outputTokens: (usage?["candidatesTokenCount"]?.int ?? 0)
                + (usage?["thoughtsTokenCount"]?.int ?? 0))
        if let reason = body["promptFeedback"]?["blockReason"]?.string {
            answer.ending = .filtered(reason)
            return answer
        }
        guard let candidate = body["candidates"]?[0] else { return nil }
        let parts = candidate["content"]?["parts"]?.array ?? []
        // Thoughts are no answer.
        answer.text = parts.compactMap { $0["thought"] == true ? nil : $0["text"]?.string }.joined()
        switch candidate["finishReason"]?.string {
        case "MAX_TOKENS": answer.ending = .truncated
        case "STOP", "FINISH_REASON_UNSPECIFIED", nil: answer.ending = .complete
        case let reason?: answer.ending = .filtered(reason)
        }
        return answer
    }

    func models(_ body: JSONValue) -> [String]? {
        body["models"]?.array.map {
            $0.compactMap { model in
                model["name"]?.string.map { $0.replacing("models/", with: "") }
            }
        }
    }
}
