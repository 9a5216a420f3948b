import Generation
import Hashing
import Inventory
import Model
import RemoteSite

/// The images of a site over REST, all of them in memory.
struct RemoteLibrary: ImageLibrary {
    private let site: RemoteSite
    private let images: [RemoteImage]
    private let places: [Int64: Int]

    /// Creates a library.
    ///
    /// - Parameter images: by id; the posts of those that are asked about are loaded.
    init(_ site: RemoteSite, _ images: [RemoteImage]) {
        self.site = site
        self.images = images
        places = Dictionary(
            images.enumerated().map { ($1.item.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func count(missing: MetadataField?, onlyUsed: Bool) throws(MonikerError) -> Int {
        images.count { Self.isWanted($0.item, missing, onlyUsed) }
    }

    func images(
        missing: MetadataField?, onlyUsed: Bool, after cursor: AttachmentID?, limit: Int
    ) throws(MonikerError) -> InventoryPage {
        var items: [InventoryItem] = []
        var index = cursor.flatMap { places[$0.rawValue] }.map { $0 + 1 } ?? 0
        while index < images.count, items.count < limit {
            let item = images[index].item
            if Self.isWanted(item, missing, onlyUsed) { items.append(item) }
            index += 1
        }
        let isAtEnd = index >= images.count
        return InventoryPage(
            items: items, next: isAtEnd ? nil : items.last.map { AttachmentID($0.id) })
    }

    private static func isWanted(
        _ item: InventoryItem, _ missing: MetadataField?, _ onlyUsed: Bool
    ) -> Bool {
        (missing.map { item.states[$0] == .missing } ?? true) && (!onlyUsed || item.isUsed)
    }

    func image(_ id: AttachmentID) throws(MonikerError) -> InventoryItem? {
        places[id.rawValue].map { images[$0].item }
    }

    func context(
        for id: AttachmentID, website: String
    ) throws(MonikerError) -> ImageContext? {
        places[id.rawValue].map { site.loadedContext(for: images[$0], website: website) }
    }

    /// Tells pictures apart by what the site says of their files, because no file is fetched only to
    /// find out that an answer about it is kept.
    func content(
        of item: InventoryItem, at path: MediaPath
    ) throws(MonikerError) -> ContentDigest {
        let source = places[item.id].map { images[$0].sourceURL } ?? ""
        let parts = [source, "\(path)", "\(item.bytes ?? -1)", "\(item.width)", "\(item.height)"]
        return SHA256.digest(of: Array(parts.joined(separator: "\u{0}").utf8))
    }

    /// None: files do not get new names over REST.
    func names(in folder: MediaPath?) throws(MonikerError) -> [[UInt8]] { [] }
}
