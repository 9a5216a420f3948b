public import Inventory
public import Model

/// An image of the library as REST shows it.
public struct RemoteImage: Hashable, Sendable {
    /// What the inventory would know of it.
    ///
    /// Over REST an empty text alternative looks the same whether its row is there or not: `alt` is
    /// `decorative` only where this home's history says that it was written empty, else `missing`.
    /// `uses` is 1 where the image belongs to a post and 0 else: other uses cannot be seen.
    /// Hashes are not known.
    public var item: InventoryItem
    /// Where its file is, as the site says; empty where it has none.
    public var sourceURL: String
    /// The post that it was uploaded to; nil where it belongs to none.
    public var post: Int64?

    /// Creates an image.
    public init(item: InventoryItem, sourceURL: String, post: Int64? = nil) {
        self.item = item
        self.sourceURL = sourceURL
        self.post = post
    }

    /// The attachment.
    public var id: AttachmentID { AttachmentID(item.id) }
}

extension RemoteImage {
    /// An image of the API's item.
    init(_ media: MediaItem, language: String, isDecorative: Bool) {
        let source = media.sourceURL.prefix { $0 != "?" && $0 != "#" }
        let file =
            media.details.file
            ?? source.firstRange(of: "/uploads/").map {
                String(source[$0.upperBound...])
            }
        let path = displayText((file ?? "").utf8)
        let name = path.split(separator: "/").last ?? ""
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        var states: [MetadataField: FieldState] = [:]
        for (field, text) in media.texts {
            states[field] = text.contains { !$0.isWhitespace } ? .present : .missing
        }
        // Blanks can only come from a row that is there, which makes it decoration.
        if states[.alt] == .missing, isDecorative || !media.alt.isEmpty {
            states[.alt] = .decorative
        }
        item = InventoryItem(
            id: media.id, path: path, mime: displayText(media.mime.utf8),
            width: media.details.width ?? 0, height: media.details.height ?? 0,
            bytes: media.details.filesize, texts: media.texts, states: states,
            hasCameraName: CameraName.matches(stem),
            hasFileNameAsTitle: Self.isFileName(media.title.raw, stem: stem),
            uses: (media.post ?? 0) > 0 ? 1 : 0, language: language)
        sourceURL = media.sourceURL
        post = media.post.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Whether a title is what WordPress makes of a file name on upload.
    private static func isFileName(_ title: String, stem: Substring) -> Bool {
        func plain(_ text: some StringProtocol) -> String {
            text.lowercased().filter { $0.isLetter || $0.isNumber }
        }
        var name = stem
        for suffix in ["-scaled", "-rotated"] where name.hasSuffix(suffix) {
            name = name.dropLast(suffix.count)
        }
        let plainTitle = plain(title)
        guard !plainTitle.isEmpty else { return false }
        if plainTitle == plain(name) { return true }
        // A second `photo.jpg` is `photo-1.jpg` and keeps the title `photo`.
        guard let dash = name.lastIndex(of: "-"),
            name[name.index(after: dash)...].allSatisfy(\.isNumber)
        else { return false }
        return plainTitle == plain(name[..<dash])
    }
}
