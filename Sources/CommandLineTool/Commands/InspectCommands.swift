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

/// `moniker scan`.
struct ScanCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Count attachments, files, references and empty fields.",
        discussion: """
            EXAMPLES
              moniker scan
            """)

    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report = try session.scan()
        show(report) { ScanText(report).write() }
    }
}

/// `moniker images`.
struct ImagesCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "List attachments.",
        discussion: """
            EXAMPLES
              moniker images
              moniker images --missing alt
              moniker images --unused --format csv > unused.csv
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    @Option(
        help: ArgumentHelp(
            "Only those without: alt, title, caption, description.", valueName: "field"))
    var missing: String?
    @Flag(help: "Only those that something names.") var used = false
    @Flag(help: "Only those that nothing names.") var unused = false
    @Option(help: "How to print the list.") var format: Format = .table
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !(used && unused) else {
            throw ValidationError("--used and --unused exclude each other.")
        }
    }

    func run(in session: Session) throws {
        let filter = try ImageFilter(
            missing: missing, isUsed: used ? true : unused ? false : nil)
        let images = try session.images(filter)
        switch global.json ? .json : format {
        case .json: Output.standard.line(JSONText.line(images))
        case .csv: Output.standard.write(ImageText(images).csv)
        case .table: ImageText(images).write()
        }
    }
}

/// `moniker show`.
struct ShowCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one attachment: metadata, file family, every reference.",
        discussion: """
            EXAMPLES
              moniker show 42
            """)

    @Argument(help: "The attachment's id.") var attachment: AttachmentArgument
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report = try session.attachment(attachment.id)
        show(report) { AttachmentText(report).write() }
    }
}
