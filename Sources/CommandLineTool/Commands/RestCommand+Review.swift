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

    @Option(help: ArgumentHelp("List at most so many images.", valueName: "n")) var limit: Int?
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit takes a number of images, at least 1.")
        }
    }

    func run(in session: RemoteSession) throws {
        var list = ReviewLines(isJSON: global.json)
        list.begin()
        try session.reviewList(limit: limit) { list.add($0) }
        list.end()
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

    @Argument(help: ArgumentHelp("The attachments' ids.", valueName: "id"))
    var attachments: [AttachmentArgument] = []
    @Flag(help: "All on the list.") var all = false
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard all == attachments.isEmpty else {
            throw ValidationError("Name attachment ids, or --all.")
        }
    }

    func run(in session: RemoteSession) throws {
        try finish(try session.approve(attachments.map(\.id), isDryRun: dryRun))
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

    @Argument(help: ArgumentHelp("The attachment's id.", valueName: "id"))
    var attachment: AttachmentArgument
    @Option(help: ArgumentHelp("The text alternative.", valueName: "text")) var alt: String?
    @Option(help: ArgumentHelp("The title.", valueName: "text")) var title: String?
    @Option(help: ArgumentHelp("The caption.", valueName: "text")) var caption: String?
    @Option(help: ArgumentHelp("The description.", valueName: "text")) var description: String?
    @Flag(help: "Overrule the quality gate.") var force = false
    @Flag(help: "Show what would change and change nothing.") var dryRun = false
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    private var texts: [String: String] {
        [
            "alt": alt, "title": title, "caption": caption, "description": description,
        ].compactMapValues(\.self)
    }

    func validate() throws {
        guard !texts.isEmpty else {
            throw ValidationError("Give --alt, --title, --caption or --description.")
        }
    }

    func run(in session: RemoteSession) throws {
        try finish(
            try session.editReview(
                attachment.id, texts: texts, isForced: force, isDryRun: dryRun))
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
        if global.json {
            Output.standard.line(JSONText.line(["rejected": attachments.map(\.id.rawValue)]))
        } else if !global.quiet {
            Output.standard.line("\(count(attachments.count, "image")) taken off the list.")
        }
    }
}
