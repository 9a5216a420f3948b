internal import Glibc
internal import Model

/// An open file descriptor, closed at the end of its life.
///
/// Names are single segments and are resolved relative to it; no call here follows a symbolic link.
struct Descriptor: ~Copyable {
    /// The number that the kernel gave.
    let number: Int32
    /// Who makes the calls.
    let calls: any SystemCalls

    /// Takes ownership of an open descriptor.
    init(owning number: Int32, calls: any SystemCalls) {
        self.number = number
        self.calls = calls
    }

    /// Opens a folder by an absolute path that its owner chose: here symbolic links are followed.
    init(trustedFolder path: [UInt8], calls: any SystemCalls) throws(SystemError) {
        self.init(owning: try calls.openTrustedFolder(path), calls: calls)
    }

    deinit { calls.close(number) }

    /// The complete status of the open file.
    func rawStatus() throws(SystemError) -> stat {
        try calls.status(number)
    }

    /// The status if the open file is a regular file.
    func status() throws(SystemError) -> FileStatus? { try FileStatus(rawStatus()) }

    /// The status of a name, if it is a regular file.
    func status(of name: [UInt8]) throws(SystemError) -> FileStatus? {
        try FileStatus(rawStatus(of: name))
    }

    /// The status of a name that is a regular file; nil also where there is nothing.
    func status(ifPresent name: [UInt8]) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try status(of: name)
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }

    /// The complete status of a name, or of the symbolic link that has the name.
    func rawStatus(of name: [UInt8]) throws(SystemError) -> stat {
        try calls.status(number, name)
    }

    /// Opens a name of this folder.
    func open(_ name: [UInt8], _ flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
        Descriptor(owning: try calls.open(number, name, flags, mode: mode), calls: calls)
    }

    /// Makes the file's data, or the folder's names, durable.
    ///
    /// Never repeated after a failure: the kernel may have dropped the pages that it could not
    /// write, and a second call would report a success that is none.
    func synchronize() throws(SystemError) { try calls.synchronize(number) }

    /// Makes everything on this descriptor's file system durable.
    ///
    /// - Throws: ENOSYS where that could fail unnoticed.
    func synchronizeFileSystem() throws(SystemError) { try calls.synchronizeFileSystem(number) }

    /// Sets the time of the last change, to the nanosecond.
    func setModified(_ nanoseconds: Int64) throws(SystemError) {
        try calls.setModified(number, nanoseconds: nanoseconds)
    }

    /// Gives the file the mode, owner, group and time of a status.
    func adopt(_ status: FileStatus) throws(SystemError) {
        try adoptOwnership(of: status)
        try setModified(status.modified)
    }

    /// Gives the file the mode, owner and group of a status.
    func adoptOwnership(of status: FileStatus) throws(SystemError) {
        let current = try rawStatus()
        // Only where needed: an unprivileged process may not even set the owner that a file has.
        if current.st_uid != status.owner || current.st_gid != status.group {
            try calls.setOwner(number, status.owner, status.group)
        }
        // After the owner, because a change of owner clears the set-user-id bits.
        try calls.setMode(number, status.mode)
    }
}

extension FileStatus {
    /// The status of a regular file; nil for anything else.
    init?(_ status: stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(
            identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            size: Int64(status.st_size), mode: UInt32(status.st_mode & 0o7777),
            owner: status.st_uid, group: status.st_gid, modified: status.modifiedNanoseconds,
            links: UInt64(status.st_nlink))
    }
}

extension stat {
    /// When the content was last changed, in nanoseconds since 1970.
    var modifiedNanoseconds: Int64 {
        Int64(st_mtim.tv_sec) * 1_000_000_000 + Int64(st_mtim.tv_nsec)
    }

    /// When anything was last changed, in nanoseconds since 1970: nobody can set that.
    var changedNanoseconds: Int64 {
        Int64(st_ctim.tv_sec) * 1_000_000_000 + Int64(st_ctim.tv_nsec)
    }

    /// Whether it is a folder.
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
