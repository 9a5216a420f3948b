/// A wire format, and the company that it comes from.
public enum ProviderChoice: String, CaseIterable, Codable, Hashable, Sendable {
    /// Anthropic Messages.
    case anthropic
    /// OpenAI chat completions; also Ollama, llama.cpp, vLLM and other compatible servers.
    case openai
    /// Gemini generateContent.
    case gemini

    /// The environment variable of its key.
    public var keyVariable: String {
        switch self {
        case .anthropic: "ANTHROPIC_API_KEY"
        case .openai: "OPENAI_API_KEY"
        case .gemini: "GEMINI_API_KEY"
        }
    }

    /// The model that is used where none is named: a small one that sees images.
    public var defaultModel: String {
        switch self {
        case .anthropic: "claude-sonnet-4-6"
        case .openai: "gpt-4o-mini"
        case .gemini: "gemini-2.5-flash"
        }
    }

    /// The name of the company's own server.
    public var serverName: String { String(ownServer.dropFirst("https://".count)) }

    /// The company's own server.
    var ownServer: String {
        switch self {
        case .anthropic: "https://api.anthropic.com"
        case .openai: "https://api.openai.com"
        case .gemini: "https://generativelanguage.googleapis.com"
        }
    }

    /// The path of the API's version, which a base URL without a path is completed by.
    var versionPath: String {
        switch self {
        case .anthropic, .openai: "/v1"
        case .gemini: "/v1beta"
        }
    }
}
