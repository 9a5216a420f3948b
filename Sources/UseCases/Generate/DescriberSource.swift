import Foundation
import Generation
import HTTPClient
import Model
import Providers

/// The describer that options name, with what is known of it beside its answers.
struct DescriberSource: Sendable {
    /// Who describes.
    let describing: Describing
    /// The describer behind it, which knows prices; nil for the offline one.
    let remote: RemoteDescriber?
    /// Batches; nil where nobody asked for them.
    let batches: (any BatchDescriber)?
    /// How many images are worked on at once.
    let concurrency: Int

    /// The provider that options name: theirs, that of the environment, or the offline one.
    static func provider(_ options: GenerateOptions) -> String {
        options.provider.provider ?? ProcessInfo.processInfo.environment["MONIKER_PROVIDER"]
            ?? "offline"
    }

    /// Chooses the describer.
    ///
    /// - Parameters:
    ///   - spent: what an unfinished job with the same options has spent, by provider and model.
    ///   - paid: what all runs of the home have paid for since a time, in seconds since 1970.
    /// - Throws: `invalid-argument` for an unknown provider, a budget that is none, or batches that a
    ///   provider does not have; `key-missing` and what else settings throw.
    init(
        _ options: GenerateOptions,
        spent: (_ provider: String, _ model: String) throws(MonikerError) -> Int,
        paid: (_ since: Int64) throws(MonikerError) -> Int
    ) throws(MonikerError) {
        let environment = ProcessInfo.processInfo.environment
        let name = Self.provider(options)
        let processors = ProcessInfo.processInfo.activeProcessorCount
        guard name != "offline" else {
            describing = .offline
            (remote, batches) = (nil, nil)
            concurrency = options.concurrency ?? processors
            return
        }
        guard let choice = ProviderChoice(rawValue: name) else {
            let names = ["offline"] + ProviderChoice.allCases.map(\.rawValue)
            throw MonikerError(
                .invalidArgument,
                "there is no provider \"\(name)\": use \(names.joined(separator: ", "))",
                details: ["provider": name])
        }
        var settings = ProviderSettings(
            choice, baseURL: options.provider.baseURL, model: options.provider.model,
            key: try options.provider.key(for: choice, environment))
        settings.isConfined = options.provider.isConfined
        concurrency = options.concurrency ?? settings.concurrency
        settings.concurrency = concurrency
        if let prices = options.prices { settings.prices = try PriceTable(json: prices) }
        settings.spentMicrodollars = try spent(
            choice.rawValue, options.provider.model ?? choice.defaultModel)
        settings.budgetMicrodollars = try SpendingLimit(options).microdollars(
            spentByJob: settings.spentMicrodollars, paid: paid)
        let client = try HTTPClient()
        let remote = try settings.describer(client: client)
        self.remote = remote
        describing = .model(remote)
        guard options.usesBatches else {
            batches = nil
            return
        }
        guard let batches = try settings.batches(client: client) else {
            throw MonikerError(
                .invalidArgument, "\(name) has no batches that moniker speaks; leave out --batch")
        }
        self.batches = batches
    }
}
