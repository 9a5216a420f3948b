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

    @OptionGroup var images: ImageChoiceOptionGroup
    @Flag(help: "Only images that are used somewhere.") var used = false
    @OptionGroup var texts: TextChoiceOptionGroup
    @Flag(help: "Give files names that say what they show.") var rename = false
    @Flag(help: UpdateContent.help) var updateContent = false
    @OptionGroup var generation: GenerationOptionGroup
    @Option(
        help: ArgumentHelp(
            "How long old names go on working: a duration such as 24h or 7d, none, or forever.",
            valueName: "duration"))
    var keepOld = "24h"
    @OptionGroup var sample: SampleOptionGroup
    @Option(
        help: ArgumentHelp(
            "Tell this URL when the job has ended (default: $MONIKER_WEBHOOK; signed with $MONIKER_WEBHOOK_SECRET).",
            valueName: "url"))
    var webhook: String?
    @Flag(help: "Write nothing, and ask no provider that costs something.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    private func options() throws(MonikerError) -> GenerateOptions {
        var options = GenerateOptions()
        images.fill(&options)
        texts.fill(&options)
        try generation.fill(&options)
        sample.fill(&options)
        options.onlyUsed = used
        options.renames = rename
        options.updatesContents = updateContent
        options.keepOld = try KeepOld(parsing: keepOld)
        options.webhook = webhook
        options.isDryRun = dryRun
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
