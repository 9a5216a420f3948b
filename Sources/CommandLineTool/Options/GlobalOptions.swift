import ArgumentParser
import UseCases

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The WordPress root: the folder with wp-config.php.", valueName: "dir"),
        completion: .directory)
    var site: String?

    @Option(
        help: ArgumentHelp("Where journal, originals and locks are kept.", valueName: "dir"),
        completion: .directory)
    var home: String?

    @Option(
        help: ArgumentHelp("Another wp-config.php than the site's own.", valueName: "file"),
        completion: .file())
    var config: String?

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "A further host that serves this site's uploads (a CDN, an old domain). Repeatable.",
            valueName: "name"))
    var hosts: [String] = []

    @Option(
        help: ArgumentHelp(
            "Another database than wp-config.php names: mariadb://user:password@host/name or sqlite:///path. The password may come from $MONIKER_DATABASE_PASSWORD.",
            valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "Another uploads folder than WordPress would compute.", valueName: "dir"),
        completion: .directory)
    var uploads: String?

    @Option(help: ArgumentHelp("The blog of a network, by its id.", valueName: "id"))
    var blog: Int64?

    @Flag(help: "Print one JSON document on standard output.")
    var json = false

    @Flag(help: "Print nothing but results and errors.")
    var quiet = false

    @Flag(help: "Print what is being done.")
    var verbose = false

    /// What a session needs to know.
    var session: SessionOptions {
        SessionOptions(
            site: site, home: home, configuration: config, database: database, uploads: uploads,
            hosts: hosts, blog: blog)
    }

    private static let valued: Set<String> = [
        "--site", "--home", "--config", "--host", "--database", "--uploads", "--blog",
    ]
    private static let flags: Set<String> = ["--json", "--quiet", "--verbose"]

    /// The arguments with global options that stand before the command moved behind it, because
    /// the parser knows them as options of the command.
    ///
    /// - Parameter groups: the commands that are followed by the name of a command of theirs.
    static func movedBehindCommand(_ arguments: [String], groups: Set<String>) -> [String] {
        var leading: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if flags.contains(argument) || valued.contains(where: { argument.hasPrefix("\($0)=") })
            {
                leading.append(argument)
                index += 1
            } else if valued.contains(argument), index + 1 < arguments.count {
                leading += arguments[index...(index + 1)]
                index += 2
            } else {
                break
            }
        }
        guard index < arguments.count, !arguments[index].hasPrefix("-") else { return arguments }
        var end = index + 1
        while groups.contains(arguments[end - 1]), end < arguments.count,
            !arguments[end].hasPrefix("-")
        {
            end += 1
        }
        return arguments[index..<end] + leading + arguments[end...]
    }
}
