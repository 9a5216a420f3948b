import Model

/// What is known of the folders below uploads and of the text files in them.
struct KnownTexts: Sendable {
    /// A folder as it was listed.
    struct Folder: Sendable {
        var version: EntryVersion
        /// The folders in it.
        var folders: [MediaPath]
        /// The text files in it.
        var texts: [MediaPath]
        /// Their names, in the same order.
        var textNames: [[UInt8]]

        /// - Parameter path: the folder; nil for the uploads folder itself.
        /// - Throws: `unsafe-path` for names that are none.
        init(
            _ path: MediaPath?, version: EntryVersion, folders: [[UInt8]], texts: [[UInt8]]
        ) throws(MonikerError) {
            let start = Self.start(of: path)
            self.version = version
            self.folders = try folders.map { name throws(MonikerError) in
                try MediaPath(validating: start + name)
            }
            self.texts = try texts.map { name throws(MonikerError) in
                try MediaPath(validating: start + name)
            }
            textNames = texts
        }

        /// What the paths in a folder begin with.
        static func start(of path: MediaPath?) -> [UInt8] {
            path.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        }
    }

    /// A text file as it was read.
    struct File: Sendable {
        /// Its number in index.sqlite.
        var id: Int64
        var version: EntryVersion
    }

    /// By path; nil is the uploads folder itself.
    var folders: [MediaPath?: Folder] = [:]
    /// By path.
    var files: [MediaPath: File] = [:]
}

extension EntryVersion {
    /// The version as text.
    var text: String { "\(identity.device) \(identity.inode) \(size) \(modified) \(changed)" }

    /// The version that a text tells; nil where it tells none.
    init?(text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 5, let device = UInt64(parts[0]), let inode = UInt64(parts[1]),
            let size = Int64(parts[2]), let modified = Int64(parts[3]),
            let changed = Int64(parts[4])
        else { return nil }
        self.init(
            identity: FileIdentity(device: device, inode: inode), size: size, modified: modified,
            changed: changed)
    }
}
