import Access
import ArgumentParser
import Foundation
import Model
import UseCases

/// `moniker token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke tokens for the HTTP API.",
        subcommands: [
            TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self,
        ])
}

/// A scope on the command line.
struct ScopeArgument: ExpressibleByArgument {
    let scope: TokenScope

    init?(argument: String) {
        guard let scope = TokenScope(rawValue: argument) else { return nil }
        self.scope = scope
    }

    static let allValueStrings = TokenScope.allCases.map(\.rawValue)
}

/// `moniker token create`.
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it, this once.",
        discussion: """
            The home keeps a hash of the token alone. Whoever has the token may do what its scope \
            says: read (lists, journal, jobs), write (names, texts, reverts, jobs), admin (all).

            EXAMPLES
              moniker token create --name shop --scope write
              moniker token create --name dashboard-of-lisa --scope read --expires 90d
            """)

    @Option(help: "What it is for.") var name: String
    @Option(help: "What it allows: read, write or admin.") var scope: ScopeArgument
    @Option(
        help: ArgumentHelp(
            "When it ends: a duration such as 12h or 90d (default: never).", valueName: "duration"))
    var expires: String?
    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        var id: String
        var token: String
        var name: String
        var scope: String
        var expires: Int64?
    }

    func run() throws {
        let lifetime = try expires.map { try parseDuration($0, option: "--expires") }
        let made = try AccessStore(home: try global.session.preparedHome())
            .createToken(name: name, scope: scope.scope, lifetime: lifetime)
        guard global.json else {
            Output.standard.line(made.token)
            if !global.quiet {
                Output.error.line(
                    "note: \(made.record.id) is shown this once; `moniker token revoke \(made.record.id)` ends it"
                )
            }
            return
        }
        Output.standard.line(
            JSONText.line(
                Report(
                    id: made.record.id, token: made.token, name: made.record.name,
                    scope: made.record.scope.rawValue, expires: made.record.expires)))
    }
}

/// `moniker token list`.
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tokens, with those that no longer work.")

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        var id: String
        var name: String
        var scope: String
        var state: String
        var created: Int64
        var expires: Int64?

        init(_ token: AccessToken) {
            id = token.id
            name = token.name
            scope = token.scope.rawValue
            let isOver = token.expires.map { $0 <= Int64(Date.now.timeIntervalSince1970) } ?? false
            state = token.revoked != nil ? "revoked" : isOver ? "expired" : "active"
            created = token.created
            expires = token.expires
        }
    }

    func run() throws {
        let reports = try AccessStore(home: try global.session.preparedHome()).tokens()
            .map(Report.init)
        guard !global.json else { return Output.standard.line(JSONText.line(reports)) }
        for report in reports {
            Output.standard.line(
                "\(report.id)  \(report.scope)  \(report.state)  \(PlainLine.of(report.name))")
        }
    }
}

/// `moniker token revoke`.
struct TokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a token, at once.")

    @Argument(help: "The token's id, as `moniker token list` shows it.") var id: String
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try AccessStore(home: try global.session.preparedHome()).revokeToken(id)
        if global.json {
            Output.standard.line(JSONText.line(["id": id, "state": "revoked"]))
        } else if !global.quiet {
            Output.standard.line("Token \(id) is revoked.")
        }
    }
}
