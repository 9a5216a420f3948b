import ArgumentParser
import Generation
import Model
import UseCases

/// `moniker rest generate`.
struct RestGenerateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Describe images: alt text, title, caption, description.",
        discussion: """
            As `moniker generate`, but over REST and without file names. Fills what is empty and \
            overwrites nothing that is there, unless --overwrite says so. Texts that the quality gate \
            holds back wait in `moniker rest review list`. Everything else is one change set that \
            `moniker rest revert` takes back.

            An empty alt text counts as missing, also where it is empty on purpose: REST does not \
            show that. Name the images where that matters.

            EXAMPLES
              moniker rest generate 42 43 --url https://example.com --user editor
              moniker rest generate --missing alt --dry-run --url https://example.com --user editor
              moniker rest generate --all --provider anthropic --budget 5.00 \\
                --url https://example.com --user editor

            Exit status: 0 done; 1 nothing changed; 3 done in part, the rest is listed.
            """)

    @OptionGroup var images: ImageChoiceOptionGroup
    @OptionGroup var texts: TextChoiceOptionGroup
    @OptionGroup var generation: GenerationOptionGroup
    @OptionGroup var sample: SampleOptionGroup
    @Flag(help: "Write nothing, and ask no provider that costs something.") var dryRun = false
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    private func options() throws(MonikerError) -> GenerateOptions {
        var options = GenerateOptions()
        images.fill(&options)
        texts.fill(&options)
        try generation.fill(&options)
        sample.fill(&options)
        options.isDryRun = dryRun
        return options
    }

    func run(in session: RemoteSession) throws {
        let lines = GenerationLines(global)
        let report = try session.generate(try options()) { lines.show($0) }
        lines.clear()
        if global.json {
            Output.standard.line(JSONText.line(report))
        } else {
            GenerateText(report, isVerbose: global.verbose, isRemote: true).write()
        }
        try end(report.change)
    }
}
