import ArgumentParser
import CLinux
import Glibc
import Imaging

/// The command line: parses, calls a use case, shows what came of it.
@main
struct Moniker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moniker",
        abstract: "Rename images of a WordPress site, with every reference, and take it back.",
        discussion: """
            Options that every command takes may stand before or after it:
              --site DIR       the WordPress root, the folder with wp-config.php
                               (default: $MONIKER_SITE, else the current folder)
              --home DIR       journal, originals, locks, inventory
                               (default: $MONIKER_HOME, else ./backups)
              --config FILE    another wp-config.php than the site's own
              --host NAME      a further host that serves this site's uploads; repeatable
              --database URL   instead of what wp-config.php says
              --uploads DIR    instead of what WordPress would compute
              --json           one JSON document on standard output
              --quiet, --verbose

            EXAMPLES
              moniker --site /var/www/html scan
              cd /var/www/html
              moniker images --missing alt --used
              moniker rename 42 red-mountain-bike --dry-run
              moniker rename 42 red-mountain-bike
              moniker revert J0DQ8Z7XK3M5TA

            Exit status: 0 done; 1 refused or failed, nothing changed; 3 done in part;
            64 usage; 75 busy, try again.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Look",
                subcommands: [
                    SiteCommand.self, ScanCommand.self, ImagesCommand.self, ShowCommand.self,
                    AnalyzeCommand.self, JournalCommand.self, VerifyCommand.self,
                ]),
            CommandGroup(
                name: "Change",
                subcommands: [
                    GenerateCommand.self, ReviewCommand.self, ClearCommand.self,
                    RenameCommand.self, RevertCommand.self, RecoverCommand.self,
                    TidyCommand.self, IndexCommand.self,
                ]),
            CommandGroup(
                name: "Export", subcommands: [RedirectsCommand.self, RewriteCommand.self]),
            CommandGroup(name: "Without database access", subcommands: [RestCommand.self]),
            CommandGroup(
                name: "Work in the background",
                subcommands: [ServeCommand.self, JobsCommand.self, WorkerCommand.self]),
            CommandGroup(
                name: "Set up",
                subcommands: [ProviderCommand.self, TokenCommand.self, PasswordCommand.self]),
        ])

    static func main() {
        // The binary is its own picture worker (docs/pictures.md).
        if CommandLine.arguments.dropFirst().first == PictureWorker.argument { PictureWorker.run() }
        // Under `nice`, and not as root, Dispatch would tell the system log of each thread that it cannot
        // be given the usual priority.
        // SAFETY: the only thread yet.
        unsafe setenv("LIBDISPATCH_LOG", "NO", 0)
        // Values of many megabytes come and go one by one; kept in the heap they would add up.
        CLinux_return_large_blocks()
        let commands = configuration.groupedSubcommands.flatMap { $0.subcommands }
        let groups = commands.filter { !$0.configuration.subcommands.isEmpty }
            .compactMap { $0.configuration.commandName }
        let arguments = GlobalOptions.movedBehindCommand(
            Array(CommandLine.arguments.dropFirst()), groups: Set(groups))
        let showsJSON = arguments.prefix { $0 != "--" }.contains("--json")
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            exit(reporting: error, asJSON: showsJSON)
        }
    }
}
