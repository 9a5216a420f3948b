/// One image to be described.
public struct DescriptionRequest: Sendable {
    /// Names the request among others; printable ASCII, at most 64 characters.
    public var id: String
    /// The picture to be looked at: a JPEG of at most 1024 pixels on its long edge, without metadata.
    public var jpeg: [UInt8]
    /// What else is known.
    public var context: ImageContext
    /// The texts that are wanted.
    public var fields: Set<MetadataField>
    /// What they are to be best at.
    public var mode: DescriptionMode

    /// Creates a request.
    public init(
        id: String, jpeg: [UInt8], context: ImageContext, fields: Set<MetadataField>,
        mode: DescriptionMode
    ) {
        self.id = id
        self.jpeg = jpeg
        self.context = context
        self.fields = fields
        self.mode = mode
    }
}

/// A description and what it cost.
public struct DescriptionAnswer: Codable, Hashable, Sendable {
    /// What was said.
    public var description: ImageDescription
    /// The provider, such as `anthropic`.
    public var provider: String
    /// The model that answered, such as `offline`.
    public var model: String
    /// What it cost, with the attempts that failed.
    public var usage: ProviderUsage

    /// Creates an answer.
    public init(
        description: ImageDescription, provider: String, model: String, usage: ProviderUsage
    ) {
        self.description = description
        self.provider = provider
        self.model = model
        self.usage = usage
    }
}

/// Who describes images: a model behind an API, or this machine.
public protocol ImageDescriber: Sendable {
    /// The provider's name, such as `anthropic`.
    var provider: String { get }
    /// The model's name.
    var model: String { get }

    /// Describes one image, with as many attempts as make sense.
    ///
    /// Cancelling the task ends a running request soon.
    ///
    /// - Throws: a code of its own for what cannot be repeated (key, quota, refusal, budget) and
    ///   for what was repeated in vain; nothing that was answered is lost by it.
    func describe(_ request: DescriptionRequest) async throws(MonikerError) -> DescriptionAnswer
}
