import Access
import ArgumentParser
import Glibc
import Model
import UseCases

/// `moniker password`.
struct PasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Set the dashboard's password, and end every session.",
        discussion: """
            The password is the first line of standard input; on a terminal it is not shown. The home \
            keeps an Argon2id hash of it alone.

            EXAMPLES
              moniker password
              moniker password < /run/secrets/moniker-password
            """)

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let isTerminal = isatty(STDIN_FILENO) == 1
        if isTerminal { Output.error.line("New password, 12 characters or more:") }
        let password = isTerminal ? Self.hiddenLine() : readLine()
        try AccessStore(home: try global.session.preparedHome()).setPassword(password ?? "")
        if global.json {
            Output.standard.line(JSONText.line(["state": "set"]))
        } else if !global.quiet {
            Output.standard.line("The password is set, and every session has ended.")
        }
    }

    /// A line of the terminal that it does not show.
    private static func hiddenLine() -> String? {
        var before = termios()
        // SAFETY: the calls read and write the one value that is given.
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return readLine() }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer { unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return readLine()
    }
}
