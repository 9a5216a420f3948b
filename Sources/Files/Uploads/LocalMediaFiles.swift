internal import CLinux
internal import Glibc
public import Model

/// The uploads folder of a site on a Linux file system, its trash, and the store of originals.
///
/// Every name below the uploads folder is resolved by the kernel with openat2(2), which refuses
/// symbolic links and anything outside, so that a folder swapped for a link while we work is an
/// error and never a way out. Not safe to be used from two threads at once.
public final class LocalMediaFiles: MediaFiles {
    /// The absolute path of the uploads folder, for messages.
    let uploads: [UInt8]
    /// The absolute path of the folder for trash and originals.
    let home: [UInt8]
    /// The uploads folder; symbolic links on the way to it are the owner's choice.
    let root: Descriptor
    /// Who makes the system calls.
    let calls: any SystemCalls
    /// Whether the kernel has openat2(2), or a sandbox denies it.
    private let resolvesBeneath: Bool
    /// Trash folders whose names are not durable yet.
    var touchedTrash: Set<TrashFolder> = []
    /// The trash folders of the change set that files were last retired for.
    var openTrash: [TrashFolder: OpenTrash] = [:]
    /// Trash folders that are known not to be there; only a worker remembers them.
    var missingTrash: Set<TrashFolder> = []
    /// What a worker keeps open; nil for all others.
    let openFolders: OpenFolders?
    /// Folders of the store of originals whose names are not durable yet.
    var touchedOriginals: Set<[UInt8]> = []
    /// Originals, each a file, whose data is not durable yet.
    var unsynchronizedOriginals: Set<ContentDigest> = []
    /// The packs of originals; nil where nobody has looked for them.
    var originalPacks: OriginalPacks?
    /// The pack that originals are being added to.
    var packWriter: OriginalPackWriter?

    /// Whether originals can share extents with files; nil where nobody has tried.
    var sharesContents: Bool?

    /// Opens the uploads folder.
    ///
    /// - Parameters:
    ///   - uploads: its absolute path. Symbolic links on the way are followed, once, here.
    ///   - home: the absolute path of the folder for trash and originals; created when needed.
    ///   - calls: who makes the system calls.
    /// - Throws: `uploads-unreadable` when it is no folder or must not be read.
    public convenience init(
        uploads: [UInt8], home: [UInt8], calls: any SystemCalls = LinuxSystemCalls()
    ) throws(MonikerError) {
        try self.init(uploads: uploads, home: home, calls: calls, walkingSegments: false)
    }

    /// As the public initializer; `walkingSegments` never uses openat2(2).
    init(
        uploads: [UInt8], home: [UInt8], calls: any SystemCalls = LinuxSystemCalls(),
        walkingSegments: Bool
    ) throws(MonikerError) {
        self.uploads = uploads
        self.home = home
        self.calls = calls
        openFolders = nil
        do throws(SystemError) {
            root = try Descriptor(trustedFolder: uploads, calls: calls)
        } catch {
            throw unreadable(uploads, error)
        }
        resolvesBeneath = !walkingSegments && root.canOpenBeneath
    }

    /// Uses the same folder for another thread.
    private init(worker other: LocalMediaFiles) throws(SystemError) {
        uploads = other.uploads
        home = other.home
        calls = other.calls
        openFolders = OpenFolders()
        root = try other.root.folder([0x2E])
        resolvesBeneath = other.resolvesBeneath
    }

    /// The same folder for one step of a change set, and for a thread of its own: a worker keeps the
    /// folders open in which it works.
    public func makeWorker() throws(MonikerError) -> (any MediaFiles)? {
        // Others that make system calls count them, or fail at one of them.
        guard calls is LinuxSystemCalls else { return nil }
        do throws(SystemError) {
            return try LocalMediaFiles(worker: self)
        } catch {
            throw unreadable(uploads, error)
        }
    }

    // MARK: Resolution

    /// Opens something below the uploads folder, without symbolic links and without leaving it.
    func openBeneath(_ path: [UInt8], _ flags: Int32) throws(SystemError) -> Descriptor {
        guard resolvesBeneath else { return try openBySegments(path, flags) }
        // Without O_NOFOLLOW, which would say ENOTDIR of a link where a folder is wanted: the
        // resolution itself refuses every link, the last segment's too.
        do throws(SystemError) {
            return Descriptor(
                owning: try calls.openBeneath(root.number, path, flags), calls: calls)
        } catch {
            // The kernel says EXDEV for leaving the folder; elsewhere it means another file system.
            throw error.number == EXDEV ? SystemError(number: ELOOP) : error
        }
    }

