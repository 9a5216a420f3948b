import Access
import HTTPTypes
import Inventory
import Model
import UseCases

/// Settings: looking at them, changing them, and trying the provider that they name.
struct SettingsRoutes: Sendable {
    let site: Site
    let settings: SettingsDesk
    let audit: Audit
    /// A test waits for the provider.
    let tester: Worker

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/settings", .scope(.read), show),
            Endpoint(.put, "/v1/settings", .scope(.admin), isRepeatable: true, change),
            Endpoint(
                .post, "/v1/settings/provider/test", .scope(.admin), isRepeatable: true, test),
            Endpoint(.get, "/v1/data-flows", .scope(.read), flows),
        ]
    }

    /// The settings with what follows from them.
    struct Report: Encodable {
        /// Who describes, by settings and command line together.
        struct Effective: Encodable {
            var provider: String
            var server: String?
            var model: String?
            var keyIsSet: Bool
            var keySource: String?

            private enum CodingKeys: String, CodingKey {
                case provider, server, model
                case keyIsSet = "key_is_set"
                case keySource = "key_source"
            }

            init(_ standing: ProviderStanding) {
                provider = standing.provider
                server = standing.server
                model = standing.model
                keyIsSet = standing.keySource != nil
                keySource = standing.keySource
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(provider, forKey: .provider)
                try container.encode(server, forKey: .server)
                try container.encode(model, forKey: .model)
                try container.encode(keyIsSet, forKey: .keyIsSet)
                try container.encode(keySource, forKey: .keySource)
            }
        }

        /// What was paid for, in US dollars.
        struct Spent: Encodable {
            var day: Double
            var month: Double

            private enum CodingKeys: String, CodingKey {
                case day = "day_usd"
                case month = "month_usd"
            }
        }

        var settings: ServiceSettings
        var effective: Effective
        var spent: Spent

        private enum CodingKeys: String, CodingKey {
            case fields, mode, language, context, skip, provider, model, budget, effective, spent
            case changed
            case baseURL = "base_url"
            case dailyBudget = "daily_budget"
            case monthlyBudget = "monthly_budget"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(settings.fields, forKey: .fields)
            try container.encode(settings.mode, forKey: .mode)
            try container.encode(settings.language, forKey: .language)
            try container.encode(settings.context, forKey: .context)
            try container.encode(settings.skip, forKey: .skip)
            try container.encode(settings.provider, forKey: .provider)
            try container.encode(settings.baseURL, forKey: .baseURL)
            try container.encode(settings.model, forKey: .model)
            try container.encode(settings.budget, forKey: .budget)
            try container.encode(settings.dailyBudget, forKey: .dailyBudget)
            try container.encode(settings.monthlyBudget, forKey: .monthlyBudget)
            try container.encode(effective, forKey: .effective)
            try container.encode(spent, forKey: .spent)
            try container.encode(settings.changed, forKey: .changed)
        }
    }

    /// The settings with what follows from them.
    ///
    /// - Throws: what opening the site throws.
    func report() async throws(MonikerError) -> Report {
        let current = settings.current
        let spent = try await site.read { session throws(MonikerError) in
            try session.spending()
        }
        return Report(
            settings: current,
            effective: .init(try current.provider(settings.command).standing()),
            spent: .init(day: spent.day, month: spent.month))
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        return .json(try await report())
    }

    private struct SettingsFields: RequestFields {
        var settings = ServiceSettings()

        static var names: Set<String> {
            Set(ServiceSettings.CodingKeys.allCases.map(\.rawValue))
        }
        /// Null is what settings are where nobody has chosen.
        static var nullable: Set<String> { names }
        init() {}
        init(from decoder: any Decoder) throws { settings = try ServiceSettings(from: decoder) }
    }

    @Sendable private func change(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        guard !request.body.isEmpty else {
            throw MonikerError(
                .invalidArgument,
                "the body needs the settings as JSON: {} makes all of them as usual")
        }
        let wanted = try request.fields(SettingsFields.self).settings
        let settings = settings
        try await audit.note(request, "settings", target: "") { () throws(MonikerError) in
            _ = try settings.save(wanted)
        }
        return .json(try await report())
    }

    private struct NoFields: RequestFields {
        static let names: Set<String> = []
        init() {}
    }

    /// The most tests that may wait: each may take two minutes.
    private static let mostTests = 2

    @Sendable private func test(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        _ = try request.fields(NoFields.self)
        guard tester.depth < Self.mostTests else {
            throw MonikerError(
                .tooManyRequests, "a test of the provider is running already: wait for it",
                details: ["retry_after": "10"])
        }
        let options = settings.current.provider(settings.command)
        let report = try await tester.run { () throws(MonikerError) in
            try ProviderCheck.run(options)
        }
        return .json(report)
    }

    @Sendable private func flows(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let standing = try settings.current.provider(settings.command).standing()
        return .json(ListPage(items: DataFlow.all(standing), next: nil))
    }
}
