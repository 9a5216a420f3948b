import Model

/// Reads a model's text as a description.
enum AnswerParser {
    // The gate judges lengths; this only keeps a runaway answer out.
    private static let longestText = 4000

    /// The description in a text that is JSON, or holds it, such as within a code block.
    ///
    /// Texts that were not asked for are dropped.
    ///
    /// - Throws: `empty-answer`, `malformed-answer`, `incomplete-answer`.
    static func description(
        _ text: String, fields: Set<MetadataField>
    ) throws(MonikerError) -> ImageDescription {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw MonikerError(.emptyAnswer, "the model answered without a text; try it again")
        }
        let whole = JSONParser.value(Array(text.utf8)).flatMap { $0.members == nil ? nil : $0 }
        guard let object = whole ?? JSONParser.object(within: text) else {
            throw MonikerError(
                .malformedAnswer,
                "the model did not answer with JSON; try it again or another model"
            )
        }
        guard let isDecorative = object["is_decorative"].map(\.bool) ?? false else {
            throw malformed("is_decorative")
        }
        var result = ImageDescription(isDecorative: isDecorative)
        for field in MetadataField.allCases where fields.contains(field) {
            let name = AnswerSchema.name(field)
            switch object[name] {
            case .string(let text)?: result.texts[field] = try bounded(text, name)
            case nil, .null?:
                guard isDecorative else {
                    throw MonikerError(
                        .incompleteAnswer,
                        "the model left out \(name); try it again or another model",
                        details: ["member": name])
                }
                result.texts[field] = ""
            default: throw malformed(name)
            }
        }
        // What follows helps, but is not worth losing an answer that was paid for.
        result.fileName = try bounded(object["filename"]?.string ?? "", "filename")
        result.textInImage = try bounded(object["text_in_image"]?.string ?? "", "text_in_image")
        result.tags = (object["tags"]?.array ?? []).compactMap(\.string).prefix(20).map {
            CleanText.line($0, atMost: 80)
        }.filter { !$0.isEmpty }
        result.confidence =
            object["confidence"]?.string.flatMap { ImageDescription.Confidence(rawValue: $0) }
            ?? .medium
        return result
    }

    private static func bounded(_ text: String, _ name: String) throws(MonikerError) -> String {
        guard text.utf8.count <= longestText * 4, text.count <= longestText else {
            throw malformed(name)
        }
        return text
    }

    private static func malformed(_ name: String) -> MonikerError {
        MonikerError(
            .malformedAnswer,
            "the model's \(name) is not what the schema says; try it again or another model",
            details: ["member": name])
    }
}
