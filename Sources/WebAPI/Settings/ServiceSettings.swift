import Inventory
import Model
import UseCases

/// What people choose on the page Settings: how images are described where a request or a job says
/// nothing else.
struct ServiceSettings: Codable, Hashable, Sendable {
    /// The texts that are made; nil for the usual ones.
    var fields: [String]?
    /// `balanced`, `seo` or `wcag`.
    var mode = "balanced"
    /// `auto`, or the language of all texts.
    var language = "auto"
    /// What the owner says of the whole site; empty for what the command line says.
    var context = ""
    /// Which images are left out.
    var skip = SkipRules()
    /// Who describes; nil for whom the command line names.
    var provider: String?
    /// Another server with the provider's API.
    var baseURL: String?
    /// The model; nil for the provider's default.
    var model: String?
    /// The most that a job may spend, in US dollars.
    var budget: String?
    /// The most that all jobs may spend in a day.
    var dailyBudget: String?
    /// The most that all jobs may spend in a month.
    var monthlyBudget: String?
    /// When they were saved, in seconds since 1970; nil for never.
    var changed: Int64?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case fields, mode, language, context, skip, provider, model, budget
        case baseURL = "base_url"
        case dailyBudget = "daily_budget"
        case monthlyBudget = "monthly_budget"
    }

    /// The usual settings.
    init() {}

    /// Reads settings; what is absent or null is as usual.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? {
            try container.decodeIfPresent(String.self, forKey: key)
        }
        fields = try container.decodeIfPresent([String].self, forKey: .fields)
        mode = try text(.mode) ?? mode
        language = try text(.language) ?? language
        context = try text(.context) ?? context
        skip =
            try container.decodeIfPresent(StrictFields<SkipFields>.self, forKey: .skip)?
            .fields.rules ?? skip
        provider = try text(.provider)
        baseURL = try text(.baseURL)
        model = try text(.model)
        budget = try text(.budget)
        dailyBudget = try text(.dailyBudget)
        monthlyBudget = try text(.monthlyBudget)
    }

    /// Skip rules of which every key is known.
    private struct SkipFields: RequestFields {
        var rules = SkipRules()
        static let names: Set<String> = [
            "skip_svg", "minimum_width", "minimum_height", "icon_words", "types",
            "skip_decorative", "skip_unused", "honour_opt_out",
        ]
        init() {}
        init(from decoder: any Decoder) throws { rules = try SkipRules(from: decoder) }
    }

    /// Makes sure that the settings can be used.
    ///
    /// - Parameter command: what the command line of the service says.
    /// - Throws: `invalid-argument`, naming what is wrong.
    func check(with command: ServiceOptions) throws(MonikerError) {
        for (name, text, most) in [
            ("context", context, 2000), ("mode", mode, 20), ("language", language, 35),
            ("provider", provider ?? "", 20), ("base_url", baseURL ?? "", 500),
            ("model", model ?? "", 200), ("budget", budget ?? "", 20),
            ("daily_budget", dailyBudget ?? "", 20), ("monthly_budget", monthlyBudget ?? "", 20),
        ] {
            guard text.unicodeScalars.count <= most else {
                throw Self.invalid(name, "takes at most \(most) characters")
            }
            guard
                !text.unicodeScalars.contains(where: {
                    $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
                })
            else { throw Self.invalid(name, "holds control characters") }
        }
        guard fields.map({ !$0.isEmpty && $0.count <= 4 }) ?? true else {
            throw Self.invalid("fields", "names one to four texts; leave it out for the usual ones")
        }
        guard (0...100_000).contains(skip.minimumWidth), (0...100_000).contains(skip.minimumHeight)
        else {
            throw Self.invalid(
                "skip", "has a least width or height that is no number from 0 to 100000")
        }
        for (name, words) in [("icon_words", skip.iconWords), ("types", skip.types)] {
            guard words.count <= 200, words.allSatisfy({ (1...100).contains($0.utf8.count) }) else {
                throw Self.invalid("skip.\(name)", "takes at most 200 words of 100 bytes")
            }
        }
        var options = GenerateOptions()
        apply(to: &options, command)
        try options.check()
    }

    private static func invalid(_ field: String, _ what: String) -> MonikerError {
        MonikerError(
            .invalidArgument, "the setting \(field) \(what)", details: ["field": field])
    }

    // MARK: What they mean

    /// Who describes, by the settings and the command line together.
    ///
    /// A key goes to the provider's own server, and to the server that the command line names with
    /// it. A server that was named here gets none, and has to be on this machine or public: whoever
    /// may change settings must be able neither to have keys sent somewhere nor to look around in the
    /// network of the service.
    func provider(_ command: ServiceOptions) -> ProviderOptions {
        let isSame = provider == nil || provider == command.provider.effectiveName
        var chosen = isSame ? command.provider : ProviderOptions(provider: provider)
        if let model { chosen.model = model }
        if let baseURL, baseURL != chosen.baseURL {
            chosen.baseURL = baseURL
            chosen.keyFile = nil
            chosen.isConfined = true
        }
        return chosen
    }

    /// What the owner says of the site, here or else on the command line.
    func website(_ command: ServiceOptions) -> String {
        context.isEmpty ? command.website : context
    }

    /// Completes what a request asks for.
    func apply(to options: inout GenerateOptions, _ command: ServiceOptions) {
        if options.fields.isEmpty { options.fields = fields ?? [] }
        options.mode = mode
        options.language = language
        options.website = website(command)
        options.rules = Array(JSONText.line(skip).utf8)
        options.provider = provider(command)
        options.budget = budget
        options.dailyBudget = dailyBudget
        options.monthlyBudget = monthlyBudget
    }
}