    /// What `openBeneath` does where there is no openat2(2): one folder after the other.
    private func openBySegments(
        _ path: [UInt8], _ flags: Int32
    ) throws(SystemError) -> Descriptor {
        var folder = try root.open([0x2E], CLinux_O_PATH | O_DIRECTORY)
        let segments = path.split(separator: UInt8(ascii: "/")).map(Array.init)
        for segment in segments.dropLast() {
            let next: Descriptor
            do throws(SystemError) {
                next = try folder.open(segment, CLinux_O_PATH | O_DIRECTORY)
            } catch {
                throw try folder.isSymbolicLink(segment) ? SystemError(number: ELOOP) : error
            }
            folder = next
        }
        guard let name = segments.last else { return folder }
        do throws(SystemError) {
            return try folder.open(name, flags)
        } catch {
            throw try folder.isSymbolicLink(name) ? SystemError(number: ELOOP) : error
        }
    }

    /// Opens a folder for making, taking and asking names in it.
    func folder(_ directory: MediaPath?) throws(SystemError) -> OpenFolder {
        if let open = openFolders?.folder(directory) { return open }
        let folder = OpenFolder(
            try openBeneath(directory?.bytes ?? [0x2E], CLinux_O_PATH | O_DIRECTORY))
        guard let openFolders else { return folder }
        if openFolders.isFull {
            noteMovedFolders(in: openFolders)
            openFolders.closeUploads()
        }
        openFolders.keep(directory, folder)
        return folder
    }

    /// Makes sure that every folder that was kept open is still the one of its path.
    ///
    /// What was done in one that was moved or replaced was done elsewhere.
    ///
    /// - Throws: `file-changed`.
    public func requireFoldersInPlace() throws(MonikerError) {
        guard let openFolders else { return }
        noteMovedFolders(in: openFolders)
        guard let moved = openFolders.moved else { return }
        throw MonikerError(
            .fileChanged,
            "the folder \"\(moved)\" was moved or replaced while its files were being worked on: try again",
            details: ["path": moved])
    }

    private func noteMovedFolders(in open: OpenFolders) {
        for (directory, folder) in open.uploads where !isInPlace(folder, directory) {
            open.moved = displayText(directory?.bytes ?? uploads)
        }
    }

    private func isInPlace(_ folder: OpenFolder, _ directory: MediaPath?) -> Bool {
        do throws(SystemError) {
            let named = try openBeneath(directory?.bytes ?? [0x2E], CLinux_O_PATH | O_DIRECTORY)
                .rawStatus()
            let open = try folder.descriptor.rawStatus()
            return named.st_dev == open.st_dev && named.st_ino == open.st_ino
        } catch {
            // Whatever the reason: nobody can say that it is there.
            return false
        }
    }

    /// Opens a folder for listing it, and for its own status.
    func readableFolder(_ directory: MediaPath?) throws(SystemError) -> Descriptor {
        try openBeneath(directory?.bytes ?? [0x2E], O_RDONLY | O_DIRECTORY)
    }

    /// Opens a regular file for reading.
    ///
    /// Never waits: a pipe without a writer is refused at once.
    func regularFile(_ path: MediaPath) throws(SystemError) -> Descriptor {
        let file = try open(path)
        guard try file.status() != nil else { throw SystemError(number: ENOENT) }
        return file
    }

