import Access
import Dashboard
import Foundation
import HTTPTypes
import Inventory
import Model
import UseCases

/// Settings, and which data goes where.
struct SettingsPages: Sendable {
    private let settings: SettingsDesk
    private let routes: SettingsRoutes
    private let tokens: TokenRoutes
    private let frame: PageMaker

    init(_ environment: PageEnvironment) {
        let audit = Audit(store: environment.store, worker: environment.storeWorker)
        settings = environment.settings
        routes = SettingsRoutes(
            site: environment.site, settings: environment.settings, audit: audit,
            tester: Worker("page-provider-test"))
        tokens = TokenRoutes(
            access: environment.access, worker: Worker("page-access"), audit: audit)
        frame = environment.frame
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/settings", .page, show),
            Endpoint(.get, "/settings/data", .page, flows),
        ]
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let report = try await routes.report()
        let saved = report.settings
        var values = SettingsView.Values()
        values.fields = saved.fields
        values.mode = saved.mode
        values.language = saved.language
        values.context = saved.context
        values.commandContext = settings.command.website
        values.skipsSVG = saved.skip.skipsSVG
        values.skipsDecorative = saved.skip.skipsDecorative
        values.skipsUnused = saved.skip.skipsUnused
        values.honoursOptOut = saved.skip.honoursOptOut
        values.minimumWidth = saved.skip.minimumWidth
        values.minimumHeight = saved.skip.minimumHeight
        values.iconWords = saved.skip.iconWords.sorted()
        values.types = saved.skip.types.sorted()
        values.provider = saved.provider
        values.commandProvider = settings.command.provider.effectiveName
        values.baseURL = saved.baseURL ?? ""
        values.model = saved.model ?? ""
        values.budget = saved.budget ?? ""
        values.dailyBudget = saved.dailyBudget ?? ""
        values.monthlyBudget = saved.monthlyBudget ?? ""
        values.effectiveProvider = report.effective.provider
        values.effectiveServer = report.effective.server
        values.effectiveModel = report.effective.model
        values.keySource = report.effective.keySource
        values.spentDay = Self.money(report.spent.day)
        values.spentMonth = Self.money(report.spent.month)
        values.changed = saved.changed
        values.tokens = try await tokens.tokens().map {
            SettingsView.Token(
                id: $0.id, name: $0.name, scope: $0.scope, state: $0.state, created: $0.created,
                expires: $0.expires)
        }
        return try frame.answer(SettingsView(values), request)
    }

    private static func money(_ amount: Double) -> String { String(format: "%.2f", amount) }

    @Sendable private func flows(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let standing = try settings.current.provider(settings.command).standing()
        return try frame.answer(
            DataFlowsView(
                flows: DataFlow.all(standing).map {
                    DataFlowsView.Flow(
                        service: $0.service, server: $0.server, purpose: $0.purpose,
                        data: $0.data, when: $0.when, isActive: $0.isActive, terms: $0.terms,
                        privacy: $0.privacy)
                }), request)
    }
}
