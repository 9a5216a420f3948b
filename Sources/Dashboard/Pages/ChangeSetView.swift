/// One change set: what it changed, before and after, and what takes it back.
public struct ChangeSetView: PageContent {
    /// The template that shows it.
    public static let template = "changeset"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .history
    /// The scripts that it begins with.
    public static let scripts = ["history.js"]

    /// Something of an image that was changed.
    public struct Change: Sendable {
        let what: String
        let difference: TextDifference
        let note: String?

        /// Creates a change.
        ///
        /// - Parameter note: what else there is to know; nil for nothing.
        public init(what: String, before: String?, after: String?, note: String? = nil) {
            self.what = what
            difference = TextDifference(before, after)
            self.note = note
        }

        /// A text of an image, by the name of its field.
        public init(field: String, before: String?, after: String?, note: String?) {
            self.init(what: FieldName.label(field), before: before, after: after, note: note)
        }
    }

    /// An image with what was changed of it.
    public struct Image: Sendable {
        let attachment: Int64
        let changes: [Change]
        /// Its other files, which follow the attached one.
        let family: [Change]
        let familyCount: Int
        let hasFamily: Bool
        let isReverted: Bool
        let canRevert: Bool

        /// Creates an image.
        ///
        /// - Parameter family: the names of its other files.
        public init(
            attachment: Int64, changes: [Change], family: [Change], isReverted: Bool,
            canRevert: Bool
        ) {
            self.attachment = attachment
            self.changes = changes
            self.family = family
            familyCount = family.count
            hasFamily = !family.isEmpty
            self.isReverted = isReverted
            self.canRevert = canRevert
        }
    }

    /// A cell of the database that was rewritten.
    public struct Cell: Sendable {
        let place: String
        let references: String
        let differences: [TextDifference]

        /// Creates a cell.
        ///
        /// - Parameter excerpts: what stood there, and what stands there now.
        public init(place: String, references: Int, excerpts: [(String, String)]) {
            self.place = place
            self.references = references == 1 ? "1 reference" : "\(references) references"
            differences = excerpts.map { TextDifference($0.0, $0.1) }
        }
    }

    /// Something that was left as it is.
    public struct Left: Sendable {
        let place: String
        let reason: String
        let code: String

        /// Creates one.
        ///
        /// - Parameter detail: a sentence; empty where the code says all.
        public init(place: String, code: String, detail: String = "") {
            self.place = place
            self.code = code
            reason = detail.isEmpty ? ReasonText.sentence(code) : detail
        }
    }

    /// The heading.
    public let title: String
    let entry: HistoryEntry
    let requester: String?
    let images: [Image]
    let hiddenImages: Int
    let hasHiddenImages: Bool
    let cells: [Cell]
    let hiddenCells: Int
    let hasHiddenCells: Bool
    let textFiles: [String]
    let textFileCount: String?
    let dependants: [String]
    let conflicts: [Left]
    let opaque: [Left]
    let skipped: [Left]
    let keptUntil: PageTime?

    /// The most images and cells that the page shows.
    public static let most = 200

    /// Creates the page.
    ///
    /// - Parameters:
    ///   - requester: who asked for it through the service; nil where nobody knows.
    ///   - cellCount: how many cells were rewritten, of which `cells` are the first.
    public init(
        entry: HistoryEntry, requester: String?, images: [Image], imageCount: Int, cells: [Cell],
        cellCount: Int, textFiles: [String], dependants: [String], conflicts: [Left],
        opaque: [Left], skipped: [Left], keptUntil: Int64?
    ) {
        title = "\(entry.kindName): \(entry.journal)"
        self.entry = entry
        self.requester = requester
        self.images = images
        hiddenImages = max(0, imageCount - images.count)
        hasHiddenImages = hiddenImages > 0
        self.cells = cells
        hiddenCells = max(0, cellCount - cells.count)
        hasHiddenCells = hiddenCells > 0
        self.textFiles = textFiles
        textFileCount =
            textFiles.isEmpty ? nil : Wording.count(textFiles.count, "text file", "text files")
        self.dependants = dependants
        self.conflicts = conflicts
        self.opaque = opaque
        self.skipped = skipped
        self.keptUntil = keptUntil.map(PageTime.init)
    }
}
