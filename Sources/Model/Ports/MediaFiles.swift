/// Port: the site's uploads folder, its trash beside it, and the store of originals.
///
/// No call follows a symbolic link below the uploads folder or leaves it. No call overwrites or
/// unlinks a file of the site. Nothing is durable until the matching `synchronize…` has returned.
public protocol MediaFiles: AnyObject {
    /// The same files for one step of a change set, and for a thread of its own, with what it has to
    /// make durable of its own; nil where one thread has to do everything.
    ///
    /// A worker may keep folders open: it must not outlive the step, and what it did counts only after
    /// `requireFoldersInPlace()`.
    func makeWorker() throws(MonikerError) -> (any MediaFiles)?

    /// Makes sure that every folder that a worker kept open is still the one of its path.
    ///
    /// - Throws: `file-changed` where one was moved or replaced meanwhile.
    func requireFoldersInPlace() throws(MonikerError)

    /// The entries of a folder (nil: the uploads folder itself), without `.` and `..`, unordered.
    ///
    /// - Throws: `file-missing` where there is no such folder, `uploads-unreadable`.
    func entries(of directory: MediaPath?) throws(MonikerError) -> [DirectoryEntry]

    /// The versions of a folder (nil: the uploads folder itself) and of some names in it; nil where
    /// there is no such folder.
    func versions(
        of names: [[UInt8]], in directory: MediaPath?
    ) throws(MonikerError) -> FolderVersions?

    /// The status of a regular file; nil where there is nothing, or not a regular file.
    func status(of path: MediaPath) throws(MonikerError) -> FileStatus?

    /// The SHA-256 of a file's content.
    func digest(of path: MediaPath) throws(MonikerError) -> ContentDigest

    /// The status of a regular file and the SHA-256 of its content; nil where there is nothing, or not
    /// a regular file.
    func content(of path: MediaPath) throws(MonikerError) -> FileContent?

    /// The content of a file. - Throws: `file-changed` when it is larger than `limit` bytes.
    func contents(of path: MediaPath, limit: Int) throws(MonikerError) -> [UInt8]

    /// When the folder itself was last changed, in nanoseconds since 1970.
    func modified(directory: MediaPath?) throws(MonikerError) -> Int64

    /// Sets when the folder itself was last changed.
    func setModified(directory: MediaPath?, to nanoseconds: Int64) throws(MonikerError)

    /// Gives an existing file a second name, never replacing anything.
    ///
    /// Where the file system refuses hard links, the file is copied with mode, owner and times.
    ///
    /// - Parameter identity: the file that `existing` has to name; nil for any.
    /// - Throws: `name-taken` when `new` exists (also when it is the same file), `file-missing`,
    ///   `file-changed` for another file than the one that was asked for.
    func link(
        _ existing: MediaPath, as new: MediaPath, identity: FileIdentity?
    ) throws(MonikerError)

    /// Takes a name away by moving it into the trash of a change set, if it still names `identity`.
    ///
    /// - Returns: false, with nothing changed, when the name is gone or names another file.
    func retire(
        _ path: MediaPath, identity: FileIdentity, into journal: JournalID, as sequence: Int
    ) throws(MonikerError) -> Bool

    /// Gives a retired file its name back, never replacing anything.
    ///
    /// - Returns: false where the trash holds no such file.
    func unretire(
        _ path: MediaPath, from journal: JournalID, as sequence: Int
    ) throws(MonikerError) -> Bool

    /// Empties the trash of a change set. Unknown ids are no error.
    func emptyTrash(of journal: JournalID) throws(MonikerError)

    /// How many retired files wait in the trash, by change set.
    func trash() throws(MonikerError) -> [JournalID: Int]

    /// Replaces the content of a file atomically, keeping mode and owner, if it still has the
    /// digest `expected`; `modified` sets its time (nil: now).
    ///
    /// - Returns: false, with nothing changed, when the content is another.
    func replaceContents(
        of path: MediaPath, expected: ContentDigest, with bytes: [UInt8], modified: Int64?
    ) throws(MonikerError) -> Bool

    /// Takes away the temporary files that a killed process left in these folders and in the store
    /// of originals.
    ///
    /// Only while no other process works on the site: a temporary file may be in use. A folder that
    /// is gone is no error.
    func removeTemporaries(in directories: Set<MediaPath?>) throws(MonikerError)

    /// Makes changes of names in these folders durable: one fsync a folder.
    func synchronize(directories: Set<MediaPath?>) throws(MonikerError)

    /// Copies a file into the store of originals under its SHA-256, unless it is there.
    ///
    /// It is in the store, durably, when `synchronizeOriginals()` has returned, and may not be there
    /// before.
    ///
    /// - Returns: the digest of what was stored.
    func storeOriginal(
        _ path: MediaPath, as storage: OriginalStorage
    ) throws(MonikerError) -> ContentDigest

    /// Adds a file to the originals that `synchronizeOriginals()` puts into the store together; before
    /// that the store is what it was.
    ///
    /// - Returns: the digest of what was added; nil, with nothing changed, for what `storeOriginal`
    ///   has to store.
    func packOriginal(_ path: MediaPath) throws(MonikerError) -> ContentDigest?

    /// Makes all stored originals durable.
    func synchronizeOriginals() throws(MonikerError)

    /// Whether an original is in the store; with `readingData` its content is hashed and compared.
    func hasOriginal(_ digest: ContentDigest, readingData: Bool) throws(MonikerError) -> Bool

    /// How long an original in the store is, in bytes; nil where there is none.
    func originalSize(_ digest: ContentDigest) throws(MonikerError) -> Int64?

    /// Makes a file from a stored original, never replacing anything, with the status's mode, owner
    /// and time.
    func restoreOriginal(
        _ digest: ContentDigest, as path: MediaPath, status: FileStatus
    ) throws(MonikerError)

    /// Removes originals from the store. An unknown digest is no error.
    ///
    /// - Returns: how many were there.
    func removeOriginals(_ digests: Set<ContentDigest>) throws(MonikerError) -> Int

    /// The digests of all stored originals.
    func originals() throws(MonikerError) -> [ContentDigest]
}

extension MediaFiles {
    /// The status, and then the digest.
    public func content(of path: MediaPath) throws(MonikerError) -> FileContent? {
        guard let status = try status(of: path) else { return nil }
        return FileContent(status: status, changed: nil, digest: try digest(of: path))
    }

    /// Nothing: only workers keep folders open.
    public func requireFoldersInPlace() throws(MonikerError) {}

    /// Gives an existing file a second name, whatever file it is.
    public func link(_ existing: MediaPath, as new: MediaPath) throws(MonikerError) {
        try link(existing, as: new, identity: nil)
    }
}
