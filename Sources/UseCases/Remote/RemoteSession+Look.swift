import Inventory
public import Model
import RemoteSite

/// What a site over REST is, and what the user may do there.
public struct RemoteCheckReport: Encodable, Sendable {
    /// Who asks, as the site sees it.
    public struct User: Encodable, Sendable {
        /// The user's id.
        public var id: Int64
        /// The name that others see.
        public var name: String
        /// The roles, such as `editor`.
        public var roles: [String]
    }

    /// The site's name.
    public var name: String
    /// Where the API begins.
    public var api: String
    /// The language of the site as a BCP 47 tag; nil where it cannot be known.
    public var language: String?
    /// Who asks.
    public var user: User
    /// Whether the texts of other people's images may be written.
    public var canEditOthers: Bool
    /// Whether the user's roles let HTML be stored as it is.
    public var canStoreAnyHTML: Bool
    /// Attachments of all kinds, as far as the user may see them.
    public var media: Int
    /// Images.
    public var images: Int

    private enum CodingKeys: String, CodingKey {
        case name, api, language, user, media, images
        case canEditOthers = "can_edit_others"
        case canStoreAnyHTML = "can_store_any_html"
    }

    /// Encodes the report; `language` is always there, as null where it is not known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(api, forKey: .api)
        try container.encode(language, forKey: .language)
        try container.encode(user, forKey: .user)
        try container.encode(canEditOthers, forKey: .canEditOthers)
        try container.encode(canStoreAnyHTML, forKey: .canStoreAnyHTML)
        try container.encode(media, forKey: .media)
        try container.encode(images, forKey: .images)
    }
}

extension RemoteSession {
    /// Tells what the site is, who asks and what is there.
    ///
    /// - Throws: what a request throws (see `RemoteSite.connect`).
    public func check() throws(MonikerError) -> RemoteCheckReport {
        let site = site
        let counts = try Blocking.run { () async throws(MonikerError) in try await site.counts() }
        return RemoteCheckReport(
            name: site.name, api: site.root, language: site.language,
            user: .init(
                id: site.account.id, name: site.account.name, roles: site.account.roles),
            canEditOthers: site.account.canEditOthers,
            canStoreAnyHTML: site.account.canStoreAnyHTML, media: counts.media,
            images: counts.images)
    }

    /// The images of the site, by id, with their texts and the posts that they were uploaded to.
    ///
    /// - Parameters:
    ///   - missing: `alt`, `title`, `caption` or `description`: only those without it.
    ///   - limit: the most images; nil for all.
    /// - Throws: `invalid-argument` for another field; what `RemoteSite.images` throws.
    /// - Complexity: a request for each 100 images, whatever the limit is.
    public func images(
        missing: String? = nil, limit: Int? = nil
    ) throws(MonikerError) -> [ImageListing] {
        let field = try missing.map { name throws(MonikerError) in
            try GenerateOptions.field(name, option: "--missing")
        }
        let (site, show) = (site, report("Reading images"))
        return try Blocking.run { () async throws(MonikerError) in
            let images = try await site.images(progress: show)
            let wanted = images.filter { field.map($0.item.missing.contains) ?? true }
                .prefix(limit ?? .max)
            try await site.loadPosts(of: Array(wanted))
            return wanted.map { ImageListing($0.item, uses: site.loadedContext(for: $0).uses) }
        }
    }
}
