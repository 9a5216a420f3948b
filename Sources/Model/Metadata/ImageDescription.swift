/// What a provider says of an image; not yet judged.
public struct ImageDescription: Codable, Hashable, Sendable {
    /// How sure a provider is; at `low`, people look at it first.
    public enum Confidence: String, CaseIterable, Codable, Hashable, Sendable {
        case low, medium, high
    }

    /// Whether it is decoration, for which an empty text alternative is right.
    public var isDecorative: Bool
    /// The texts; a field that was not asked for is absent.
    public var texts: [MetadataField: String]
    /// Words for a file name, as the provider spells them; may be empty.
    public var fileName: String
    /// Tags; may be empty.
    public var tags: [String]
    /// The text that can be read in the image and matters; may be empty.
    public var textInImage: String
    /// How sure the provider is.
    public var confidence: Confidence

    /// Creates a description.
    public init(
        isDecorative: Bool = false, texts: [MetadataField: String] = [:], fileName: String = "",
        tags: [String] = [], textInImage: String = "", confidence: Confidence = .high
    ) {
        self.isDecorative = isDecorative
        self.texts = texts
        self.fileName = fileName
        self.tags = tags
        self.textInImage = textInImage
        self.confidence = confidence
    }
}

/// What requests have cost.
public struct ProviderUsage: Codable, Hashable, Sendable {
    /// Requests that were answered, also with an error.
    public var requests: Int
    /// Tokens sent, cached ones included.
    public var inputTokens: Int
    /// Tokens received.
    public var outputTokens: Int
    /// Millionths of a US dollar.
    public var microdollars: Int

    /// Creates a usage.
    public init(
        requests: Int = 0, inputTokens: Int = 0, outputTokens: Int = 0, microdollars: Int = 0
    ) {
        self.requests = requests
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.microdollars = microdollars
    }

    /// The sum of two usages.
    public static func + (left: ProviderUsage, right: ProviderUsage) -> ProviderUsage {
        ProviderUsage(
            requests: left.requests + right.requests,
            inputTokens: left.inputTokens + right.inputTokens,
            outputTokens: left.outputTokens + right.outputTokens,
            microdollars: left.microdollars + right.microdollars)
    }
}
