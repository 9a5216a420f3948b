public import HTTPClient
public import Model

/// "Test API": whether a provider can be used with the given settings.
public struct ProviderTest: Sendable {
    /// What a test found.
    public struct Report: Codable, Hashable, Sendable {
        /// The provider, such as `anthropic`.
        public var provider: String
        /// The server that was asked.
        public var server: String
        /// The model that was asked for.
        public var model: String
        /// The model that says it answered.
        public var answeredBy: String
        /// The models that the key can use; empty where the server does not tell.
        public var models: [String]
        /// What the test cost.
        public var usage: ProviderUsage
        /// The result in a sentence.
        public var sentence: String
    }

    private let settings: ProviderSettings
    private let client: HTTPClient
    private let clock: any RetryClock

    /// Creates a test of settings.
    public init(
        _ settings: ProviderSettings, client: HTTPClient,
        clock: any RetryClock = SystemRetryClock()
    ) {
        self.settings = settings
        self.client = client
        self.clock = clock
    }

    /// Lists the models, then asks the model for a word.
    ///
    /// - Throws: what `ImageDescriber.describe` throws; `unknown-model` names models that exist.
    public func run() async throws(MonikerError) -> Report {
        let describer = try settings.describer(client: client, clock: clock)
        let batch = RemoteBatch(describer: describer)
        let endpoint = describer.endpoint
        let models = try await models(describer)
        if !models.isEmpty, !Self.contains(models, describer.model) {
            throw MonikerError(
                .unknownModel,
                "\(endpoint.name) has no model \(describer.model) for this key; it has "
                    + Self.sample(models, near: describer.model) + "; choose one with --model")
        }
        // Models that think first need room for it.
        let question = Question(
            system: "You test a connection.", user: "Answer with the word ready.", tokens: 256)
        let body = endpoint.format.body(question, model: describer.model, structure: .text)
        let (json, _) = try await batch.call(
            "POST", endpoint.format.path(model: describer.model), body: JSONWriter.bytes(body))
        guard let answer = endpoint.format.answer(json) else {
            throw ProviderFailure(malformed: endpoint).error
        }
        let word = CleanText.line(Redaction.redact(answer.text, endpoint.key), atMost: 40)
        let answeredBy = answer.model.map { CleanText.line($0, atMost: 100) } ?? describer.model
        return Report(
            provider: describer.provider, server: endpoint.base, model: describer.model,
            answeredBy: answeredBy, models: models, usage: describer.cost(of: answer),
            sentence: word.isEmpty
                ? "\(endpoint.name) took the key and the model \(answeredBy), but answered nothing."
                : "\(endpoint.name) works: the model \(answeredBy) answered \"\(word)\".")
    }

    /// The models that the key can use; empty where the server has no list.
    private func models(_ describer: RemoteDescriber) async throws(MonikerError) -> [String] {
        let endpoint = describer.endpoint
        let query =
            endpoint.format.provider == .openai
            ? "" : endpoint.format.provider == .gemini ? "?pageSize=1000" : "?limit=1000"
        let request = endpoint.request("GET", "/models" + query)
        switch await endpoint.exchange(request, clock: clock) {
        case .answered(let body, _):
            return (endpoint.format.models(body) ?? []).map { CleanText.line($0, atMost: 100) }
                .filter { !$0.isEmpty }.sorted()
        case .failed(let failure, _):
            // Compatible servers may lack the list; a refused key is a result.
            if failure.consequence == .stop, failure.error.code != .unknownModel {
                throw failure.error
            }
            return []
        case .unreachable(let error): throw error
        }
    }

    private static func contains(_ models: [String], _ model: String) -> Bool {
        // An alias such as gpt-4o-mini stands for a dated name; Ollama adds `:latest`.
        models.contains { $0 == model || $0.hasPrefix(model + "-") || $0 == model + ":latest" }
    }

    private static func sample(_ models: [String], near model: String) -> String {
        let family = model.prefix { $0 != "-" && $0 != ":" }
        let near = models.filter { $0.hasPrefix(family) }
        let shown = (near.isEmpty ? models : near).prefix(5)
        return shown.joined(separator: ", ") + (models.count > shown.count ? ", …" : "")
    }
}
