internal import Model

/// A folder that is open as long as somebody refers to it.
final class OpenFolder {
    /// The folder.
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}

/// What is known of a folder of our own.
enum KnownFolder {
    /// It is there.
    case open(OpenFolder)
    /// It is not there.
    case missing

    /// The folder, if it is there.
    var folder: OpenFolder? {
        if case .open(let folder) = self { folder } else { nil }
    }
}

/// Folders that a worker keeps open from one file to the next.
///
/// Only workers have them: they end with the step that they were made for, and at its end each has
/// to be the folder of its path still.
final class OpenFolders {
    private(set) var uploads: [MediaPath?: OpenFolder] = [:]
    /// One that was found to be moved or replaced.
    var moved: String?
    /// The store of originals.
    var originals: OpenFolder?
    /// The folder of packs; nil where nobody has looked for it.
    var packs: KnownFolder?
    /// The folder of the store that was used last: a worker goes through originals in their order.
    private var lastOfOriginals: (name: [UInt8], folder: KnownFolder)?

    /// The most folders of the uploads folder, of the 1024 descriptors that a process may have open:
    /// those of sixteen years, month by month.
    ///
    /// Originals are stored in the order of their digests, so each comes from another folder.
    private static let most = 192

    /// Whether there is no room for another folder of the uploads folder.
    var isFull: Bool { uploads.count >= Self.most }

    /// The folder of this path; nil where it is not open.
    func folder(_ path: MediaPath?) -> OpenFolder? { uploads[path] }

    /// Keeps a folder of the uploads folder open.
    func keep(_ path: MediaPath?, _ folder: OpenFolder) {
        uploads[path] = folder
    }

    /// Closes all folders of the uploads folder that nobody works in.
    func closeUploads() { uploads.removeAll() }

    /// The folder of this name in the store of originals; nil where it was not the last.
    func folderOfOriginals(_ name: [UInt8]) -> KnownFolder? {
        guard let lastOfOriginals, lastOfOriginals.name == name else { return nil }
        return lastOfOriginals.folder
    }

    /// Keeps what is known of a folder of the store of originals, and of no other.
    func keepFolderOfOriginals(_ name: [UInt8], _ folder: KnownFolder) {
        lastOfOriginals = (name, folder)
    }
}
