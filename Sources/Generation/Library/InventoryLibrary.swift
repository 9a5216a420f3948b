public import Inventory
public import Model
import WordPress

/// The images of a site with database access, as its inventory knows them.
public struct InventoryLibrary: ImageLibrary {
    private let inventory: Inventory
    private let site: InventorySite

    /// Creates a library.
    ///
    /// - Parameters:
    ///   - inventory: refreshed, because its texts are what is compared with before writing.
    ///   - site: read for categories, files' contents and names.
    public init(_ inventory: Inventory, _ site: InventorySite) {
        self.inventory = inventory
        self.site = site
    }

    /// How many images there are.
    ///
    /// - Throws: `inventory-unusable`.
    public func count(missing: MetadataField?, onlyUsed: Bool) throws(MonikerError) -> Int {
        try inventory.count(Self.filter(missing, onlyUsed))
    }

    /// Images by id, a page at a time.
    ///
    /// - Throws: `inventory-unusable`.
    public func images(
        missing: MetadataField?, onlyUsed: Bool, after cursor: AttachmentID?, limit: Int
    ) throws(MonikerError) -> InventoryPage {
        try inventory.items(Self.filter(missing, onlyUsed), after: cursor, limit: limit)
    }

    private static func filter(_ missing: MetadataField?, _ onlyUsed: Bool) -> InventoryFilter {
        InventoryFilter(missing: missing, isUsed: onlyUsed ? true : nil)
    }

    /// One image; nil where there is none of this id.
    ///
    /// - Throws: `inventory-unusable`.
    public func image(_ id: AttachmentID) throws(MonikerError) -> InventoryItem? {
        try inventory.item(id)
    }

    /// What the inventory and the site know of an image beside its pixels.
    ///
    /// - Throws: what reading the site throws; `inventory-unusable`.
    public func context(
        for id: AttachmentID, website: String
    ) throws(MonikerError) -> ImageContext? {
        try inventory.context(for: id, in: site, website: website)
    }

    /// The hash of the file: the inventory has it of files that may be copies.
    ///
    /// - Throws: what reading the file throws.
    public func content(
        of item: InventoryItem, at path: MediaPath
    ) throws(MonikerError) -> ContentDigest {
        if let known = item.sha256.flatMap({ ContentDigest(hexadecimal: $0) }) { return known }
        return try site.files.digest(of: path)
    }

    /// The names in a folder below uploads.
    ///
    /// - Throws: what listing the folder throws.
    public func names(in folder: MediaPath?) throws(MonikerError) -> [[UInt8]] {
        try site.files.entries(of: folder).map(\.name)
    }
}
