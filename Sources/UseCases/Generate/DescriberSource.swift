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
    /// - Parameter spent: what an unfinished job with the same options has spent, by provider and
    ///   model.
    /// - Throws: `invalid-argument` for an unknown provider, a budget that is none, or batches that a
    ///   provider does not have; `key-missing` and what else settings throw.
    init(
        _ options: GenerateOptions,
        spent: (_ provider: String, _ model: String) throws(MonikerError) -> Int
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
        let key =
            if let file = options.provider.keyFile { try APIKey.from(file: file) } else {
                try APIKey.from(environment: environment, for: choice)
            }
        var settings = ProviderSettings(
            choice, baseURL: options.provider.baseURL, model: options.provider.model, key: key)
        concurrency = options.concurrency ?? settings.concurrency
        settings.concurrency = concurrency
        if let prices = options.prices { settings.prices = try PriceTable(json: prices) }
        if let budget = options.budget {
            guard let amount = Budget.microdollars(budget) else {
                throw MonikerError(
                    .invalidArgument,
                    "\"\(budget)\" is no amount of US dollars for --budget: write it as 2.50"
                )
            }
            settings.budgetMicrodollars = amount
        }
        settings.spentMicrodollars = try spent(
            choice.rawValue, options.provider.model ?? choice.defaultModel)
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
