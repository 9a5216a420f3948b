import ArgumentParser
import Model
import UseCases

/// `moniker site`.
struct SiteCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Show what was found: database, uploads, warnings.",
        discussion: """
            EXAMPLES
              moniker --site /var/www/html site
              moniker site --forget                    removes Moniker's own table from the database
            """)

    @Flag(help: "Remove everything that Moniker keeps in the site's database.") var forget = false
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        if forget { try session.forget() }
        let report = try session.siteReport()
        show(report) { SiteText(report).write() }
    }
}

/// `moniker show`.
struct ShowCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one attachment: texts and their quality, uses, files, every reference.",
        discussion: """
            EXAMPLES
              moniker show 42
            """)

    @Argument(help: "The attachment's id.") var attachment: AttachmentArgument
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let detail = try session.attachmentDetail(attachment.id)
        show(detail) { AttachmentText(detail).write() }
    }
}
