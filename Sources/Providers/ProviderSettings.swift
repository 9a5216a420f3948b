public import HTTPClient
public import Model

/// What a provider is used with.
public struct ProviderSettings: Sendable {
    /// Which API.
    public var provider: ProviderChoice
    /// Another server that speaks it; nil for the provider's own.
    public var baseURL: String?
    /// The model; nil for the provider's default.
    public var model: String?
    /// The key; nil for a server that needs none.
    public var key: APIKey?
    /// How many requests run at once.
    public var concurrency = 8
    /// How long one request may take.
    public var timeout: Duration = .seconds(120)
    /// Prices in place of the built-in ones; nil for these.
    public var prices: PriceTable?
    /// The most that may be spent, in millionths of a US dollar; nil for no limit.
    public var budgetMicrodollars: Int?
    /// What of it is spent already, by earlier runs of the same job.
    public var spentMicrodollars = 0
    /// Whether another server has to be on this machine or have a public address and TLS, because
    /// somebody named it over the network.
    public var isConfined = false
    /// How often and how patiently requests are repeated.
    public var policy = RetryPolicy()

    /// Creates settings with the usual values.
    public init(
        _ provider: ProviderChoice, baseURL: String? = nil, model: String? = nil,
        key: APIKey? = nil
    ) {
        self.provider = provider
        self.baseURL = baseURL
        self.model = model
        self.key = key
    }

    /// The describer for these settings; one for all workers of a job.
    ///
    /// - Throws: `key-missing` where the provider's own server is used without a key;
    ///   `invalid-argument` for an unusable base URL, model or key; `unknown-price` for a budget
    ///   with a model of unknown price.
    public func describer(
        client: HTTPClient, clock: any RetryClock = SystemRetryClock()
    ) throws(MonikerError) -> RemoteDescriber {
        let endpoint = try endpoint(client: client)
        return RemoteDescriber(
            endpoint: endpoint, model: try checkedModel(), policy: policy, clock: clock,
            budget: Budget(
                limitMicrodollars: budgetMicrodollars, spentMicrodollars: spentMicrodollars),
            price: try price(endpoint))
    }

    /// The batches of these settings; nil where the provider has none that we speak.
    ///
    /// - Throws: what `describer` throws.
    public func batches(
        client: HTTPClient, clock: any RetryClock = SystemRetryClock()
    ) throws(MonikerError) -> (any BatchDescriber)? {
        let describer = try describer(client: client, clock: clock)
        switch provider {
        case .anthropic: return AnthropicBatches(describer)
        case .openai: return OpenAIBatches(describer)
        case .gemini: return nil
        }
    }

    /// Makes sure that the server and the model can be asked, whether there is a key or not.
    ///
    /// - Throws: `invalid-argument` for an unusable base URL or model.
    public func check(client: HTTPClient) throws(MonikerError) {
        _ = try checkedModel()
        var settings = self
        settings.key = APIKey("a-key-that-is-not-sent")
        _ = try settings.endpoint(client: client)
    }

    func checkedModel() throws(MonikerError) -> String {
        let name = model ?? provider.defaultModel
        // It becomes part of a path at Gemini; others take `llava:7b`, `org/name`.
        let isName =
            (1...200).contains(name.utf8.count) && !name.contains("..")
            && name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:/@+".contains($0))
            }
        guard isName, provider != .gemini || !name.contains("/") else {
            throw MonikerError(
                .invalidArgument, "the model's name holds what no model's name holds; check --model"
            )
        }
        return name
    }

    func price(_ endpoint: Endpoint) throws(MonikerError) -> ModelPrice? {
        let model = try checkedModel()
        let table = prices.map { PriceTable.known.overridden(by: $0) } ?? .known
        // What another server charges is not what the model's maker charges.
        let listed = endpoint.isOwnServer ? table[model] : prices?[model]
        let price = listed ?? (endpoint.isLoopback ? .free : nil)
        guard price != nil || budgetMicrodollars == nil else {
            throw MonikerError(
                .unknownPrice,
                "no price is known for \(model), so a budget cannot be kept; give its price in a "
                    + "file with --prices, or leave out --budget")
        }
        return price
    }

    func endpoint(client: HTTPClient) throws(MonikerError) -> Endpoint {
        let own = provider.ownServer + provider.versionPath
        let base = try baseURL.map { url throws(MonikerError) in try BaseURL(url, provider) }
        let isOwnServer = base.map { $0.text == own } ?? true
        if let base, isConfined, !isOwnServer, !base.isLoopback, !base.isEncrypted {
            throw MonikerError(
                .invalidArgument,
                "the base URL \(base.text) is neither on this machine nor https; other servers are "
                    + "named with --base-url when the service is started")
        }
        if isOwnServer, key == nil {
            throw MonikerError(
                .keyMissing,
                "\(provider.rawValue) needs a key; set \(provider.keyVariable) or give --key-file")
        }
        if let base, key != nil, !base.isEncrypted, !base.isLoopback {
            throw MonikerError(
                .invalidArgument,
                "a key is not sent to \(base.text) without encryption; use https, or unset the key "
                    + "if the server needs none")
        }
        let format: any WireFormat =
            switch provider {
            case .anthropic: AnthropicFormat()
            case .openai: OpenAIFormat(isOwnServer: isOwnServer)
            case .gemini: GeminiFormat()
            }
        return Endpoint(
            format: format, base: base?.text ?? own, isOwnServer: isOwnServer,
            isLoopback: base?.isLoopback ?? false,
            addresses: isConfined && base?.isLoopback == false ? .publicOnly : .allButLinkLocal,
            key: key, client: client, timeout: timeout)
    }
}

/// The URL of a compatible server, as far as it can be judged by its text.
private struct BaseURL {
    /// Without a slash at its end, with a path.
    let text: String
    let isEncrypted: Bool
    let isLoopback: Bool

    init(_ url: String, _ provider: ProviderChoice) throws(MonikerError) {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let scheme = parts.first?.lowercased() ?? ""
        let authority = parts.count > 2 ? parts[2].lowercased() : ""
        guard scheme == "http:" || scheme == "https:", parts.count > 2, parts[1].isEmpty,
            !authority.isEmpty, !url.contains(where: { "@?#\\ ".contains($0) }),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw MonikerError(
                .invalidArgument,
                "the base URL is no http or https URL without user name, query and fragment; use "
                    + "one such as http://127.0.0.1:11434/v1")
        }
        var path = parts.count > 3 ? "/" + parts[3] : ""
        while path.hasSuffix("/") { path.removeLast() }
        text = "\(scheme)//\(authority)\(path.isEmpty ? provider.versionPath : path)"
        isEncrypted = scheme == "https:"
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        isLoopback =
            host == "localhost" || host == "[::1]"
            || octets.count == 4 && octets.first == "127" && octets.allSatisfy { UInt8($0) != nil }
    }
}
