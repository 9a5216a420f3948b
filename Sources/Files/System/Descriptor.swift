internal import CLinux
internal import Glibc
internal import Model

/// An open file descriptor, closed at the end of its life.
///
/// Names are single segments and are resolved relative to it; no call here follows a symbolic link.
struct Descriptor: ~Copyable {
    /// The number that the kernel gave.
    let number: Int32

    /// Takes ownership of what a system call returned.
    ///
    /// - Throws: errno when the call failed.
    init(owning result: Int32) throws(SystemError) {
        guard result >= 0 else { throw .last }
        number = result
    }

    /// Opens a folder by an absolute path that its owner chose: here symbolic links are followed.
    init(trustedFolder path: [UInt8]) throws(SystemError) {
        // SAFETY: `terminated` ends with NUL and outlives the call.
        try self.init(
            owning: unsafe Glibc.open(terminated(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    deinit { close(number) }

    /// The complete status of the open file.
    func rawStatus() throws(SystemError) -> stat {
        var result = stat()
        // SAFETY: the call writes one `stat`, which is what the pointer refers to.
        try check(unsafe fstat(number, &result))
        return result
    }

    /// The status if the open file is a regular file.
    func status() throws(SystemError) -> FileStatus? { try FileStatus(rawStatus()) }

    /// The status of a name, if it is a regular file.
    func status(of name: [UInt8]) throws(SystemError) -> FileStatus? {
        try FileStatus(rawStatus(of: name))
    }

    /// The complete status of a name, or of the symbolic link that has the name.
    func rawStatus(of name: [UInt8]) throws(SystemError) -> stat {
        var result = stat()
        // SAFETY: the name ends with NUL; the call writes one `stat`.
        try check(unsafe fstatat(number, terminated(name), &result, AT_SYMLINK_NOFOLLOW))
        return result
    }

    /// Opens a name of this folder.
    func open(_ name: [UInt8], _ flags: Int32, mode: mode_t = 0) throws(SystemError) -> Descriptor {
        // SAFETY: the name ends with NUL and outlives the call.
        try Descriptor(
            owning: unsafe openat(
                number, terminated(name), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                mode))
    }

    /// Makes the file's data, or the folder's names, durable.
    ///
    /// Never repeated after a failure: the kernel may have dropped the pages that it could not
    /// write, and a second call would report a success that is none.
    func synchronize() throws(SystemError) { try check(fsync(number)) }

    /// Sets the time of the last change, to the nanosecond.
    func setModified(_ nanoseconds: Int64) throws(SystemError) {
        try check(CLinux_set_modified(number, nanoseconds))
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
            try check(fchown(number, status.owner, status.group))
        }
        // After the owner, because a change of owner clears the set-user-id bits.
        try check(fchmod(number, status.mode))
    }
}

/// Throws the errno of a call that returned -1.
func check(_ result: Int32) throws(SystemError) {
    guard result == 0 else { throw .last }
}

/// A name as C wants it.
func terminated(_ name: [UInt8]) -> [CChar] {
    var result = name.map(CChar.init(bitPattern:))
    result.append(0)
    return result
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

    /// Whether it is a folder.
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
