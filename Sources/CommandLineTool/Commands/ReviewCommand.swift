import ArgumentParser
import Model
import UseCases

/// `moniker review`.
struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at texts that the quality gate held back: list, approve, edit, reject.",
        subcommands: [
            ReviewListCommand.self, ReviewApproveCommand.self, ReviewEditCommand.self,
            ReviewRejectCommand.self,
        ])
}

/// `moniker review list`.
struct ReviewListCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what waits for a person, with the reason.")

    @OptionGroup var list: ReviewLimitOptionGroup
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        var lines = ReviewLines(isJSON: global.json)
        lines.begin()
        try session.reviewList(limit: list.limit) { lines.add($0) }
        lines.end()
    }
}

/// The options of the commands that write what was reviewed.
struct ReviewWriting: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long old names go on working: a duration such as 24h or 7d, none, or forever.",
            valueName: "duration"))
    var keepOld = "24h"
    @Flag(help: UpdateContent.help) var updateContent = false
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
}

/// What the commands that write text alternatives say of `--update-content`.
enum UpdateContent {
    /// The help.
    static let help: ArgumentHelp =
        "Write alt texts into posts, too, where the image has none or that of the library before; those that people wrote for a post stay."
}

/// `moniker review approve`.
struct ReviewApproveCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Write the texts that were proposed.",
        discussion: """
            One journal entry for all. Texts that would harm a page (markup, links, hidden \
            characters) are never written; edit them instead.

            EXAMPLES
              moniker review approve 42 43
              moniker review approve --all
            """)

    @OptionGroup var choice: ReviewChoiceOptionGroup
    @OptionGroup var writing: ReviewWriting
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        try finish(
            try session.approve(
                choice.attachments.map(\.id), keepOld: try KeepOld(parsing: writing.keepOld),
                isDryRun: writing.dryRun, updatesContents: writing.updateContent))
    }
}

/// `moniker review edit`.
struct ReviewEditCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Write other texts than were proposed.",
        discussion: """
            The quality gate judges them again; --force overrules it, but for what would harm a page. \
            An empty --alt says that the image is decoration.

            EXAMPLES
              moniker review edit 42 --alt "A red bicycle beside a brick wall"
              moniker review edit 42 --alt ""
            """)

    @OptionGroup var edit: ReviewEditOptionGroup
    @OptionGroup var writing: ReviewWriting
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        try finish(
            try session.editReview(
                edit.attachment.id, texts: edit.texts, isForced: edit.force,
                keepOld: try KeepOld(parsing: writing.keepOld), isDryRun: writing.dryRun,
                updatesContents: writing.updateContent))
    }
}

/// `moniker review reject`.
struct ReviewRejectCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Take images off the list, and write nothing.",
        discussion: """
            The same answers are not proposed for them again; `moniker generate --again` asks anew.
            """)

    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument]
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        try session.rejectReviews(attachments.map(\.id))
        ReviewLines.showRejected(attachments.map(\.id), global)
    }
}
