import Foundation
import HTTPClient
public import Model
import Providers

/// How a provider is reached, as a person says it.
public struct ProviderOptions: Hashable, Sendable {
    /// `anthropic`, `openai` or `gemini`; nil: `$MONIKER_PROVIDER`.
    public var provider: String?
    /// Another server with the same API.
    public var baseURL: String?
    /// The model; nil: the provider's default.
    public var model: String?
    /// A file that holds the key; nil: the environment.
    public var keyFile: String?
    /// Whether the server was named over the network: then no key goes there, and it has to be on
    /// this machine or have a public address and TLS.
    public var isConfined = false

    /// Collects the options.
    public init(
        provider: String? = nil, baseURL: String? = nil, model: String? = nil,
        keyFile: String? = nil
    ) {
        self.provider = provider
        self.baseURL = baseURL
        self.model = model
        self.keyFile = keyFile
    }
}

extension ProviderOptions {
    /// The key that requests carry; nil for none.
    ///
    /// - Throws: `key-missing`, `key-file-unsafe`.
    func key(
        for choice: ProviderChoice, _ environment: [String: String]
    ) throws(MonikerError) -> APIKey? {
        // Whoever may name a server must not have the key sent there.
        if isConfined, baseURL != nil { return nil }
        if let keyFile { return try APIKey.from(file: keyFile) }
        return try APIKey.from(environment: environment, for: choice)
    }
}

/// What `provider test` found.
public struct ProviderReport: Encodable, Sendable {
    /// The provider.
    public var provider: String
    /// The server that was asked; nil for the offline describer.
    public var server: String?
    /// The model that was asked for.
    public var model: String
    /// The model that says it answered.
    public var answeredBy: String
    /// The models that the key can use; empty where the server does not tell.
    public var models: [String]
    /// How long the answer to a sentence took, in milliseconds.
    public var latency: Int?
    /// Whether the model described a picture as JSON; nil where it was not tried.
    public var describesImages: Bool?
    /// Why it did not, as a code.
    public var imageFailure: String?
    /// How long the description took, in milliseconds.
    public var imageLatency: Int?
    /// Requests, tokens and cost.
    public var usage: UsageReport
    /// The result in sentences.
    public var message: String

    private enum CodingKeys: String, CodingKey {
        case provider, server, model, models, usage, message
        case answeredBy = "answered_by"
        case latency = "latency_ms"
        case describesImages = "describes_images"
        case imageFailure = "image_failure"
        case imageLatency = "image_latency_ms"
    }
}

/// What requests have cost.
public struct UsageReport: Encodable, Sendable {
    /// Requests that were answered.
    public var requests: Int
    /// Tokens sent.
    public var inputTokens: Int
    /// Tokens received.
    public var outputTokens: Int
    /// US dollars.
    public var usd: Double

    init(_ usage: ProviderUsage) {
        requests = usage.requests
        inputTokens = usage.inputTokens
        outputTokens = usage.outputTokens
        usd = Double(usage.microdollars) / 1_000_000
    }

    private enum CodingKeys: String, CodingKey {
        case requests, usd
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
    }
}

/// `provider test`: whether a provider can be used, before a library is given to it.
public enum ProviderCheck {
    /// Asks a provider for a word, then for the description of a grey square.
    ///
    /// Nothing of a site is sent. The key is in the requests' headers and nowhere else.
    ///
    /// - Throws: `invalid-argument` for an unknown provider or unusable options; `key-missing`,
    ///   `key-file-unsafe`, `key-rejected`, `unknown-model`, `quota-exhausted`, `network-failed` and
    ///   what else a provider answers to a sentence. A provider that fails only on the picture is
    ///   reported.
    public static func run(_ options: ProviderOptions) throws(MonikerError) -> ProviderReport {
        let environment = ProcessInfo.processInfo.environment
        let name = options.provider ?? environment["MONIKER_PROVIDER"] ?? "offline"
        if name == "offline" { return offline }
        guard let choice = ProviderChoice(rawValue: name) else {
            let names = ["offline"] + ProviderChoice.allCases.map(\.rawValue)
            throw MonikerError(
                .invalidArgument,
                "there is no provider \"\(name)\": use \(names.joined(separator: ", "))",
                details: ["provider": name])
        }
        var settings = ProviderSettings(
            choice, baseURL: options.baseURL, model: options.model,
            key: try options.key(for: choice, environment))
        settings.isConfined = options.isConfined
        // Somebody waits for the answer.
        settings.timeout = .seconds(60)
        settings.policy.attempts = 2
        return try Blocking.run { [settings] () async throws(MonikerError) in
            try await check(settings)
        }
    }

    private static func check(
        _ settings: ProviderSettings
    ) async throws(MonikerError) -> ProviderReport {
        let client = try HTTPClient()
        let start = ContinuousClock.now
        let tested = try await ProviderTest(settings, client: client).run()
        let latency = milliseconds(since: start)
        var report = ProviderReport(
            provider: tested.provider, server: tested.server, model: tested.model,
            answeredBy: tested.answeredBy, models: tested.models, latency: latency,
            usage: UsageReport(tested.usage), message: tested.sentence)
        let describer = try settings.describer(client: client)
        let request = DescriptionRequest(
            id: "test", jpeg: TestPicture.jpeg,
            context: ImageContext(
                fileName: "test.jpg", language: "en", width: TestPicture.side,
                height: TestPicture.side),
            fields: [.alt], mode: .balanced)
        let imageStart = ContinuousClock.now
        do throws(MonikerError) {
            let answer = try await describer.describe(request)
            report.describesImages = true
            report.usage = UsageReport(tested.usage + answer.usage)
        } catch {
            report.describesImages = false
            report.imageFailure = error.code.rawValue
            report.message +=
                " But a picture could not be described: \(error.message)."
        }
        report.imageLatency = milliseconds(since: imageStart)
        return report
    }

    private static func milliseconds(since start: ContinuousClock.Instant) -> Int {
        Int((ContinuousClock.now - start) / .milliseconds(1))
    }

    private static var offline: ProviderReport {
        ProviderReport(
            provider: "offline", model: "offline", answeredBy: "offline", models: [],
            usage: UsageReport(ProviderUsage()),
            message:
                "The offline describer needs no key and no network; name another with --provider anthropic, openai or gemini."
        )
    }
}
