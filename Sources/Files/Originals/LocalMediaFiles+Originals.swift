internal import Glibc
public import Model

extension LocalMediaFiles {
    /// Copies a file into the store of originals under its SHA-256, unless it is there.
    ///
    /// Its data is durable then, its name after `synchronizeOriginals()`. A stored copy that turns out
    /// to be damaged is replaced.
    ///
    /// - Parameter isOneOfMany: whether its data, too, may become durable only with
    ///   `synchronizeOriginals()`, which then synchronizes the whole file system at once.
    /// - Returns: the digest of what was stored.
    /// - Throws: `file-missing`, `unsafe-path`, `permission-denied`, `disk-full`.
    public func storeOriginal(
        _ path: MediaPath, asOneOfMany isOneOfMany: Bool = false
    ) throws(MonikerError) -> ContentDigest {
        let source = try explaining("read", path.bytes) { () throws(SystemError) in
            try regularFile(path)
        }
        var result: ContentDigest?
        try explaining("keep an original of", path.bytes) { () throws(SystemError) in
            let open = try madeOriginals()
            try open.descriptor.withTemporary { (file, temporaryName) throws(SystemError) in
                // Of what is stored, because the source may change while it is copied.
                let isShared = sharesContents && file.shareContents(of: source)
                sharesContents = isShared
                let digest =
                    try isShared ? file.digest() : file.copyContentsForDigest(of: source)
                if isOneOfMany {
                    unsynchronizedOriginals.insert(digest)
                } else {
                    try file.synchronize()
                }
                let name = Self.name(of: digest)
                let folder = try madeFolder(ofOriginal: name, in: open.descriptor)
                result = digest
                do throws(SystemError) {
                    try open.descriptor.publish(
                        file, named: temporaryName, to: folder.descriptor, as: name)
                    return
                } catch {
                    guard error.number == EEXIST else { throw error }
                }
                let stored = try folder.descriptor.regular(name)
                if try stored.digest() == digest {
                    // A process that was killed may have stored it as one of many.
                    if !isOneOfMany { try stored.synchronize() }
                    if let temporaryName { try open.descriptor.unlink(temporaryName) }
                } else {
                    // The disk lost what was there: a copy that is none must not pass for one.
                    try folder.descriptor.unlink(name)
                    try open.descriptor.publish(
                        file, named: temporaryName, to: folder.descriptor, as: name)
                }
            }
        }
        guard let result else { preconditionFailure("storing ends with a digest or an error") }
        return result
    }

