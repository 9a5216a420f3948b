internal import Glibc
public import Model

extension LocalMediaFiles {
    /// Copies a file into the store of originals under its SHA-256, unless it is there.
    ///
    /// It is in the store, durably, when `synchronizeOriginals()` has returned. A stored copy that
    /// turns out to be damaged is replaced.
    ///
    /// - Parameter storage: with `.packed`, files of more than a megabyte, and files on file systems
    ///   that share extents, get a file of their own nevertheless.
    /// - Returns: the digest of what was stored.
    /// - Throws: `file-missing`, `unsafe-path`, `permission-denied`, `disk-full`.
    public func storeOriginal(
        _ path: MediaPath, as storage: OriginalStorage = .file
    ) throws(MonikerError) -> ContentDigest {
        let source = try explaining("read", path.bytes) { () throws(SystemError) in
            try regularFile(path)
        }
        return try explaining("keep an original of", path.bytes) { () throws(SystemError) in
            switch storage {
            case .file:
                return try storeAsFile(source, isOneOfMany: false)
            case .fileOfMany:
                return try storeAsFile(source, isOneOfMany: true)
            case .packed:
                if packWriter?.isFull ?? false { try publishPack() }
                if let digest = try pack(source) { return digest }
                return try storeAsFile(source, isOneOfMany: true)
            }
        }
    }

    /// Adds a file to the pack that is being written; the store stays as it is until
    /// `synchronizeOriginals()`, and for good where that is never called.
    ///
    /// - Returns: the digest of what was added, or was there already; nil, with nothing changed, where
    ///   only `storeOriginal` can store the file: one of more than a megabyte, one on a file system
    ///   that shares extents, and where the pack is full.
    /// - Throws: `file-missing`, `unsafe-path`, `permission-denied`, `disk-full`.
    public func packOriginal(_ path: MediaPath) throws(MonikerError) -> ContentDigest? {
        let source = try explaining("read", path.bytes) { () throws(SystemError) in
            try regularFile(path)
        }
        return try explaining("keep an original of", path.bytes) { () throws(SystemError) in
            try pack(source)
        }
    }

    /// Makes all stored originals durable: the pack that is being written, or the files, and one
    /// fsync a folder that was touched.
    ///
    /// - Throws: `disk-full`, `file-system-failed`.
    public func synchronizeOriginals() throws(MonikerError) {
        try explaining("make durable", Self.originalsName) { () throws(SystemError) in
            try publishPack()
            guard !touchedOriginals.isEmpty, let store = try originalsFolder() else { return }
            if !unsynchronizedOriginals.isEmpty {
                try synchronizeContents(in: store)
                unsynchronizedOriginals = []
            }
            for name in touchedOriginals { try store.folder(name).synchronize() }
            try store.synchronize()
            touchedOriginals = []
        }
    }

    /// Whether an original is in the store; with `readingData` its content is hashed and compared.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`; a damaged original is `false`.
    public func hasOriginal(
        _ digest: ContentDigest, readingData: Bool
    ) throws(MonikerError) -> Bool {
        guard readingData else { return try originalSize(digest) != nil }
        return try explaining("read", Self.name(of: digest)) { () throws(SystemError) in
            if case .intact? = try packedContent(digest) { return true }
            return try isIntactFile(digest)
        }
    }

    /// How long an original in the store is, in bytes; nil where there is none.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func originalSize(_ digest: ContentDigest) throws(MonikerError) -> Int64? {
        try explaining("look at", Self.name(of: digest)) { () throws(SystemError) in
            if let size = try packedSize(digest) { return size }
            return try sizeOfFile(digest)
        }
    }

    /// Makes a file from a stored original, never replacing anything, with the status's mode, owner
    /// and time.
    ///
    /// - Throws: `file-missing` when the store or the folder lacks it, `name-taken`, `file-changed` when
    ///   the stored copy is damaged, `disk-full`, `permission-denied`.
    public func restoreOriginal(
        _ digest: ContentDigest, as path: MediaPath, status: FileStatus
    ) throws(MonikerError) {
        let packed = try explaining("read the original", Self.name(of: digest)) {
            () throws(SystemError) in
            try packedContent(digest)
        }
        if case .intact(let content)? = packed {
            return try explaining("restore", path.bytes) { () throws(SystemError) in
                try folder(path.directory).descriptor.make(path.name, adopting: status) {
                    (file) throws(SystemError) in
                    try file.write(content.span)
                }
            }
        }
        let isInFile = try explaining("look at", Self.name(of: digest)) {
            () throws(SystemError) in
            try sizeOfFile(digest) != nil
        }
        if case .damaged? = packed, !isInFile { throw Self.isDamaged(digest, of: path) }
        let source = try explaining("read the original", Self.name(of: digest)) {
            () throws(SystemError) in
            try original(digest)
        }
        do throws(SystemError) {
            try folder(path.directory).descriptor.copy(
                source, as: path.name, adopting: status, verifying: digest)
        } catch {
            guard error.number == EBADMSG else { throw error.explained("restore", path.bytes) }
            throw Self.isDamaged(digest, of: path)
        }
    }

    private static func isDamaged(_ digest: ContentDigest, of path: MediaPath) -> MonikerError {
        MonikerError(
            .fileChanged,
            "the stored original \(digest) of \"\(path)\" is damaged; bring the file back from a backup of the site"
        )
    }

    /// Removes originals from the store; they are gone for good after `synchronizeOriginals()`.
    ///
    /// An unknown digest is no error. Where a pack has others as well, these are copied into another
    /// one, which is durable before the first one goes.
    ///
    /// - Returns: how many were there.
    /// - Throws: `permission-denied`, `disk-full`, `file-system-failed`.
    public func removeOriginals(_ digests: Set<ContentDigest>) throws(MonikerError) -> Int {
        guard !digests.isEmpty else { return 0 }
        return try explaining("remove from", Self.originalsName) { () throws(SystemError) in
            var removed = try removeFromPacks(digests)
            // Listed once: most digests that are given up were removed long ago.
            for digest in digests.intersection(try originalsInFiles()).sorted() {
                try removeFile(digest)
                removed.insert(digest)
            }
            return removed.count
        }
    }

    /// The digests of all stored originals, unordered.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func originals() throws(MonikerError) -> [ContentDigest] {
        try explaining("list", Self.originalsName) { () throws(SystemError) in
            Array(Set(try packedOriginals()).union(try originalsInFiles()))
        }
    }

    // MARK: The store

    /// The name of the store in our home.
    static var originalsName: [UInt8] { Array("originals".utf8) }

    /// Opens the store, making it where it is missing; a worker keeps it open.
    func madeOriginals() throws(SystemError) -> OpenFolder {
        if let open = openFolders?.originals { return open }
        let store = OpenFolder(try Home.make(home, calls: calls).makeFolder(Self.originalsName))
        openFolders?.originals = store
        return store
    }

    /// Opens the store; nil where nothing was ever stored.
    func originalsFolder() throws(SystemError) -> Descriptor? {
        do throws(SystemError) {
            return try Home.open(home, calls: calls).folder(Self.originalsName)
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }

    /// What is known of a folder of the store.
    func knownFolder(ofOriginals name: [UInt8]) throws(SystemError) -> KnownFolder {
        guard let store = try originalsFolder() else { return .missing }
        do throws(SystemError) {
            return .open(OpenFolder(try store.folder(name)))
        } catch {
            guard error.number == ENOENT else { throw error }
            return .missing
        }
    }
}
