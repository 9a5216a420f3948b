import ArgumentParser
import Model
import UseCases

/// `moniker scan`.
struct ScanCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Take the inventory: texts, uses, names, copies.",
        discussion: """
            Reads the site and writes only to the home. The first scan reads everything, later ones \
            what has changed; docs/inventory.md says what that means.

            EXAMPLES
              moniker scan
              moniker scan --full                 reads everything anew
              moniker scan --hash all             hashes every file
            """)

    enum Hash: String, ExpressibleByArgument, CaseIterable {
        case none
        case sameSize = "same-size"
        case all

        var choice: HashChoice {
            switch self {
            case .none: .none
            case .sameSize: .sameSize
            case .all: .all
            }
        }
    }

    @Flag(help: "Read everything anew, and count the references in every table.") var full = false
    @Option(
        help: ArgumentHelp(
            "Which files to hash to find copies: none, same-size or all.", valueName: "which"))
    var hash: Hash = .sameSize
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report = try session.scan(full: full, hashing: hash.choice)
        show(report) { ScanText(report, isVerbose: global.verbose).write() }
    }
}

/// `moniker images`.
struct ImagesCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "List images: missing texts, sizes, where they are used.",
        discussion: """
            Reads what has changed on the site first. Several conditions narrow the list down together.

            EXAMPLES
              moniker images --missing alt --used
              moniker images --camera-names --limit 20
              moniker images --search bicycle
              moniker images --unused --format csv > unused.csv

            In CSV a text that a spreadsheet would take for a formula begins with an apostrophe.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    @Option(
        help: ArgumentHelp(
            "Only images without this text: alt, title, caption or description.",
            valueName: "field"))
    var missing: String?
    @Flag(help: "Only images that are used somewhere.") var used = false
    @Flag(help: "Only images that are used nowhere.") var unused = false
    @Flag(help: "Only images with a name that a camera or a program gave, such as IMG_1234.")
    var cameraNames = false
    @Flag(help: "Only images whose alt text is empty on purpose.") var decorative = false
    @Option(
        help: ArgumentHelp(
            "Only images with this text in file name, title, alt text, caption or description.",
            valueName: "text"))
    var search: String?
    @Option(help: ArgumentHelp("List at most so many images.", valueName: "n")) var limit: Int?
    @Flag(
        name: .customLong("no-refresh"),
        help: "List what the last scan found, without asking the site what has changed.")
    var noRefresh = false
    @Option(help: "How to print the list: table, json or csv.") var format: Format = .table
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !(used && unused) else {
            throw ValidationError("--used and --unused exclude each other.")
        }
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit takes a number of images, at least 1.")
        }
    }

    func run(in session: Session) throws {
        let filter = try ImageFilter(
            missing: missing, isUsed: used ? true : unused ? false : nil,
            hasCameraName: cameraNames ? true : nil, isDecorative: decorative ? true : nil,
            search: search)
        let list: any ImageList =
            switch global.json ? .json : format {
            case .json: ImageJSON()
            case .csv: ImageCSV()
            case .table: ImageTable()
            }
        // Nothing is printed before the first page is there, so that a failure is the whole output.
        var isBegun = false
        try session.images(filter, limit: limit, refreshes: !noRefresh) { page in
            if !isBegun { list.begin() }
            isBegun = true
            list.add(page)
        }
        list.end()
    }
}

/// `moniker analyze`.
struct AnalyzeCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Report coverage, quality, duplicates, unused images, progress.",
        discussion: """
            Judges every text that images have by the rules of docs/quality-gate.md, and compares \
            coverage with what it was when the site was first scanned with this home.

            EXAMPLES
              moniker analyze
              moniker analyze --html report.html  one file to show or print
              moniker analyze --json > before.json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Option(
        help: ArgumentHelp("Write the report as one HTML page to this file.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var html: String?
    @Flag(
        name: .customLong("no-refresh"),
        help: "Report what the last scan found, without asking the site what has changed.")
    var noRefresh = false
    @Option(help: "How to print the report: table or json.") var format: Format = .table
    @OptionGroup var global: GlobalOptions

    func run(in session: Session) throws {
        let report = try session.analysis(refreshes: !noRefresh)
        if let html { try OutputFile.write(AnalysisPage(report).text, to: html) }
        if global.json || format == .json {
            Output.standard.line(JSONText.line(report))
        } else {
            AnalysisText(report, isVerbose: global.verbose).write()
            if let html { Output.standard.line("The report is in \(html).") }
        }
    }
}
