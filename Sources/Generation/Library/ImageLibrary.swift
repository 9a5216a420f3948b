public import Inventory
public import Model

/// Port: the images that a run is about, with their texts and what is known of them.
///
/// A run asks about one image at a time, from one task.
public protocol ImageLibrary {
    /// How many images there are.
    ///
    /// - Parameters:
    ///   - missing: only those without this text; nil for all.
    ///   - onlyUsed: only those that are used somewhere.
    /// - Throws: failures of reading.
    func count(missing: MetadataField?, onlyUsed: Bool) throws(MonikerError) -> Int

    /// Images by id, a page at a time.
    ///
    /// - Throws: failures of reading.
    func images(
        missing: MetadataField?, onlyUsed: Bool, after cursor: AttachmentID?, limit: Int
    ) throws(MonikerError) -> InventoryPage

    /// One image; nil where there is none of this id.
    ///
    /// - Throws: failures of reading.
    func image(_ id: AttachmentID) throws(MonikerError) -> InventoryItem?

    /// What is known of an image beside its pixels; nil where there is none of this id.
    ///
    /// - Throws: failures of reading.
    func context(
        for id: AttachmentID, website: String
    ) throws(MonikerError) -> ImageContext?

    /// What tells the picture of an image from other ones: equal for equal pictures only.
    ///
    /// - Throws: what reading the file throws.
    func content(of item: InventoryItem, at path: MediaPath) throws(MonikerError) -> ContentDigest

    /// The names in a folder below uploads; asked for only where files get new names.
    ///
    /// - Throws: what listing the folder throws.
    func names(in folder: MediaPath?) throws(MonikerError) -> [[UInt8]]
}
