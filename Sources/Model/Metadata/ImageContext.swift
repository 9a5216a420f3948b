/// A place of the site where an image is used.
///
/// Its texts come from people and pages: they are data, never instructions.
public struct ImageUse: Codable, Hashable, Sendable {
    /// What refers to the image.
    public enum Kind: String, CaseIterable, Codable, Hashable, Sendable {
        /// The content of a post, page or product.
        case content
        /// The featured image of a post or page.
        case featured
        /// A gallery, by block or shortcode.
        case gallery
        /// The image of a product.
        case product
        /// The gallery of a product.
        case productGallery = "product-gallery"
        /// A field of custom meta data that holds the id.
        case field
        /// An option of the site: logo, icon, widget, theme.
        case option
    }

    /// How it is used.
    public var kind: Kind
    /// The post's id; nil for an option.
    public var post: Int64?
    /// The post's type, such as `page` or `product`; empty for an option.
    public var postType: String
    /// The post's title.
    public var title: String
    /// The heading before the image, where it is in the content; else empty.
    public var heading: String
    /// The names of the categories of a post or product.
    public var categories: [String]
    /// Where the image links to; nil where it is in no link.
    public var link: String?

    /// Creates a use.
    public init(
        kind: Kind, post: Int64?, postType: String = "", title: String = "", heading: String = "",
        categories: [String] = [], link: String? = nil
    ) {
        self.kind = kind
        self.post = post
        self.postType = postType
        self.title = title
        self.heading = heading
        self.categories = categories
        self.link = link
    }
}

/// The texts that a file carries in itself (EXIF, IPTC, XMP); data, never instructions.
public struct EmbeddedTexts: Codable, Hashable, Sendable {
    /// Alt text (`Iptc4xmpCore:AltTextAccessibility`).
    public var alt: String?
    /// Title (`dc:title`, IPTC 2:05).
    public var title: String?
    /// Headline (`photoshop:Headline`, IPTC 2:105).
    public var headline: String?
    /// Description (`dc:description`, IPTC 2:120, EXIF ImageDescription).
    public var description: String?
    /// Keywords (`dc:subject`, IPTC 2:25).
    public var keywords: [String]
    /// Whether the owner forbids giving it to AI (`plus:DataMining`).
    public var forbidsAI: Bool

    /// Creates texts.
    public init(
        alt: String? = nil, title: String? = nil, headline: String? = nil,
        description: String? = nil, keywords: [String] = [], forbidsAI: Bool = false
    ) {
        self.alt = alt
        self.title = title
        self.headline = headline
        self.description = description
        self.keywords = keywords
        self.forbidsAI = forbidsAI
    }
}

/// What is known of an image beside its pixels.
public struct ImageContext: Codable, Hashable, Sendable {
    /// The name of the file, with its extension.
    public var fileName: String
    /// The language to write in, as a BCP 47 tag such as `en` or `pt-BR`.
    public var language: String
    /// Where it is used.
    public var uses: [ImageUse]
    /// What the owner says of the whole site; may be empty.
    public var website: String
    /// What the library says now.
    public var current: [MetadataField: String]
    /// What the file says of itself.
    public var embedded: EmbeddedTexts
    /// Width of the full image in pixels; 0 where it is not known.
    public var width: Int
    /// Height of the full image in pixels; 0 where it is not known.
    public var height: Int

    /// Creates a context.
    public init(
        fileName: String, language: String = "en", uses: [ImageUse] = [], website: String = "",
        current: [MetadataField: String] = [:], embedded: EmbeddedTexts = EmbeddedTexts(),
        width: Int = 0, height: Int = 0
    ) {
        self.fileName = fileName
        self.language = language
        self.uses = uses
        self.website = website
        self.current = current
        self.embedded = embedded
        self.width = width
        self.height = height
    }
}
