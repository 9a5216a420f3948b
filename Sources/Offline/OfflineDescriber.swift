public import Model

/// Describes images without a model and without a network: from texts that exist already and from what
/// can be measured.
///
/// It never says what a picture shows unless somebody wrote that down: no objects, no people, no
/// actions. What it is not sure of has a confidence below `high` and goes to people first. The same
/// facts always give the same texts. docs/offline-describer.md says what it can and what it cannot.
public struct OfflineDescriber: ImageDescriber {
    /// How the facts of a request are found.
    public typealias Facts =
        @Sendable (DescriptionRequest) async throws(MonikerError) -> OfflineFacts

    private let facts: Facts

    /// The name of the provider.
    public var provider: String { "offline" }
    /// The name of the model.
    public var model: String { "offline" }

    /// Creates a describer that asks for the facts of each request.
    public init(facts: @escaping Facts) { self.facts = facts }

    /// Describes one image; costs nothing.
    ///
    /// - Throws: what finding the facts throws.
    public func describe(
        _ request: DescriptionRequest
    ) async throws(MonikerError) -> DescriptionAnswer {
        DescriptionAnswer(
            description: Self.describe(
                facts: try await facts(request), context: request.context, fields: request.fields,
                mode: request.mode),
            provider: provider, model: model, usage: ProviderUsage())
    }

    /// Describes one image from its facts.
    ///
    /// A field for which nothing sensible is known is absent.
    public static func describe(
        facts: OfflineFacts, context: ImageContext, fields: Set<MetadataField>,
        mode: DescriptionMode
    ) -> ImageDescription {
        Composition(facts: facts, context: context, mode: mode).description(of: fields)
    }
}
