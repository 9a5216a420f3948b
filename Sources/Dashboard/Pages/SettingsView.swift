/// How images are described, who may use the service, and where data goes.
public struct SettingsView: PageContent {
    /// The template that shows it.
    public static let template = "settings"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .settings
    /// The scripts that it begins with.
    public static let scripts = ["settings.js"]

    /// A choice among several.
    public struct Choice: Sendable {
        let value: String
        let name: String
        let explanation: String
        let isChosen: Bool

        init(_ value: String, _ name: String, _ explanation: String = "", isChosen: Bool) {
            self.value = value
            self.name = name
            self.explanation = explanation
            self.isChosen = isChosen
        }
    }

    /// A token as the list shows it.
    public struct Token: Sendable {
        let id: String
        let name: String
        let scope: String
        let state: String
        let isActive: Bool
        let created: PageTime
        let expires: PageTime?

        /// Creates a token.
        public init(
            id: String, name: String, scope: String, state: String, created: Int64, expires: Int64?
        ) {
            self.id = id
            self.name = name
            self.scope = scope
            self.state = state
            isActive = state == "active"
            self.created = PageTime(created)
            self.expires = expires.map(PageTime.init)
        }
    }

    /// What the page is made from.
    public struct Values: Sendable {
        /// The texts that are made; nil for the usual ones.
        public var fields: [String]?
        /// How texts are written.
        public var mode = "balanced"
        /// `auto`, or the language of all texts.
        public var language = "auto"
        /// What the owner says of the site.
        public var context = ""
        /// What the command line says of the site.
        public var commandContext = ""
        /// Whether vector graphics are left out.
        public var skipsSVG = true
        /// Whether decoration is left out.
        public var skipsDecorative = true
        /// Whether unused images are left out.
        public var skipsUnused = false
        /// Whether the opt-out in a file counts.
        public var honoursOptOut = true
        /// The least width in pixels.
        public var minimumWidth = 0
        /// The least height in pixels.
        public var minimumHeight = 0
        /// Words in the names of icons.
        public var iconWords: [String] = []
        /// The types that are described.
        public var types: [String] = []
        /// Who describes; nil for whom the command line names.
        public var provider: String?
        /// Whom the command line names.
        public var commandProvider = "offline"
        /// Another server; empty for none.
        public var baseURL = ""
        /// The model; empty for the usual one.
        public var model = ""
        /// The budget of a job; empty for none.
        public var budget = ""
        /// The budget of a day; empty for none.
        public var dailyBudget = ""
        /// The budget of a month; empty for none.
        public var monthlyBudget = ""
        /// Who describes, after all.
        public var effectiveProvider = "offline"
        /// At which server.
        public var effectiveServer: String?
        /// With which model.
        public var effectiveModel: String?
        /// Where the key comes from, in words; nil where there is none.
        public var keySource: String?
        /// What was paid today.
        public var spentDay = ""
        /// What was paid this month.
        public var spentMonth = ""
        /// When the settings were saved, in seconds since 1970.
        public var changed: Int64?
        /// The tokens, oldest first.
        public var tokens: [Token] = []

        /// Creates values of nothing.
        public init() {}
    }

    /// The heading.
    public let title = "Settings"
    let values: Shown

    /// The values as the template sees them.
    struct Shown: Sendable {
        let fields: [Choice]
        let fieldsAreUsual: Bool
        let modes: [Choice]
        let language: String
        let isAutomatic: Bool
        let context: String
        let commandContext: String
        let hasCommandContext: Bool
        let skipsSVG: Bool
        let skipsDecorative: Bool
        let skipsUnused: Bool
        let honoursOptOut: Bool
        let minimumWidth: Int
        let minimumHeight: Int
        let iconWords: String
        let types: String
        let providers: [Choice]
        let baseURL: String
        let model: String
        let budget: String
        let dailyBudget: String
        let monthlyBudget: String
        let effectiveProvider: String
        let effectiveServer: String?
        let effectiveModel: String?
        let isOffline: Bool
        let keyIsSet: Bool
        let keySource: String
        let spentDay: String
        let spentMonth: String
        let changed: PageTime?
        let tokens: [Token]
    }

    /// Creates the page.
    public init(_ values: Values) {
        let modes = [
            ("balanced", "Balanced", "natural and accurate"),
            ("seo", "SEO", "with keywords where the page gives them"),
            ("wcag", "WCAG", "accessibility first: what the image is for, decoration left empty"),
        ]
        let providers = [
            (
                "", "As started (\(values.commandProvider))",
                "what the command line of the service names"
            ),
            ("offline", "Offline", "no network, no key: made from what the site and the file know"),
            ("anthropic", "Anthropic", "api.anthropic.com"),
            ("openai", "OpenAI", "api.openai.com, or a server with the same API"),
            ("gemini", "Google Gemini", "generativelanguage.googleapis.com"),
        ]
        self.values = Shown(
            fields: FieldName.all.map {
                Choice(
                    $0, FieldName.label($0),
                    isChosen: values.fields?.contains($0) ?? false)
            },
            fieldsAreUsual: values.fields == nil,
            modes: modes.map { Choice($0.0, $0.1, $0.2, isChosen: $0.0 == values.mode) },
            language: values.language == "auto" ? "" : values.language,
            isAutomatic: values.language == "auto", context: values.context,
            commandContext: values.commandContext,
            hasCommandContext: !values.commandContext.isEmpty, skipsSVG: values.skipsSVG,
            skipsDecorative: values.skipsDecorative, skipsUnused: values.skipsUnused,
            honoursOptOut: values.honoursOptOut, minimumWidth: values.minimumWidth,
            minimumHeight: values.minimumHeight,
            iconWords: values.iconWords.joined(separator: ", "),
            types: values.types.joined(separator: ", "),
            providers: providers.map {
                Choice($0.0, $0.1, $0.2, isChosen: $0.0 == (values.provider ?? ""))
            }, baseURL: values.baseURL, model: values.model, budget: values.budget,
            dailyBudget: values.dailyBudget, monthlyBudget: values.monthlyBudget,
            effectiveProvider: values.effectiveProvider,
            effectiveServer: values.effectiveServer, effectiveModel: values.effectiveModel,
            isOffline: values.effectiveProvider == "offline", keyIsSet: values.keySource != nil,
            keySource: values.keySource ?? "", spentDay: values.spentDay,
            spentMonth: values.spentMonth, changed: values.changed.map(PageTime.init),
            tokens: values.tokens)
    }
}

/// Which outside services get which data when.
public struct DataFlowsView: PageContent {
    /// The template that shows it.
    public static let template = "dataflows"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .settings
    /// The scripts that it begins with.
    public static let scripts: [String] = []

    /// A service.
    public struct Flow: Sendable {
        let service: String
        let server: String
        let purpose: String
        let data: [String]
        let when: String
        let isActive: Bool
        let terms: String?
        let privacy: String?

        /// Creates a service.
        public init(
            service: String, server: String, purpose: String, data: [String], when: String,
            isActive: Bool, terms: String?, privacy: String?
        ) {
            self.service = service
            self.server = server
            self.purpose = purpose
            self.data = data
            self.when = when
            self.isActive = isActive
            self.terms = terms
            self.privacy = privacy
        }
    }

    /// The heading.
    public let title = "Which services get which data when"
    let flows: [Flow]

    /// Creates the page.
    public init(flows: [Flow]) { self.flows = flows }
}
