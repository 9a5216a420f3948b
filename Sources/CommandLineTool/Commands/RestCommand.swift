import ArgumentParser
import Model
import Synchronization
import UseCases

/// `moniker rest`.
struct RestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rest",
        abstract: "Describe images of a site without database access, over WordPress's REST API.",
        discussion: """
            Texts only: files keep their names. The user needs an application password, which an \
            author, editor or administrator makes in WordPress under Users › Profile. It comes from \
            $MONIKER_REST_PASSWORD or from a file that only you can read, and is stored nowhere.

            EXAMPLES
              moniker rest check --url https://example.com --user editor
              moniker rest images --missing alt --url https://example.com --user editor
              moniker rest generate --all --dry-run --url https://example.com --user editor
              moniker rest history --url https://example.com
            """,
        subcommands: [
            RestCheckCommand.self, RestImagesCommand.self, RestGenerateCommand.self,
            RestReviewCommand.self, RestHistoryCommand.self, RestRevertCommand.self,
        ])
}

/// The options that say which site is reached over REST, and as whom.
struct RestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The address of the site's front page.", valueName: "url"))
    var url: String
    @Option(
        help: ArgumentHelp(
            "The name that the user logs in with, not that of the application password.",
            valueName: "name"))
    var user: String
    @Option(
        help: ArgumentHelp(
            "A file with the application password that only you can read (default: $MONIKER_REST_PASSWORD).",
            valueName: "file"), completion: .file())
    var passwordFile: String?
    @Flag(
        name: .customLong("allow-plain-http"),
        help: "Send the password over http to another machine; everybody on the way can read it.")
    var allowPlainHTTP = false

    func remote(_ global: GlobalOptions) -> RemoteOptions {
        RemoteOptions(
            url: url, user: user, passwordFile: passwordFile, home: global.home,
            allowsPlainHTTP: allowPlainHTTP)
    }
}

/// A command that logs in to a site over REST.
protocol RemoteCommand: ParsableCommand {
    var rest: RestOptions { get }
    var global: GlobalOptions { get }

    /// Does the work and shows what came of it.
    func run(in session: RemoteSession) throws
}

extension RemoteCommand {
    func run() throws {
        let bar = SharedProgressBar(global)
        defer { bar.clear() }
        try run(in: try RemoteSession(rest.remote(global)) { bar.show($0) })
    }

    /// Shows what a writing command did and ends with the status that says so.
    func finish(_ report: ChangeReport) throws {
        if global.json {
            Output.standard.line(JSONText.line(report))
        } else {
            RestChangeText(report, isVerbose: global.verbose).write()
        }
        try end(report)
    }
}

/// A progress bar that hears from other threads.
private final class SharedProgressBar: Sendable {
    private let bar: Mutex<ProgressBar>

    init(_ options: GlobalOptions) { bar = Mutex(ProgressBar(options)) }

    func show(_ progress: ProgressReport) {
        bar.withLock { bar in
            bar.show(progress)
            // Lines of images follow, which must not stand behind it.
            if progress.done == progress.total { bar.clear() }
        }
    }

    func clear() { bar.withLock { $0.clear() } }
}