    /// Makes the names of all stored originals durable: one fsync a folder that was touched.
    ///
    /// - Throws: `disk-full`, `file-system-failed`.
    public func synchronizeOriginals() throws(MonikerError) {
        try explaining("make durable", Self.originalsName) { () throws(SystemError) in
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

    /// Makes the data of many originals durable: with one call, or file by file where the kernel
    /// does not report what that call could not write.
    private func synchronizeContents(in store: borrowing Descriptor) throws(SystemError) {
        do throws(SystemError) {
            try store.synchronizeFileSystem()
        } catch {
            guard error.number == ENOSYS else { throw error }
            for digest in unsynchronizedOriginals {
                let name = Self.name(of: digest)
                try store.folder(Self.folderName(of: name)).regular(name).synchronize()
            }
        }
    }

    /// Whether an original is in the store; with `readingData` its content is hashed and compared.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`; a damaged original is `false`.
    public func hasOriginal(
        _ digest: ContentDigest, readingData: Bool
    ) throws(MonikerError) -> Bool {
        try explaining("read", Self.name(of: digest)) { () throws(SystemError) in
            do throws(SystemError) {
                guard readingData else { return try storedSize(digest) != nil }
                return try original(digest).digest() == digest
            } catch {
                guard error.number == ENOENT else { throw error }
                return false
            }
        }
    }

    /// How long an original in the store is, in bytes; nil where there is none.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func originalSize(_ digest: ContentDigest) throws(MonikerError) -> Int64? {
        try explaining("look at", Self.name(of: digest)) { () throws(SystemError) in
            do throws(SystemError) {
                return try storedSize(digest)
            } catch {
                guard error.number == ENOENT else { throw error }
                return nil
            }
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
        let source = try explaining("read the original", Self.name(of: digest)) {
            () throws(SystemError) in
            try original(digest)
        }
        do throws(SystemError) {
            try folder(path.directory).descriptor.copy(
                source, as: path.name, adopting: status, verifying: digest)
        } catch {
            guard error.number == EBADMSG else { throw error.explained("restore", path.bytes) }
            throw MonikerError(
                .fileChanged,
                "the stored original \(digest) of \"\(path)\" is damaged; bring the file back from a backup of the site"
            )
        }
    }

    /// Removes an original from the store.
    ///
    /// An unknown digest is no error.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func removeOriginal(_ digest: ContentDigest) throws(MonikerError) {
        try explaining("remove the original", Self.name(of: digest)) { () throws(SystemError) in
            do throws(SystemError) {
                guard let store = try originalsFolder() else { return }
                let name = Self.name(of: digest)
                let folderName = Self.folderName(of: name)
                try store.folder(folderName).unlink(name)
                touchedOriginals.insert(folderName)
            } catch {
                guard error.number == ENOENT else { throw error }
            }
        }
    }

    /// The digests of all stored originals, unordered.
    ///
    /// - Throws: `permission-denied`, `file-system-failed`.
    public func originals() throws(MonikerError) -> [ContentDigest] {
        try explaining("list", Self.originalsName) { () throws(SystemError) in
            guard let store = try originalsFolder() else { return [] }
            var result: [ContentDigest] = []
            for entry in try store.entries() where entry.kind == .directory {
                for file in try store.folder(entry.name).entries() where file.kind == .file {
                    let name = String(decoding: file.name, as: UTF8.self)
                    guard let digest = ContentDigest(hexadecimal: name),
                        Self.name(of: digest) == file.name,
                        Self.folderName(of: file.name) == entry.name
                    else { continue }
                    result.append(digest)
                }
            }
            return result
        }
    }

    // MARK: Places

    /// The name of the store in our home.
    private static var originalsName: [UInt8] { Array("originals".utf8) }

    /// The name of an original: 64 hexadecimal digits.
    private static func name(of digest: ContentDigest) -> [UInt8] {
        digest.hexadecimal
    }

    /// The name of an original's folder: the first two of its digits.
    private static func folderName(of name: [UInt8]) -> [UInt8] { Array(name.prefix(2)) }

    /// Opens the store, making it where it is missing; a worker keeps it open.
    private func madeOriginals() throws(SystemError) -> OpenFolder {
        if let open = openFolders?.originals { return open }
        let store = OpenFolder(try Home.make(home, calls: calls).makeFolder(Self.originalsName))
        openFolders?.originals = store
        return store
    }

    /// Opens the folder of an original, making it where it is missing, and notes that its names
    /// change.
    private func madeFolder(
        ofOriginal name: [UInt8], in store: borrowing Descriptor
    ) throws(SystemError) -> OpenFolder {
        let folderName = Self.folderName(of: name)
        touchedOriginals.insert(folderName)
        guard let openFolders else { return OpenFolder(try store.makeFolder(folderName)) }
        if let open = openFolders.folderOfOriginals(folderName) { return open }
        let folder = OpenFolder(try store.makeFolder(folderName))
        openFolders.keepFolderOfOriginals(folderName, folder)
        return folder
    }

    /// The size of what the store has for a digest; nil for what is no regular file.
    private func storedSize(_ digest: ContentDigest) throws(SystemError) -> Int64? {
        let name = Self.name(of: digest)
        guard let openFolders else { return try original(digest).status()?.size }
        let folderName = Self.folderName(of: name)
        if let open = openFolders.folderOfOriginals(folderName) {
            return try open.descriptor.status(of: name)?.size
        }
        let folder = OpenFolder(
            try Home.open(home, calls: calls).folder(Self.originalsName).folder(folderName))
        openFolders.keepFolderOfOriginals(folderName, folder)
        return try folder.descriptor.status(of: name)?.size
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

    /// Opens an original for reading.
    private func original(_ digest: ContentDigest) throws(SystemError) -> Descriptor {
        let name = Self.name(of: digest)
        return try Home.open(home, calls: calls).folder(Self.originalsName).folder(
            Self.folderName(of: name)
        )
        .regular(name)
    }
}

extension Descriptor {
    /// Opens a regular file of this folder for reading.
    fileprivate func regular(_ name: [UInt8]) throws(SystemError) -> Descriptor {
        let file = try open(name, O_RDONLY)
        guard try file.status() != nil else { throw SystemError(number: ENOENT) }
        return file
    }
}
