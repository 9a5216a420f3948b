public import Model

/// Port: who knows which rows attach files of a folder without reading all that attach one.
public protocol AttachedFileLookup {
    /// The rows of postmeta that attach a file directly in one of some folders, and perhaps others,
    /// by `meta_id`; nil where all have to be read.
    ///
    /// - Parameter folders: as `AttachedFolder.name(of:)` names them.
    func rows(attachingFilesIn folders: [[UInt8]]) throws(MonikerError) -> [Int64]?
}

/// The folder of an attached file, as its row in postmeta tells it.
public enum AttachedFolder {
    /// The key of the rows.
    public static let key = Array("_wp_attached_file".utf8)

    /// The name of the folder in which the file of a row lies directly: the value up to its last
    /// slash.
    public static func name(of value: some BidirectionalCollection<UInt8>) -> [UInt8] {
        value.lastIndex(of: UInt8(ascii: "/")).map { Array(value[...$0]) } ?? []
    }

    /// The name of a folder; nil is the uploads folder itself.
    static func name(of folder: MediaPath?) -> [UInt8] {
        folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
    }
}
