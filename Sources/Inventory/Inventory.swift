import GRDB
public import Model
public import Rewriting
public import WordPress

/// A site as the inventory reads it; nothing is written to it.
public struct InventorySite {
    /// The site's database.
    public var database: any SiteDatabase
    /// The site's uploads folder.
    public var files: any MediaFiles
    /// The prefix of the blog's tables.
    public var prefix: String
    /// Where the uploads are, as WordPress says.
    public var uploads: UploadsFolder
    /// What references to them look like.
    public var location: UploadsLocation

    /// Creates a site.
    public init(
        database: any SiteDatabase, files: any MediaFiles, prefix: String, uploads: UploadsFolder,
        location: UploadsLocation
    ) {
        self.database = database
        self.files = files
        self.prefix = prefix
        self.uploads = uploads
        self.location = location
    }
}

/// The images of a site: which texts they have, where they are used, which are copies.
///
/// What was read is kept in inventory.sqlite; a refresh reads what has changed since (docs/inventory.md
/// says what it notices). Queries answer from the file and never ask the site, but for the context
/// of an image.
///
/// A value of this type belongs to one thread at a time.
public final class Inventory {
    let store: InventoryStore

    /// How long after its last change a folder's version is not yet trusted, in nanoseconds: file
    /// systems tell times in grains, and a second change in the same grain leaves no sign.
    let settling: Int64

    init(store: InventoryStore, settling: Int64) {
        self.store = store
        self.settling = settling
    }

    /// Opens the inventory in a home folder, or begins one.
    ///
    /// A file that is damaged or of another version is made anew: the next refresh is a full one.
    ///
    /// - Throws: `inventory-unusable`.
    public static func open(home: String) throws(MonikerError) -> Inventory {
        Inventory(
            store: try InventoryStore(path: home + "/inventory.sqlite"), settling: 1_000_000_000)
    }

    /// Which files are hashed, to find copies.
    public enum Hashing: String, CaseIterable, Codable, Hashable, Sendable {
        /// None.
        case none
        /// Those that have the size of another one: only they can be copies.
        case sameSize = "same-size"
        /// All.
        case all
    }

    /// Reads what has changed on the site since the last refresh.
    ///
    /// The first refresh is a full one, as is one after the uploads folder, its addresses or the
    /// tables' prefix have become others.
    ///
    /// - Parameters:
    ///   - full: whether everything is read anew. Hashes of unchanged files stay.
    ///   - hashing: which files are hashed.
    /// - Throws: what reading the site throws; `inventory-unusable`. Then the inventory is as it was.
    /// - Complexity: one row of small columns for each post, attachment and relevant value; contents
    ///   and folders only where they have changed. Memory: some dozen bytes for each post, and a
    ///   page of contents.
    public func refresh(
        _ site: InventorySite, full: Bool = false, hashing: Hashing = .sameSize,
        progress: (RefreshProgress) -> Void = { _ in }
    ) throws(MonikerError) -> RefreshReport {
        let (store, settling) = (store, settling)
        return try store.translating {
            try withoutActuallyEscaping(progress) { progress in
                try store.queue.write { database in
                    let refresher = try Refresher(
                        site: site, database: database, path: store.path, settling: settling,
                        isFull: full, progress: progress)
                    return try refresher.run(hashing: hashing)
                }
            }
        }
    }
}