    /// Opens whatever has a path for reading.
    private func open(_ path: MediaPath) throws(SystemError) -> Descriptor {
        guard openFolders == nil else {
            return try folder(path.directory).descriptor.open(path.name, O_RDONLY)
        }
        return try openBeneath(path.bytes, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }

    // MARK: Looking

    /// The entries of a folder (nil: the uploads folder itself), without our own trash, unordered.
    ///
    /// - Throws: `file-missing` where there is no such folder, `uploads-unreadable`, `unsafe-path`.
    public func entries(of directory: MediaPath?) throws(MonikerError) -> [DirectoryEntry] {
        do throws(SystemError) {
            let entries = try readableFolder(directory).entries()
            // Our own trash is no media of the site.
            return directory == nil ? entries.filter { $0.name != TrashPlace.folderName } : entries
        } catch {
            let path = directory?.bytes ?? uploads
            guard directory == nil || error.number == EACCES else {
                throw error.explained("list", path)
            }
            throw unreadable(path, error)
        }
    }

    /// The status of a regular file; nil where there is nothing, or not a regular file.
    ///
    /// - Throws: `unsafe-path`, `name-too-long`, `permission-denied`, `file-system-failed`.
    public func status(of path: MediaPath) throws(MonikerError) -> FileStatus? {
        do throws(SystemError) {
            return try folder(path.directory).descriptor.status(of: path.name)
        } catch {
            guard error.number == ENOENT || error.number == ENOTDIR else {
                throw error.explained("look at", path.bytes)
            }
            return nil
        }
    }

    /// The SHA-256 of a file's content, read in pieces.
    ///
    /// - Throws: `file-missing` also for what is not a regular file, `unsafe-path`,
    ///   `permission-denied`, `file-system-failed`.
    public func digest(of path: MediaPath) throws(MonikerError) -> ContentDigest {
        try explaining("read", path.bytes) { () throws(SystemError) in
            try regularFile(path).digest()
        }
    }

    /// The status of a regular file and the SHA-256 of its content, of one and the same open file; nil
    /// where there is nothing, or not a regular file.
    ///
    /// - Throws: as `status(of:)` and `digest(of:)`.
    public func content(of path: MediaPath) throws(MonikerError) -> FileContent? {
        do throws(SystemError) {
            let file = try open(path)
            let raw = try file.rawStatus()
            guard let status = FileStatus(raw) else { return nil }
            return FileContent(
                status: status, changed: raw.changedNanoseconds, digest: try file.digest())
        } catch {
            // What is there and no regular file need not be possible to open.
            guard try status(of: path) != nil else { return nil }
            throw error.explained("read", path.bytes)
        }
    }

    /// The content of a file.
    ///
    /// - Throws: `file-changed` when it is larger than `limit` bytes; else as `digest(of:)`.
    public func contents(of path: MediaPath, limit: Int) throws(MonikerError) -> [UInt8] {
        let contents = try explaining("read", path.bytes) { () throws(SystemError) in
            try regularFile(path).contents(limit: limit)
        }
        guard let contents else {
            throw MonikerError(
                .fileChanged,
                "\"\(path)\" is larger than \(limit) bytes; scan the site again, or leave the file out"
            )
        }
        return contents
    }

    // MARK: Folders

    /// When the folder itself was last changed, in nanoseconds since 1970.
    ///
    /// - Throws: `file-missing`, `unsafe-path`, `permission-denied`.
    public func modified(directory: MediaPath?) throws(MonikerError) -> Int64 {
        try explaining("look at", directory?.bytes ?? uploads) { () throws(SystemError) in
            try folder(directory).descriptor.rawStatus().modifiedNanoseconds
        }
    }

    /// Sets when the folder itself was last changed, to the nanosecond.
    ///
    /// - Throws: `file-missing`, `unsafe-path`, `permission-denied` for other people's folders.
    public func setModified(
        directory: MediaPath?, to nanoseconds: Int64
    ) throws(MonikerError) {
        try explaining("set the time of", directory?.bytes ?? uploads) {
            () throws(SystemError) in
            try readableFolder(directory).setModified(nanoseconds)
        }
    }

    /// Makes changes of names in these folders, and in the trash, durable: one fsync a folder.
    ///
    /// A failed fsync is thrown and never repeated: the second call would claim a success.
    ///
    /// - Throws: `file-missing`, `unsafe-path`, `disk-full`, `file-system-failed`.
    public func synchronize(directories: Set<MediaPath?>) throws(MonikerError) {
        // The trash first: after a power failure a file may have two names, but never none.
        try synchronizeTrash()
        for directory in directories {
            try explaining("make durable", directory?.bytes ?? uploads) {
                () throws(SystemError) in
                try readableFolder(directory).synchronize()
            }
        }
    }
}

extension Descriptor {
    /// Whether the kernel has openat2(2) and lets us call it.
    fileprivate var canOpenBeneath: Bool {
        do throws(SystemError) {
            calls.close(try calls.openBeneath(number, [0x2E], CLinux_O_PATH | O_DIRECTORY))
            return true
        } catch {
            // Whatever the reason, the other way says what is wrong, if anything is.
            return false
        }
    }

    /// Whether a name of this folder is a symbolic link.
    fileprivate func isSymbolicLink(_ name: [UInt8]) throws(SystemError) -> Bool {
        do throws(SystemError) {
            return try rawStatus(of: name).st_mode & S_IFMT == S_IFLNK
        } catch {
            guard error.number == ENOENT else { throw error }
            return false
        }
    }
}

/// The failure of listing a folder.
private func unreadable(_ path: [UInt8], _ error: SystemError) -> MonikerError {
    let reason = error.explained("list", path)
    return MonikerError(
        .uploadsUnreadable,
        "the folder \"\(displayText(path))\" cannot be read; check that it exists and that this user may list it",
        details: reason.details, cause: reason)
}
