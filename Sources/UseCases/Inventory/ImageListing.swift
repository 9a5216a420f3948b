import Inventory
public import Model

/// A place where an image is used, for lists.
public struct UseSummary: Encodable, Hashable, Sendable {
    /// What refers to it, such as `content` or `product-gallery`.
    public var kind: String
    /// The post's id; nil for an option of the site.
    public var post: Int64?
    /// The post's type; empty for an option.
    public var type: String
    /// The post's title, or what the option is.
    public var title: String
    /// The heading before the image, where it stands in a content.
    public var heading: String
    /// Where the image links to; nil where it is in no link.
    public var link: String?

    init(_ use: ImageUse) {
        kind = use.kind.rawValue
        post = use.post
        type = use.postType
        title = use.title
        heading = use.heading
        link = use.link
    }
}

/// One image in a list.
public struct ImageListing: Encodable, Hashable, Sendable {
    /// The id.
    public var id: Int64
    /// The file, relative to uploads; empty where it lies elsewhere.
    public var file: String
    /// Its MIME type.
    public var mime: String
    /// The width in pixels; nil where it is not known.
    public var width: Int?
    /// The height in pixels; nil where it is not known.
    public var height: Int?
    /// The size of the file; nil where it is not on disk.
    public var bytes: Int64?
    /// The title.
    public var title: String
    /// The text alternative.
    public var alt: String
    /// The caption.
    public var caption: String
    /// The description.
    public var description: String
    /// `present`, `missing` or `decorative`, by field.
    public var fields: [String: String]
    /// The fields that are missing.
    public var missing: [String]
    /// Whether the file has a name that a camera or a program gave it.
    public var cameraName: Bool
    /// The language of its texts, as a BCP 47 tag.
    public var language: String
    /// At how many places it is used.
    public var uses: Int
    /// The first of these places.
    public var usedIn: [UseSummary]

    init(_ item: InventoryItem, uses: [ImageUse]) {
        id = item.id
        file = item.path
        mime = item.mime
        width = item.width > 0 ? item.width : nil
        height = item.height > 0 ? item.height : nil
        bytes = item.bytes
        title = item.texts[.title] ?? ""
        alt = item.texts[.alt] ?? ""
        caption = item.texts[.caption] ?? ""
        description = item.texts[.description] ?? ""
        fields = Dictionary(
            uniqueKeysWithValues: item.states.map { ($0.key.rawValue, $0.value.rawValue) })
        missing = item.missing.map(\.rawValue)
        cameraName = item.hasCameraName
        language = item.language
        self.uses = item.uses
        usedIn = uses.map(UseSummary.init)
    }

    private enum CodingKeys: String, CodingKey {
        case id, file, mime, width, height, bytes, title, alt, caption, description, fields
        case missing, language, uses
        case cameraName = "camera_name"
        case usedIn = "used_in"
    }
}

/// Which images a list shows; conditions that are nil let everything through.
public struct ImageFilter: Hashable, Sendable {
    let inventory: InventoryFilter

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - missing: `alt`, `title`, `caption` or `description`: only those without it.
    ///   - isUsed: only those that are used somewhere, or nowhere.
    ///   - hasCameraName: only those with a name that a camera gave, or the others.
    ///   - isDecorative: only those with an intentionally empty text alternative, or the others.
    ///   - search: only those with this text in file, title, alt text, caption or description.
    /// - Throws: `invalid-argument` for another field.
    public init(
        missing: String? = nil, isUsed: Bool? = nil, hasCameraName: Bool? = nil,
        isDecorative: Bool? = nil, search: String? = nil
    ) throws(MonikerError) {
        let field = missing.flatMap { MetadataField(rawValue: $0.lowercased()) }
        if let missing, field == nil {
            let fields = MetadataField.allCases.map(\.rawValue).joined(separator: ", ")
            throw MonikerError(
                .invalidArgument,
                "images have no field \"\(missing)\": give one of \(fields) to --missing",
                details: ["field": missing])
        }
        inventory = InventoryFilter(
            missing: field, isDecorative: isDecorative, isUsed: isUsed,
            hasCameraName: hasCameraName, search: search)
    }
}

extension Session {
    /// How many images are read at once.
    private static let pageSize = 200
    /// The most places that a list tells of each image.
    private static let listedUses = 5

    /// Gives `body` the images that a filter lets through, by id, a page at a time: at least one
    /// page, which is empty where there are none.
    ///
    /// - Parameters:
    ///   - limit: the most images; nil for all.
    ///   - refreshes: whether changes on the site are read first.
    /// - Throws: what reading the site throws; `inventory-unusable`.
    /// - Complexity: by index; memory for one page, however many images there are.
    public func images(
        _ filter: ImageFilter, limit: Int? = nil, refreshes: Bool = true,
        _ body: ([ImageListing]) -> Void
    ) throws(MonikerError) {
        let inventory = try refreshedInventory(refreshes: refreshes)
        var left = limit ?? .max
        var cursor: AttachmentID?
        while left > 0 {
            let page = try inventory.items(
                filter.inventory, after: cursor, limit: min(left, Self.pageSize))
            var listings: [ImageListing] = []
            for item in page.items {
                let uses =
                    item.isUsed
                    ? try inventory.uses(of: AttachmentID(item.id), limit: Self.listedUses) : []
                listings.append(ImageListing(item, uses: uses))
            }
            body(listings)
            left -= page.items.count
            guard let next = page.next else { return }
            cursor = next
        }
    }
}
