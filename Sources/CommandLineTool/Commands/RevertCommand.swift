import ArgumentParser
import Model
import UseCases

/// `moniker revert`.
struct RevertCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert",
        abstract: "Take a change set back, byte for byte.",
        discussion: """
            Files get their old names back and every cell its old bytes. Where somebody edited a
            text since, only the file names in it are put back and the edit stays. A revert is a
            change set itself, so it can be reverted.

            EXAMPLES
              moniker journal                          lists the ids
              moniker revert J0DQ8Z7XK3M5TA
              moniker revert J0DQ8Z7XK3M5TA --only 42 --only 43
              moniker revert J0DQ8Z7XK3M5TA --dry-run
            """)

    @Argument(help: "The journal id.") var journal: JournalArgument
    @Option(help: ArgumentHelp("Only this attachment. Repeatable.", valueName: "id"))
    var only: [AttachmentArgument] = []
    @Option(
        help: ArgumentHelp(
            "How long the names that are taken back go on working.", valueName: "duration"))
    var keepOld: String = "none"
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    var stopsBetweenSteps: Bool { true }

    func run(in session: Session) throws {
        try finish(
            try session.revert(
                try journal.id(), only: only.isEmpty ? nil : Set(only.map(\.id)),
                keepOld: try KeepOld(parsing: keepOld), isDryRun: dryRun))
    }
}
