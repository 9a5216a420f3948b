/// How the site is, and what is being done.
public struct OverviewView: PageContent {
    /// The template that shows it.
    public static let template = "overview"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .overview
    /// The scripts that it begins with.
    public static let scripts = ["overview.js", "job-dialog.js"]

    /// The heading.
    public let title = "Overview"
    /// What the library counts; nil while it is read for the first time.
    public var library: Library?
    /// Why nothing is known of the library; nil where something is, or will be.
    public var failure: String?
    /// The site; nil where it cannot be asked.
    public var site: SiteFacts?
    /// The jobs that have not ended.
    public var jobs: [JobLine] = []
    /// What was paid this month.
    public var spending = Spending()
    /// The newest change sets.
    public var changes: [ChangeLine] = []
    /// Change sets that a crash left.
    public var unfinished: [ChangeLine] = []
    /// What jobs would do.
    public var dialogs: [JobDialog] = []

    /// Creates the page.
    public init() {}

    /// What a site is.
    public struct SiteFacts: Sendable {
        let url: String
        let uploads: String
        let database: String
        let isReadOnly: Bool
        let problem: String?

        /// Describes a site.
        public init(
            url: String, uploads: String, engine: String, version: String,
            isDatabaseReadOnly: Bool, areUploadsWritable: Bool
        ) {
            self.url = url
            self.uploads = uploads
            let name =
                switch engine {
                case "mariadb": "MariaDB"
                case "mysql": "MySQL"
                case "sqlite": "SQLite"
                default: engine
                }
            database = "\(name) \(version)"
            isReadOnly = isDatabaseReadOnly || !areUploadsWritable
            problem =
                isDatabaseReadOnly
                ? "The database takes no writes: nothing can be changed until it does."
                : areUploadsWritable
                    ? nil
                    : "The uploads folder cannot be written: run the service as the web server's user."
        }
    }

    /// What a library counts.
    public struct Library: Sendable {
        let images: String
        let hasImages: Bool
        let isReading: Bool
        let taken: PageTime
        let coverage: [CoverageLine]
        let tiles: [Tile]

        /// Describes a library.
        ///
        /// - Parameters:
        ///   - fields: present, missing and intentionally empty texts.
        ///   - taken: when it was counted: seconds since 1970.
        ///   - isReading: whether it is being counted anew.
        public init(
            images: Int, fields: [(field: TextField, present: Int, missing: Int, decorative: Int)],
            used: Int, unusedBytes: Int64, cameraNames: Int, duplicates: Int, missingFiles: Int,
            taken: Int64, isReading: Bool
        ) {
            self.images = Wording.count(images, "image", "images")
            hasImages = images > 0
            self.isReading = isReading
            self.taken = PageTime(taken)
            coverage = fields.map {
                CoverageLine(
                    $0.field, images: images, present: $0.present, missing: $0.missing,
                    decorative: $0.decorative)
            }
            var tiles = [
                Tile("Images", images, address: "/images"),
                Tile(
                    "Names a camera gave", cameraNames, address: "/images?camera_name=true"),
                Tile(
                    "Used nowhere", images - used, address: "/images?used=false",
                    note: images > used ? Wording.bytes(unusedBytes) : nil),
            ]
            if duplicates > 0 { tiles.append(Tile("Copies of others", duplicates)) }
            if missingFiles > 0 { tiles.append(Tile("Without a file", missingFiles)) }
            self.tiles = tiles
        }
    }

    /// How many images have one of their texts.
    struct CoverageLine: Sendable {
        let name: String
        let field: String
        let percent: Int
        let summary: String
        let missing: String?
        let address: String

        init(_ field: TextField, images: Int, present: Int, missing: Int, decorative: Int) {
            name = field.name
            self.field = field.rawValue
            let filled = present + decorative
            percent = Wording.percent(filled, of: images)
            summary =
                "\(percent) %, \(Wording.count(filled)) of \(Wording.count(images))"
                + (decorative > 0 ? " (\(Wording.count(decorative)) empty on purpose)" : "")
            self.missing = missing > 0 ? "\(Wording.count(missing)) missing" : nil
            address = "/images?missing=\(field.rawValue)"
        }
    }

    /// A number with its name.
    struct Tile: Sendable {
        let name: String
        let value: String
        let address: String?
        let note: String?

        init(_ name: String, _ value: Int, address: String? = nil, note: String? = nil) {
            self.name = name
            self.value = Wording.count(value)
            self.address = address
            self.note = note
        }
    }

    /// What was paid to whom.
    public struct Spending: Sendable {
        let total: String
        let lines: [Line]
        let isNothing: Bool

        struct Line: Sendable {
            let name: String
            let answers: String
            let amount: String
        }

        /// Describes payments, in millionths of a US dollar.
        public init(
            _ payments: [(provider: String, model: String, answers: Int, microdollars: Int)] = []
        ) {
            total = Wording.dollars(payments.reduce(0) { $0 + $1.microdollars })
            isNothing = payments.isEmpty
            lines = payments.map {
                Line(
                    name: $0.model.isEmpty || $0.model == $0.provider
                        ? $0.provider : "\($0.provider), \($0.model)",
                    answers: Wording.count($0.answers, "answer", "answers"),
                    amount: Wording.dollars($0.microdollars))
            }
        }
    }
}
