import ArgumentParser
import UseCases

/// `moniker index`.
struct IndexCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Keep an index of references, so that a rename need not scan the database.",
        discussion: """
            Off by default. It needs the right to make triggers (TRIGGER on MariaDB and MySQL), a \
            table {prefix}moniker_changes beside the site's, and room in the home. Triggers note \
            which rows were changed; what they cannot note is scanned as before.

            EXAMPLES
              moniker index on
              moniker index status
              moniker index off                        leaves no trace
            """)

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case on, off, status
    }

    @Argument(help: "on, off or status.") var action: Action
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report =
            switch action {
            case .on: try session.turnIndexOn()
            case .off: try session.turnIndexOff()
            case .status: try session.indexStatus()
            }
        show(report) { IndexText(report).write() }
    }
}
