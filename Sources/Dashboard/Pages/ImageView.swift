/// One image, whole.
public struct ImageView: PageContent {
    /// The template that shows it.
    public static let template = "image"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .images
    /// The scripts that it begins with.
    public static let scripts = ["image.js"]

    /// The heading.
    public let title: String
    /// The image.
    public let image: ImagesView.Row
    /// The four texts.
    public var texts: [Text] = []
    /// The files of its family.
    public var files: [File] = []
    /// What is told in a list of facts.
    public var facts: [Fact] = []
    /// Where it is used.
    public var uses: [Use] = []
    /// What is wrong with its texts.
    public var findings: [Finding] = []
    /// Other images with the same content.
    public var copies: [Copy] = [] { didSet { hasCopies = !copies.isEmpty } }
    private(set) var hasCopies = false
    /// The change sets that changed it.
    public var changes: [ChangeLine] = []
    /// Other attachments with the same file.
    public var siblings: [Copy] = [] { didSet { hasSiblings = !siblings.isEmpty } }
    private(set) var hasSiblings = false

    /// Creates the page.
    public init(_ image: ImagesView.Row) {
        self.image = image
        title = image.file.isEmpty ? "Image \(image.id)" : image.file
    }

    /// One of its texts.
    public struct Text: Sendable {
        let name: String
        let value: String
        let isMissing: Bool
        let isDecorative: Bool
        let source: String?

        /// Describes a text.
        ///
        /// - Parameter source: who wrote it, in words; nil where that is not known.
        public init(
            _ field: TextField, _ value: String, isDecorative: Bool = false, source: String? = nil
        ) {
            name = field.name
            self.value = value
            isMissing = value.isEmpty && !isDecorative
            self.isDecorative = isDecorative
            self.source = source
        }
    }

    /// One of its files.
    public struct File: Sendable {
        let path: String
        let role: String
        let size: String
        let isMissing: Bool
        let sharedWith: [Copy]

        /// Describes a file.
        public init(path: String, role: String, bytes: Int64?, sharedWith: [Int64]) {
            self.path = path
            self.role = Self.name(role)
            size = bytes.map(Wording.bytes) ?? "not on disk"
            isMissing = bytes == nil
            self.sharedWith = sharedWith.map(Copy.init)
        }

        private static func name(_ role: String) -> String {
            let parts = role.split(separator: ":", maxSplits: 1)
            return switch (parts.first, parts.count) {
            case ("attached", _): "The image itself"
            case ("original", _): "Original upload"
            case ("size", 2): "Size \(parts[1])"
            case ("backup", 2): "Before an edit (\(parts[1]))"
            default: role
            }
        }
    }

    /// A name and a value.
    public struct Fact: Sendable {
        let name: String
        let value: String

        /// Names a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A place where it is used.
    public struct Use: Sendable {
        let kind: String
        let title: String
        let note: String

        /// Describes a place.
        ///
        /// - Parameter heading: the heading before it, where it stands in a content.
        public init(kind: String, type: String, title: String, heading: String, post: Int64?) {
            self.kind = kind
            self.title = title.isEmpty ? "(without a title)" : title
            let parts = [type, post.map { "number \($0)" } ?? ""].filter { !$0.isEmpty }
            note =
                parts.joined(separator: " ") + (heading.isEmpty ? "" : ", below “\(heading)”")
        }
    }

    /// Something wrong with its texts.
    public struct Finding: Sendable {
        let message: String
        let tone: String
        let field: String

        /// Describes a finding of the quality gate.
        public init(message: String, severity: String, field: String?) {
            self.message = message
            tone = severity == "reject" ? "error" : "warning"
            self.field = field.flatMap(TextField.init)?.name ?? "Texts"
        }
    }

    /// Another image.
    public struct Copy: Sendable {
        let id: Int64
        let address: String

        /// Refers to an image.
        public init(_ id: Int64) {
            self.id = id
            address = "/images/\(id)"
        }
    }
}

/// Everything in the database that names an image: a page of its own, because finding it may mean
/// reading every table.
public struct ReferencesView: PageContent {
    /// The template that shows it.
    public static let template = "references"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .images
    /// The scripts that it begins with.
    public static let scripts: [String] = []

    /// The heading.
    public let title: String
    let address: String
    /// The references.
    public var references: [Reference] = []
    /// How many there are.
    public var count = ""
    /// How many more there are than are listed; nil for none.
    public var rest: String?
    /// Values that cannot be rewritten.
    public var opaque: [String] = []
    /// Other hosts that name it.
    public var foreign: [String] = []

    /// Creates the page.
    public init(id: Int64, file: String) {
        title = "References to \(file.isEmpty ? "image \(id)" : file)"
        address = "/images/\(id)"
    }

    /// A reference.
    public struct Reference: Sendable {
        let table: String
        let row: String
        let column: String
        let file: String
        let excerpt: String
        let encoding: String?

        /// Describes a reference.
        public init(
            table: String, row: String, column: String, file: String, excerpt: String,
            encoding: [String]
        ) {
            self.table = table
            self.row = row
            self.column = column
            self.file = file
            self.excerpt = excerpt
            self.encoding = encoding.isEmpty ? nil : encoding.joined(separator: ", ")
        }
    }
}
