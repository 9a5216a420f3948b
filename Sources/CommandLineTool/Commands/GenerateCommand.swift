import ArgumentParser
import Generation
import Model
import UseCases

/// `moniker generate`.
struct GenerateCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Describe images: alt text, title, caption, description, file name.",
        discussion: """
            Fills what is empty and overwrites nothing that is there, unless --overwrite says so. \
            Texts that the quality gate holds back wait in `moniker review list`. Everything else is \
            one journal entry, names included, that `moniker revert` takes back. Answers are kept as \
            they come: after a kill the same command goes on, and no answer is paid for twice.

            EXAMPLES
              moniker generate 42
              moniker generate --missing alt --used --dry-run
              moniker generate --all --rename                     what "Generate ALL + SEO filename" does
              moniker generate --missing alt --update-content     alt texts in posts follow
              moniker generate --all --provider anthropic --budget 5.00
              moniker generate --all --provider openai --batch    half the price, within a day
              moniker generate --all --provider openai --model llava \\
                --base-url http://127.0.0.1:11434/v1

            Exit status: 0 done; 1 nothing changed; 3 done in part, the rest is listed.
            """)

    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument] = []
    @Flag(help: "All images.") var all = false
    @Option(
        help: ArgumentHelp(
            "Only images without this text: alt, title, caption or description.",
            valueName: "field"))
    var missing: String?
    @Flag(help: "Only images that are used somewhere.") var used = false
    @Option(
        help: ArgumentHelp("At most so many images; skipped ones do not count.", valueName: "n"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "The texts to make, with commas: alt,title,caption,description (default: all four, or that of --missing).",
            valueName: "fields"))
    var fields: String?
    @Flag(help: "Make texts anew that are there, also those of people.") var overwrite = false
    @Flag(help: "Give files names that say what they show.") var rename = false
    @Flag(help: UpdateContent.help) var updateContent = false
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
    @Option(
        help: ArgumentHelp("How many images are worked on at once.", valueName: "n"))
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
    @Option(
        help: ArgumentHelp(
            "How long old names go on working: a duration such as 24h or 7d, none, or forever.",
            valueName: "duration"))
    var keepOld = "24h"
    @Option(
        help: ArgumentHelp(
            "Show so many results, chosen at random, for checking by hand.",
            valueName: "n"))
    var sample: Int?
    @Option(help: ArgumentHelp("Choose the same sample again.", valueName: "number"))
    var seed: UInt64?
    @Option(
        help: ArgumentHelp(
            "Tell this URL when the job has ended (default: $MONIKER_WEBHOOK; signed with $MONIKER_WEBHOOK_SECRET).",
            valueName: "url"))
    var webhook: String?
    @Flag(help: "Write nothing, and ask no provider that costs something.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard all != !attachments.isEmpty || missing != nil && attachments.isEmpty else {
            throw ValidationError("Name attachment ids, or --all, or --missing FIELD.")
        }
        for (name, number) in [
            ("--limit", limit), ("--concurrency", concurrency), ("--sample", sample),
        ] {
            guard number.map({ (1...1_000_000).contains($0) }) ?? true else {
                throw ValidationError("\(name) takes a number, at least 1.")
            }
        }
        guard concurrency.map({ $0 <= 256 }) ?? true else {
            throw ValidationError("--concurrency takes at most 256.")
        }
        guard batch || !wait else { throw ValidationError("--wait goes with --batch.") }
    }

    private func options() throws(MonikerError) -> GenerateOptions {
        var options = GenerateOptions()
        options.attachments = attachments.map(\.id)
        options.isAll = all || attachments.isEmpty
        options.missing = missing
        options.onlyUsed = used
        options.limit = limit
        options.fields = (fields ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        options.overwrites = overwrite
        options.renames = rename
        options.updatesContents = updateContent
        options.mode = mode
        options.language = language
        options.website = context
        options.rules = try rules.map { path throws(MonikerError) in
            try InputFile.contents(of: path)
        }
        options.provider = provider.options
        options.prices = try prices.map { path throws(MonikerError) in
            try InputFile.contents(of: path)
        }
        options.concurrency = concurrency
        options.budget = budget
        options.usesBatches = batch
        options.waitsForBatches = wait
        options.asksAgain = again
        options.keepOld = try KeepOld(parsing: keepOld)
        options.isDryRun = dryRun
        options.sample = sample
        options.seed = seed
        options.webhook = webhook
        return options
    }

    func run(in session: Session) throws {
        let lines = GenerationLines(global)
        let report = try session.generate(try options()) { lines.show($0) }
        lines.clear()
        show(report) { GenerateText(report, isVerbose: global.verbose).write() }
        try end(report.change)
    }
}
