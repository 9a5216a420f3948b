import ArgumentParser
import Model
import UseCases

/// `moniker rest check`.
struct RestCheckCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Log in, and tell who you are there and what is there.",
        discussion: """
            Changes nothing. Where it fails, the message says what stands in the way: the password, \
            the user's role, a plugin, a firewall (docs/rest-mode.md).

            EXAMPLES
              MONIKER_REST_PASSWORD='…' moniker rest check --url https://example.com --user editor
              moniker rest check --url https://example.com --user editor --password-file ~/.moniker-rest
            """)

    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func run(in session: RemoteSession) throws {
        let report = try session.check()
        if global.json {
            Output.standard.line(JSONText.line(report))
        } else {
            RestCheckText(report).write()
        }
    }
}

/// `moniker rest images`.
struct RestImagesCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "List images and which of their texts are there.",
        discussion: """
            An empty alt text counts as missing, unless this home wrote it: REST does not show \
            whether it is empty on purpose. Of the uses only the post that an image was uploaded to \
            is known.

            EXAMPLES
              moniker rest images --missing alt --url https://example.com --user editor
            """)

    @Option(
        help: ArgumentHelp(
            "Only images without this text: alt, title, caption or description.",
            valueName: "field"))
    var missing: String?
    @Option(help: ArgumentHelp("List at most so many images.", valueName: "n")) var limit: Int?
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit takes a number of images, at least 1.")
        }
    }

    func run(in session: RemoteSession) throws {
        let images = try session.images(missing: missing, limit: limit)
        let list: any ImageList = global.json ? ImageJSON() : ImageTable()
        list.begin()
        list.add(images)
        list.end()
    }
}

/// `moniker rest history`.
struct RestHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List what was written over REST, or show one change set.",
        discussion: """
            Reads remote.sqlite of the home; the site is not asked and no password is needed.

            EXAMPLES
              moniker rest history --url https://example.com
              moniker rest history R0DQ8Z7XK3M5TA --url https://example.com
            """)

    @Argument(help: ArgumentHelp("The id; all are listed without one.", valueName: "id"))
    var id: String?
    @Option(help: ArgumentHelp("The address of the site's front page.", valueName: "url"))
    var url: String
    // Taken, so that the options of the other commands can stay in the line.
    @Option(help: .hidden) var user: String?
    @Option(help: .hidden) var passwordFile: String?
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let history = try RemoteHistoryReader(RemoteOptions(url: url, home: global.home))
        if let id {
            let detail = try history.detail(of: id)
            if global.json {
                Output.standard.line(JSONText.line(detail))
            } else {
                RestHistoryText.write(detail)
            }
        } else {
            let entries = try history.entries()
            if global.json {
                Output.standard.line(JSONText.line(entries))
            } else {
                RestHistoryText.write(entries)
            }
        }
    }
}

/// `moniker rest revert`.
struct RestRevertCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Put the texts back that were there before.",
        discussion: """
            Where somebody has written something else since, it stays and is listed. A revert is a \
            change set itself, so it can be reverted.

            EXAMPLES
              moniker rest history --url https://example.com          lists the ids
              moniker rest revert R0DQ8Z7XK3M5TA --url https://example.com --user editor
              moniker rest revert R0DQ8Z7XK3M5TA --only 42 --url https://example.com --user editor
            """)

    @Argument(help: ArgumentHelp("The id of the change set.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Only this attachment. Repeatable.", valueName: "id"))
    var only: [AttachmentArgument] = []
    @OptionGroup var rest: RestOptions
    @OptionGroup var global: GlobalOptions

    func run(in session: RemoteSession) throws {
        try finish(try session.revert(id, only: only.isEmpty ? nil : Set(only.map(\.id))))
    }
}
