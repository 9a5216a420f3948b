import ArgumentParser
import Model
import UseCases

/// `moniker clear`.
struct ClearCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Empty alt texts, captions and descriptions, reversibly.",
        discussion: """
            One journal entry that `moniker revert` takes back. Titles stay unless --fields names \
            them. An alt text that is gone counts as missing, not as decoration.

            EXAMPLES
              moniker clear --all --ai-only               only what a model wrote and nobody changed
              moniker clear 42 43 --fields alt
              moniker clear --all --fields caption --dry-run
            """)

    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument] = []
    @Flag(help: "All images.") var all = false
    @Option(
        help: ArgumentHelp("The texts to empty, with commas.", valueName: "fields"))
    var fields = "alt,caption,description"
    @Flag(
        name: .customLong("ai-only"),
        help: "Only texts that a model wrote, as the journal knows, and nobody has changed since.")
    var aiOnly = false
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard all == attachments.isEmpty else {
            throw ValidationError("Name attachment ids, or --all.")
        }
        guard !fields.filter({ $0 != "," && $0 != " " }).isEmpty else {
            throw ValidationError("--fields names no text.")
        }
    }

    func run(in session: Session) throws {
        try finish(
            try session.clear(
                all ? nil : attachments.map(\.id),
                fields: fields.split(separator: ",").map { $0.filter { $0 != " " } },
                onlyGenerated: aiOnly, isDryRun: dryRun))
    }
}
