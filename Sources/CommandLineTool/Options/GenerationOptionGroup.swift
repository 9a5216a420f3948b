import ArgumentParser
import Model
import UseCases

/// The options that say how texts are made, by whom, and for how much.
struct GenerationOptionGroup: ParsableArguments {
    @Option(help: "What texts are to be best at: balanced, seo or wcag.") var mode = "balanced"
    @Option(help: ArgumentHelp("auto, or the language of all texts.", valueName: "tag"))
    var language = "auto"
    @Option(
        help: ArgumentHelp("What the whole site is about, for every image.", valueName: "text"))
    var context = ""
    @Option(
        help: ArgumentHelp("Skip rules as JSON (docs/inventory.md).", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var rules: String?
    @OptionGroup var provider: ProviderOptionGroup
    @Option(help: ArgumentHelp("How many images are worked on at once.", valueName: "n"))
    var concurrency: Int?
    @Option(help: ArgumentHelp("Spend no more than this many US dollars.", valueName: "usd"))
    var budget: String?
    @Option(
        help: ArgumentHelp("Prices as JSON (docs/providers.md).", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var prices: String?
    @Flag(help: "Ask in batches, for half the price; a later run collects the answers.")
    var batch = false
    @Flag(help: "With --batch, wait for the answers.") var wait = false
    @Flag(help: "Ask again, for money, about images that were answered already.") var again = false

    func validate() throws {
        try AtLeastOne.check(concurrency, "--concurrency")
        guard concurrency.map({ $0 <= 256 }) ?? true else {
            throw ValidationError("--concurrency takes at most 256.")
        }
        guard batch || !wait else { throw ValidationError("--wait goes with --batch.") }
    }

    /// Reads the files that the options name.
    func fill(_ options: inout GenerateOptions) throws(MonikerError) {
        options.mode = mode
        options.language = language
        options.website = context
        if let rules { options.rules = try InputFile.contents(of: rules) }
        options.provider = provider.options
        if let prices { options.prices = try InputFile.contents(of: prices) }
        options.concurrency = concurrency
        options.budget = budget
        options.usesBatches = batch
        options.waitsForBatches = wait
        options.asksAgain = again
    }
}
