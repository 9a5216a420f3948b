internal import Glibc
internal import Model

/// Originals that are a file each: `originals/ab/ab12…`, by their SHA-256.
extension LocalMediaFiles {
    /// The name of an original: 64 hexadecimal digits.
    static func name(of digest: ContentDigest) -> [UInt8] { digest.hexadecimal }

    /// The name of an original's folder: the first two of its digits.
    private static func folderName(of name: [UInt8]) -> [UInt8] { Array(name.prefix(2)) }

    /// Copies an open file, unless the store has it.
    ///
    /// - Parameter isOneOfMany: whether its data becomes durable with `synchronizeOriginals()` only.
    func storeAsFile(
        _ source: borrowing Descriptor, isOneOfMany: Bool
    ) throws(SystemError) -> ContentDigest {
        let open = try madeOriginals()
        var result: ContentDigest?
        try open.descriptor.withTemporary { (file, temporaryName) throws(SystemError) in
            // Of what is stored, because the source may change while it is copied.
            let isShared = sharesContents != false && file.shareContents(of: source)
            sharesContents = isShared
            let digest = try isShared ? file.digest() : file.copyContentsForDigest(of: source)
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
        guard let result else { preconditionFailure("storing ends with a digest or an error") }
        return result
    }

    /// Whether files of the store can share extents with a file; tried once.
    func canShareContents(of source: borrowing Descriptor) throws(SystemError) -> Bool {
        if let sharesContents { return sharesContents }
        let store = try madeOriginals()
        var result = false
        try store.descriptor.withTemporary { (file, temporaryName) throws(SystemError) in
            result = file.shareContents(of: source)
            if let temporaryName { try store.descriptor.unlink(temporaryName) }
        }
        sharesContents = result
        return result
    }

    /// Makes the data of many originals durable: with one call, or file by file where the kernel
    /// does not report what that call could not write.
    func synchronizeContents(in store: borrowing Descriptor) throws(SystemError) {
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

    /// Whether a file of the store has the content of its name.
    func isIntactFile(_ digest: ContentDigest) throws(SystemError) -> Bool {
        guard try sizeOfFile(digest) != nil else { return false }
        return try original(digest).digest() == digest
    }

    /// Whether a file of the store has the content of its name, which is durable then.
    func hasDurableFile(_ digest: ContentDigest) throws(SystemError) -> Bool {
        guard try sizeOfFile(digest) != nil else { return false }
        let file = try original(digest)
        guard try file.digest() == digest else { return false }
        // A process that was killed may have stored it as one of many.
        try file.synchronize()
        touchedOriginals.insert(Self.folderName(of: Self.name(of: digest)))
        return true
    }

    /// How long the file of an original is, in bytes; nil where there is none.
    func sizeOfFile(_ digest: ContentDigest) throws(SystemError) -> Int64? {
        let name = Self.name(of: digest)
        let folderName = Self.folderName(of: name)
        let known: KnownFolder
        if let kept = openFolders?.folderOfOriginals(folderName) {
            known = kept
        } else {
            known = try knownFolder(ofOriginals: folderName)
            openFolders?.keepFolderOfOriginals(folderName, known)
        }
        return try known.folder?.descriptor.status(ifPresent: name)?.size
    }

    /// Removes the file of an original.
    ///
    /// - Throws: ENOENT where there is none.
    func removeFile(_ digest: ContentDigest) throws(SystemError) {
        guard let store = try originalsFolder() else { throw SystemError(number: ENOENT) }
        let name = Self.name(of: digest)
        let folderName = Self.folderName(of: name)
        try store.folder(folderName).unlink(name)
        touchedOriginals.insert(folderName)
    }

    /// The digests of all originals that are a file each.
    func originalsInFiles() throws(SystemError) -> [ContentDigest] {
        guard let store = try originalsFolder() else { return [] }
        var result: [ContentDigest] = []
        for entry in try store.entries() where entry.kind == .directory && entry.name.count == 2 {
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

    /// Opens an original for reading.
    func original(_ digest: ContentDigest) throws(SystemError) -> Descriptor {
        let name = Self.name(of: digest)
        return try Home.open(home, calls: calls).folder(Self.originalsName).folder(
            Self.folderName(of: name)
        )
        .regular(name)
    }

    /// Opens the folder of an original, making it where it is missing, and notes that its names
    /// change.
    private func madeFolder(
        ofOriginal name: [UInt8], in store: borrowing Descriptor
    ) throws(SystemError) -> OpenFolder {
        let folderName = Self.folderName(of: name)
        touchedOriginals.insert(folderName)
        if let open = openFolders?.folderOfOriginals(folderName)?.folder { return open }
        let folder = OpenFolder(try store.makeFolder(folderName))
        openFolders?.keepFolderOfOriginals(folderName, .open(folder))
        return folder
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
