import ArgumentParser
import Model
import UseCases
import WebAPI

/// `moniker journal`.
struct JournalCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "List change sets, or show one whole.",
        discussion: """
            EXAMPLES
              moniker journal
              moniker journal J0DQ8Z7XK3M5TA
            """)

    @Argument(help: "The journal id; all are listed without one.") var journal: JournalArgument?
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        if let journal {
            let id = try journal.id()
            let detail = try session.journal(id)
            let asked = try AuditEntry.asked(for: id, home: try global.session.preparedHome())
            show(detail) {
                JournalDetailText(detail, asked: asked, isVerbose: global.verbose).write()
            }
        } else {
            let entries = try session.journal()
            show(entries) { JournalText(entries).write() }
        }
    }
}

/// `moniker recover`.
struct RecoverCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "Finish or roll back what a crash left.",
        discussion: """
            Runs by itself before every command that writes.

            EXAMPLES
              moniker recover
              moniker recover --rebuild-journal        when journal.sqlite is lost or damaged
              moniker recover --roll-back              take back a rename that was stopped half-way
              moniker recover --adopt                  when the site was moved
            """)

    @Flag(help: "Make a lost or damaged journal.sqlite again from its manifests first.")
    var rebuildJournal = false
    @Flag(help: "This home belongs to this site from now on: the site was moved, not copied.")
    var adopt = false
    @Flag(
        help:
            "Take back, instead of finishing, what was stopped between two database transactions."
    )
    var rollBack = false
    @OptionGroup var global: GlobalOptions

    var sessionOptions: SessionOptions {
        var options = global.session
        options.rebuildsJournal = rebuildJournal
        return options
    }

    var stopsBetweenSteps: Bool { true }

    func run(in session: Session) throws {
        let entries = try session.recover(adopting: adopt, rollingBack: rollBack)
        show(entries) {
            guard !entries.isEmpty else {
                Output.standard.line("Nothing to recover.")
                return
            }
            for entry in entries {
                let what =
                    switch entry.state {
                    case "done": "finished"
                    case "reverted": "taken back"
                    case "lost":
                        "not known to the database, which was restored from an older dump: run `moniker verify --repair`"
                    default: "rolled back"
                    }
                Output.standard.line("\(entry.journal)  \(what)")
            }
        }
    }
}

/// `moniker verify`.
struct VerifyCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check journal, originals, files and references against each other.",
        discussion: """
            EXAMPLES
              moniker verify
              moniker verify --read-data               hashes every stored original as well
              moniker verify --repair                  puts missing names back; removes none
            """)

    @Flag(help: "Hash the content of every stored original.") var readData = false
    @Flag(help: "Put missing names back and leftovers into the trash.") var repair = false
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report = try session.verify(readingData: readData, repairing: repair)
        show(report) { VerifyText(report).write() }
        guard report.isClean else { throw ExitCode(ExitStatus.refused) }
    }
}

/// `moniker tidy`.
struct TidyCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidy",
        abstract: "Retire old names whose time is up and remove old originals.",
        discussion: """
            EXAMPLES
              moniker tidy
              moniker tidy --keep 30d                  removes originals after 30 days
            """)

    @Option(help: ArgumentHelp("How long originals are kept.", valueName: "duration"))
    var keep: String = "90d"
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report = try session.tidy(
            retentionSeconds: try parseDuration(keep, option: "--keep"))
        show(report) {
            Output.standard.line(
                "Retired \(report.retiredNames) old names, removed \(report.removedOriginals) originals."
            )
        }
    }
}
