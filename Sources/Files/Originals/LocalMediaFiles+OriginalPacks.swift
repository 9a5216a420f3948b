internal import Glibc
internal import Hashing
internal import Model

/// Originals that lie together in packs.
extension LocalMediaFiles {
    /// The longest original that is put into a pack, in bytes: making a file for a longer one takes
    /// little of the time that copying it takes.
    private static let mostOfPacked = 1 << 20

    /// Adds an open file to the pack that is being written, unless the store has it.
    ///
    /// - Returns: nil, with nothing changed, for a file that is not for a pack, and where the pack is
    ///   full.
    func pack(_ source: borrowing Descriptor) throws(SystemError) -> ContentDigest? {
        guard packWriter?.isFull != true, try !canShareContents(of: source),
            let content = try source.contents(limit: Self.mostOfPacked)
        else { return nil }
        let digest = SHA256.digest(of: content)
        if case .intact? = try packedContent(digest) {
            // A process that was killed may not have made its name durable.
            touchedOriginals.insert(OriginalPacks.folderName)
            return digest
        }
        if try hasDurableFile(digest) { return digest }
        do throws(SystemError) {
            if packWriter == nil { packWriter = try OriginalPackWriter(in: try madeOriginals()) }
            try packWriter?.add(content, digest: digest)
        } catch {
            // What could be written halfway is no pack any more.
            packWriter = nil
            throw error
        }
        return digest
    }

    /// Puts the pack that is being written into the store; its name is durable with its folder.
    func publishPack() throws(SystemError) {
        guard let writer = packWriter else { return }
        packWriter = nil
        let folder = try madeOriginals().descriptor.makeFolder(OriginalPacks.folderName)
        touchedOriginals.insert(OriginalPacks.folderName)
        try writer.publish(to: folder, from: try OriginalPacks(in: folder).nextNumber)
        // To be looked at again.
        originalPacks = nil
        openFolders?.packs = nil
    }

    /// What the packs have of an original; nil where they do not have it.
    func packedContent(_ digest: ContentDigest) throws(SystemError) -> OriginalPacks.Content? {
        try findInPacks { (packs, folder) throws(SystemError) in
            try packs.content(digest, in: folder)
        }
    }

    /// How long an original in a pack is, in bytes; nil where they do not have it.
    func packedSize(_ digest: ContentDigest) throws(SystemError) -> Int64? {
        try findInPacks { (packs, folder) throws(SystemError) in
            try packs.size(digest, in: folder)
        }
    }

    /// The digests of all originals in packs; one may be in two.
    func packedOriginals() throws(SystemError) -> [ContentDigest] {
        originalPacks = nil
        return try findInPacks { (packs, folder) throws(SystemError) in
            try packs.digests(in: folder)
        } ?? []
    }

    /// Removes originals from the packs.
    ///
    /// - Returns: which were there.
    func removeFromPacks(
        _ digests: Set<ContentDigest>
    ) throws(SystemError) -> Set<ContentDigest> {
        guard let folder = try knownFolder(ofOriginals: OriginalPacks.folderName).folder else {
            return []
        }
        let store = try madeOriginals()
        // Of a process that was killed while it did this: nobody else works on the site.
        try store.descriptor.removeTemporaries()
        originalPacks = nil
        let removed = try OriginalPacks(in: folder.descriptor).remove(
            digests, from: folder.descriptor, of: store)
        if !removed.isEmpty { touchedOriginals.insert(OriginalPacks.folderName) }
        return removed
    }

    /// Asks the packs; again where another process may have made some, or removed some, since it was
    /// looked which there are.
    private func findInPacks<Result>(
        _ find: (inout OriginalPacks, borrowing Descriptor) throws(SystemError) -> Result?
    ) throws(SystemError) -> Result? {
        let isKnown = originalPacks != nil
        if let result = try findInKnownPacks(find) { return result }
        // Nobody else makes packs while a worker works.
        guard isKnown, openFolders == nil else { return nil }
        originalPacks = nil
        return try findInKnownPacks(find)
    }

    private func findInKnownPacks<Result>(
        _ find: (inout OriginalPacks, borrowing Descriptor) throws(SystemError) -> Result?
    ) throws(SystemError) -> Result? {
        guard let folder = try packsFolder() else { return nil }
        do throws(SystemError) {
            if originalPacks == nil { originalPacks = try OriginalPacks(in: folder.descriptor) }
            guard var packs = originalPacks else { return nil }
            // Not copied when it changes.
            originalPacks = nil
            defer { originalPacks = packs }
            return try find(&packs, folder.descriptor)
        } catch {
            // A pack is gone since.
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }

    /// Opens the folder of packs, nil where there is none; a worker keeps it open.
    private func packsFolder() throws(SystemError) -> OpenFolder? {
        if let known = openFolders?.packs { return known.folder }
        let known = try knownFolder(ofOriginals: OriginalPacks.folderName)
        openFolders?.packs = known
        return known.folder
    }
}
