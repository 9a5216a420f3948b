/// The list of images.
public struct ImagesView: PageContent {
    /// The template that shows it.
    public static let template = "images"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .images
    /// The scripts that it begins with.
    public static let scripts = ["images.js", "job-dialog.js"]

    /// The heading.
    public let title = "Images"
    /// What the list is filtered by.
    public var filter = Filter()
    /// The images of the page.
    public var rows: [Row] = [] { didSet { hasRows = !rows.isEmpty } }
    private(set) var hasRows = false
    /// Where the next page is; nil where this is the last.
    public var next: String?
    /// Where the first page is; nil where this is it.
    public var first: String?
    /// How many images the filter lets through; nil where nobody counted.
    public var count: String?
    /// Whether the library is being read for the first time.
    public var isReading = false
    /// When what is shown was read; nil where that is not known.
    public var taken: PageTime?
    /// What jobs would do with the selection.
    public var dialogs: [JobDialog] = []

    /// Creates the page.
    public init() {}

    /// What a list is filtered by, as its form shows it.
    public struct Filter: Sendable {
        let search: String
        let missing: [Choice]
        let used: [Choice]
        let names: [Choice]
        let isActive: Bool

        /// A line of a menu.
        struct Choice: Sendable {
            let value: String
            let name: String
            let isSelected: Bool
        }

        /// Describes a filter by the values of its fields; empty for no condition.
        public init(
            search: String = "", missing: String = "", used: String = "", cameraName: String = ""
        ) {
            func choices(_ choices: [(String, String)], _ selected: String) -> [Choice] {
                choices.map { Choice(value: $0.0, name: $0.1, isSelected: $0.0 == selected) }
            }
            self.search = search
            self.missing = choices(
                [("", "Any")] + TextField.allCases.map { ($0.rawValue, "Missing \($0.noun)") },
                missing)
            self.used = choices(
                [("", "Any"), ("true", "Used somewhere"), ("false", "Used nowhere")], used)
            names = choices(
                [("", "Any"), ("true", "Given by a camera"), ("false", "Others")], cameraName)
            isActive = [search, missing, used, cameraName].contains { !$0.isEmpty }
        }
    }

    /// One image in the list.
    public struct Row: Sendable {
        let id: Int64
        let address: String
        let thumbnail: ThumbnailView
        let file: String
        let folder: String
        let title: String
        let alt: String?
        let missing: [String]
        let isDecorative: Bool
        let hasCameraName: Bool
        let use: String
        let isUsed: Bool
        let size: String?
        let pixels: String?
        /// Whether it has a file below uploads that can get another name.
        let isRenamable: Bool

        /// Describes an image.
        ///
        /// - Parameters:
        ///   - file: its path below uploads.
        ///   - missing: the names of the texts that are missing.
        ///   - use: where it is used, in words; nil for nowhere.
        public init(
            id: Int64, file: String, mime: String, title: String, alt: String,
            missing: [String], isDecorative: Bool, hasCameraName: Bool, use: String?,
            bytes: Int64?, width: Int?, height: Int?
        ) {
            self.id = id
            address = "/images/\(id)"
            thumbnail = ThumbnailView(id: id, mime: mime, hasFile: bytes != nil)
            let slash = file.lastIndex(of: "/")
            self.file = slash.map { String(file[file.index(after: $0)...]) } ?? file
            folder = slash.map { String(file[...$0]) } ?? ""
            self.title = title
            self.alt = alt.isEmpty ? nil : alt
            self.missing = missing.map { "No \(TextField(rawValue: $0)?.noun ?? $0)" }
            self.isDecorative = isDecorative
            self.hasCameraName = hasCameraName
            self.use = use ?? "Nowhere"
            isUsed = use != nil
            size = bytes.map(Wording.bytes)
            pixels = width.flatMap { width in height.map { "\(width) × \($0)" } }
            isRenamable = !file.isEmpty && bytes != nil
        }
    }
}

/// A small picture, or what stands in its place.
public struct ThumbnailView: Sendable {
    /// Where it is; nil for pictures that are not shown.
    ///
    /// No name that a row has: templates look further out for what is nil.
    let picture: String?
    /// What it would be.
    let placeholder: String

    init(id: Int64, mime: String, hasFile: Bool) {
        let isShown = hasFile && mime != "image/svg+xml"
        picture = isShown ? "/thumbnails/\(id)" : nil
        placeholder = hasFile ? mime.split(separator: "/").last.map(String.init) ?? "" : "no file"
    }
}
