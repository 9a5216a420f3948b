import Foundation
import Generation
import HTTPClient
public import Model
import Providers

extension GenerateOptions {
    /// Makes sure that the options are ones, before anything is done with them.
    ///
    /// Whether the provider has a key, and takes it, is not looked at.
    ///
    /// - Throws: `invalid-argument` for a field, a mode, a language, rules, a provider, a base URL, a
    ///   model or a budget that is none.
    public func check() throws(MonikerError) {
        _ = try generation(isOffline: false)
        for (text, name) in [
            (budget, "a job"), (dailyBudget, "a day"), (monthlyBudget, "a month"),
        ] {
            _ = try SpendingLimit.amount(text, "the budget of \(name)")
        }
        guard let choice = try provider.choice() else { return }
        var settings = ProviderSettings(
            choice, baseURL: provider.baseURL, model: provider.model)
        settings.isConfined = provider.isConfined
        try settings.check(client: try HTTPClient())
    }
}

extension ProviderOptions {
    /// The provider; nil for the offline describer.
    ///
    /// - Throws: `invalid-argument` for a provider that there is not.
    func choice() throws(MonikerError) -> ProviderChoice? {
        let name = effectiveName
        guard name != "offline" else { return nil }
        guard let choice = ProviderChoice(rawValue: name) else {
            let names = ["offline"] + ProviderChoice.allCases.map(\.rawValue)
            throw MonikerError(
                .invalidArgument,
                "there is no provider \"\(displayText(name.utf8))\": use \(names.joined(separator: ", "))",
                details: ["field": "provider"])
        }
        return choice
    }

    /// The provider that is meant: the one that is named, that of the environment, or `offline`.
    public var effectiveName: String {
        provider ?? ProcessInfo.processInfo.environment["MONIKER_PROVIDER"] ?? "offline"
    }

    /// Who would be asked, and with which key.
    ///
    /// - Throws: `invalid-argument` for a provider that there is not.
    public func standing() throws(MonikerError) -> ProviderStanding {
        guard let choice = try choice() else {
            return ProviderStanding(
                provider: "offline", server: nil, model: nil, isOwnServer: false, keySource: nil)
        }
        let environment = ProcessInfo.processInfo.environment
        let source: String? =
            if isConfined, baseURL != nil { nil } else if keyFile != nil {
                "the key file that the service was started with"
            } else if environment[choice.keyVariable].map({ !$0.isEmpty }) ?? false {
                "the environment variable \(choice.keyVariable) of the service"
            } else { nil }
        return ProviderStanding(
            provider: choice.rawValue, server: baseURL ?? choice.serverName,
            model: model ?? choice.defaultModel, isOwnServer: baseURL == nil, keySource: source)
    }
}

/// Who would be asked about images, and with which key.
public struct ProviderStanding: Hashable, Sendable {
    /// `offline`, `anthropic`, `openai` or `gemini`.
    public var provider: String
    /// The server; nil for the offline describer.
    public var server: String?
    /// The model; nil for the offline describer.
    public var model: String?
    /// Whether it is the provider's own server.
    public var isOwnServer: Bool
    /// Where the key comes from, in words; nil where there is none.
    public var keySource: String?
}

extension Session {
    /// What all runs of this home have paid for since the beginning of this day and of this month, of
    /// UTC, in US dollars.
    ///
    /// - Throws: `generation-unusable`.
    public func spending() throws(MonikerError) -> (day: Double, month: Double) {
        let store = try GenerationStore(home: String(decoding: homeFolder, as: UTF8.self))
        let now = Int64(Date.now.timeIntervalSince1970)
        return (
            Double(try store.paid(since: SpendingLimit.Period.day.start(now))) / 1_000_000,
            Double(try store.paid(since: SpendingLimit.Period.month.start(now))) / 1_000_000
        )
    }
}
