public import Glibc

/// Port: the system calls that Moniker makes on files, and nothing above them.
///
/// Everything that the file system guarantees, or does not, begins here: what is durable, what is
/// atomic, what can fail. Names are single segments relative to an open folder unless said
/// otherwise. Calls are not repeated; a failure is the errno of the call.
public protocol SystemCalls: AnyObject {
    // MARK: Opening

    /// open(2) of a folder by an absolute path, following symbolic links.
    func openTrustedFolder(_ path: [UInt8]) throws(SystemError) -> Int32

    /// openat2(2) of a path of any number of segments, refusing symbolic links and leaving the
    /// folder (ELOOP or EXDEV).
    ///
    /// - Throws: ENOSYS or EPERM where the kernel or a sandbox has no openat2(2).
    func openBeneath(
        _ folder: Int32, _ path: [UInt8], _ flags: Int32
    ) throws(SystemError) -> Int32

    /// openat(2).
    func open(
        _ folder: Int32, _ name: [UInt8], _ flags: Int32, mode: UInt32
    ) throws(SystemError) -> Int32

    /// close(2). A failure means nothing to anybody: what must be durable was synchronized.
    func close(_ descriptor: Int32)

    // MARK: Looking

    /// fstat(2).
    func status(_ descriptor: Int32) throws(SystemError) -> stat

    /// fstatat(2) of the name itself, also where it is a symbolic link.
    func status(_ folder: Int32, _ name: [UInt8]) throws(SystemError) -> stat

    /// The names of a folder with their types (`DT_REG` …), without `.` and `..`.
    func entries(_ folder: Int32) throws(SystemError) -> [(name: [UInt8], type: Int32)]

    /// faccessat(2) with W_OK and X_OK of the folder itself.
    func isWritable(folder: Int32) -> Bool

    // MARK: Content

    /// read(2).
    func read(_ file: Int32, into buffer: inout [UInt8]) throws(SystemError) -> Int

    /// pread(2): does not change where `read(_:into:)` goes on.
    func read(
        _ file: Int32, at offset: Int, into buffer: inout [UInt8]
    ) throws(SystemError) -> Int

    /// lseek(2) to the beginning.
    func rewind(_ file: Int32) throws(SystemError)

    /// write(2); may write less than it was given.
    func write(_ file: Int32, _ bytes: Span<UInt8>) throws(SystemError) -> Int

    /// ioctl(FICLONE).
    func clone(_ source: Int32, to target: Int32) throws(SystemError)

    /// copy_file_range(2) from and to the current positions; 0 at the end.
    func copyRange(
        _ source: Int32, to target: Int32, length: Int
    ) throws(SystemError) -> Int

    // MARK: Status

    /// futimens(2) that leaves the access time as it is.
    func setModified(_ descriptor: Int32, nanoseconds: Int64) throws(SystemError)

    /// fchown(2).
    func setOwner(_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) throws(SystemError)

    /// fchmod(2).
    func setMode(_ descriptor: Int32, _ mode: UInt32) throws(SystemError)

    // MARK: Names

    /// linkat(2) of what a descriptor refers to; never replaces.
    ///
    /// - Throws: ENOSYS where there is no /proc to name a descriptor by.
    func link(file: Int32, to folder: Int32, _ name: [UInt8]) throws(SystemError)

    /// linkat(2) of a name; never replaces.
    func link(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError)

    /// renameat2(2) with RENAME_NOREPLACE.
    ///
    /// - Throws: EINVAL where the file system does not know the flag.
    func move(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError)

    /// renameat(2), which replaces.
    func moveReplacing(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError)

    /// unlinkat(2).
    func unlink(_ folder: Int32, _ name: [UInt8]) throws(SystemError)

    /// unlinkat(2) with AT_REMOVEDIR.
    func removeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError)

    /// mkdirat(2) with mode 0700.
    func makeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError)

    // MARK: Durability, locks and randomness

    /// fsync(2).
    func synchronize(_ descriptor: Int32) throws(SystemError)

    /// syncfs(2): fsync of everything on the file system of a descriptor.
    ///
    /// - Throws: ENOSYS where the kernel would not report what it could not write (before 5.8).
    func synchronizeFileSystem(_ descriptor: Int32) throws(SystemError)

    /// 64 bits that nobody else has, for the names of temporary files.
    func randomBits() -> UInt64

    /// flock(2), exclusive, without waiting: EWOULDBLOCK while somebody else has it.
    func lock(_ file: Int32) throws(SystemError)
}
