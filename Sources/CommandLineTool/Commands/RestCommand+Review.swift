import ArgumentParser
import Model
import UseCases

/// `moniker rest review`.
struct RestReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at texts that the quality gate held back: list, approve, edit, reject.",
        subcommands: [
            RestReviewListCommand.self, RestReviewApproveCommand.self,
            RestReviewEditCommand.self, RestReviewRejectCommand.self,
        ])
}

/// `moniker rest review list`.
struct RestReviewListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what waits for a person, with the reason.")

    @OptionGroup var list: ReviewLimitOptionGroup
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func run(in session: RemoteSession) throws {
        var lines = ReviewLines(isJSON: global.json)
        lines.begin()
        try session.reviewList(limit: list.limit) { lines.add($0) }
        lines.end()
    }
}

/// `moniker rest review approve`.
struct RestReviewApproveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Write the texts that were proposed.",
        discussion: """
            Texts that would harm a page (markup, links, hidden characters) are never written; edit \
            them instead.
            """)

    @OptionGroup var choice: ReviewChoiceOptionGroup
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func run(in session: RemoteSession) throws {
        try finish(try session.approve(choice.attachments.map(\.id), isDryRun: dryRun))
    }
}

/// `moniker rest review edit`.
struct RestReviewEditCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Write other texts than were proposed.",
        discussion: """
            The quality gate judges them again; --force overrules it, but for what would harm a page. \
            An empty --alt says that the image is decoration.
            """)

    @OptionGroup var edit: ReviewEditOptionGroup
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func run(in session: RemoteSession) throws {
        try finish(
            try session.editReview(
                edit.attachment.id, texts: edit.texts, isForced: edit.force, isDryRun: dryRun))
    }
}

/// `moniker rest review reject`.
struct RestReviewRejectCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Take images off the list, and write nothing.")

    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument]
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func run(in session: RemoteSession) throws {
        try session.rejectReviews(attachments.map(\.id))
        ReviewLines.showRejected(attachments.map(\.id), global)
    }
}
