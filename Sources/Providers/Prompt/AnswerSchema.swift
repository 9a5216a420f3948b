import Model

/// The JSON that models answer with.
///
/// One schema for all providers, of the keywords that every one of them takes: types, enumerations,
/// required members, no others. Lengths are the quality gate's business.
enum AnswerSchema {
    /// The member of a text.
    static func name(_ field: MetadataField) -> String {
        field == .alt ? "alt_text" : field.rawValue
    }

    /// The members in the order in which they are best thought of: what is seen before what it says.
    static func names(_ fields: Set<MetadataField>) -> [String] {
        ["text_in_image", "is_decorative"]
            + MetadataField.allCases.filter(fields.contains).map(name)
            + ["filename", "tags", "confidence"]
    }

    /// The schema for an answer with some texts.
    static func schema(_ fields: Set<MetadataField>) -> JSONValue {
        let names = names(fields)
        return [
            "type": "object",
            "properties": .object(names.map { JSONValue.Member($0, type(of: $0)) }),
            "required": .array(names.map { .string($0) }),
            "additionalProperties": false,
        ]
    }

    private static func type(of name: String) -> JSONValue {
        switch name {
        case "is_decorative": ["type": "boolean"]
        case "tags": ["type": "array", "items": ["type": "string"]]
        case "confidence": ["type": "string", "enum": ["high", "medium", "low"]]
        default: ["type": "string"]
        }
    }
}

/// How a server is told what to answer with, from the strictest to what any server takes.
enum AnswerStructure: Int, Comparable, Sendable {
    /// A JSON schema that the server enforces.
    case schema
    /// JSON, which the server enforces, by a schema in the prompt.
    case object
    /// The prompt alone.
    case text

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
