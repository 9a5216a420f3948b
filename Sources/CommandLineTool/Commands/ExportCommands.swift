import ArgumentParser
import Model
import UseCases

/// `moniker redirects`.
struct RedirectsCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "redirects",
        abstract: "Print redirects from every old URL to its new one.",
        discussion: """
            For other sites and search engines that still use old addresses. One line for every
            renamed file and size; chains are collapsed and reverted names left out.

            EXAMPLES
              moniker redirects --format nginx > moniker-redirects.conf
              moniker redirects --format redirection-csv > redirects.csv
            """)

    @Option(
        help: "nginx, apache, caddy, redirection-csv or redirection-json.",
        completion: .list(RedirectFormat.allCases.map(\.rawValue)),
        transform: { text in
            guard let format = RedirectFormat(rawValue: text) else {
                throw ValidationError(
                    "\"\(text)\" is not one of \(RedirectFormat.allCases.map(\.rawValue).joined(separator: ", "))."
                )
            }
            return format
        })
    var format: RedirectFormat = .nginx
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let redirects = try session.redirects()
        show(redirects) { Output.standard.write(format.text(for: redirects)) }
    }
}

/// `moniker rewrite`.
struct RewriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewrite",
        abstract: "The rewriter as a filter: a value in, the rewritten value out.",
        discussion: """
            Reads one value from standard input and writes it with its references rewritten. With
            --jsonl each line is {"value":"<base64>"} and each answer
            {"value":"<base64>","references":N,"opaque":N}. Touches no site.

            EXAMPLES
              printf '2024/05/IMG_1.jpg\\t2024/05/red-bike.jpg\\n' > pairs.tsv
              moniker rewrite --map pairs.tsv --uploads-url https://example.com/wp-content/uploads < post.html
            """)

    @Option(
        help: ArgumentHelp("Pairs: old<TAB>new, paths relative to uploads.", valueName: "file"),
        completion: .file())
    var map: String
    @Option(
        help: ArgumentHelp("The address of the uploads folder.", valueName: "url"))
    var uploadsUrl: String?
    @Flag(help: "JSON Lines with base64 values instead of one raw value.") var jsonl = false
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let filter = try RewriteFilter(
            map: try InputFile.contents(of: map), uploadsURL: uploadsUrl, options: global.session)
        guard jsonl else {
            Output.standard.write(bytes: filter.rewrite(try InputFile.standardInput()))
            return
        }
        var number = 0
        while let line = readLine(strippingNewline: true) {
            number += 1
            guard !line.isEmpty else { continue }
            Output.standard.line(try filter.rewrite(line: line, number: number))
        }
    }
}
