internal import CLinux
public import Glibc

/// The system calls of the running kernel.
///
/// Holds nothing, so one value serves any number of threads.
public final class LinuxSystemCalls: SystemCalls, Sendable {
    /// Creates the port.
    public init() {}

    // MARK: Opening

    /// open(2) of a folder by an absolute path, following symbolic links.
    public func openTrustedFolder(_ path: [UInt8]) throws(SystemError) -> Int32 {
        // SAFETY: the path ends with NUL and outlives the call.
        try number(unsafe Glibc.open(terminated(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    /// openat2(2) with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS.
    public func openBeneath(
        _ folder: Int32, _ path: [UInt8], _ flags: Int32
    ) throws(SystemError) -> Int32 {
        // SAFETY: the path ends with NUL and outlives the call.
        try number(unsafe CLinux_openat_beneath(folder, terminated(path), flags | O_CLOEXEC, 0))
    }

    /// openat(2) that follows no symbolic link and never waits.
    public func open(
        _ folder: Int32, _ name: [UInt8], _ flags: Int32, mode: UInt32
    ) throws(SystemError) -> Int32 {
        let flags = flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        // SAFETY: the name ends with NUL and outlives the call.
        return try number(unsafe openat(folder, terminated(name), flags, mode))
    }

    /// close(2).
    public func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    // MARK: Looking

    /// fstat(2).
    public func status(_ descriptor: Int32) throws(SystemError) -> stat {
        var result = stat()
        // SAFETY: the call writes one `stat`, which is what the pointer refers to.
        try check(unsafe fstat(descriptor, &result))
        return result
    }

    /// fstatat(2) with AT_SYMLINK_NOFOLLOW.
    public func status(_ folder: Int32, _ name: [UInt8]) throws(SystemError) -> stat {
        var result = stat()
        // SAFETY: the name ends with NUL; the call writes one `stat`.
        try check(unsafe fstatat(folder, terminated(name), &result, AT_SYMLINK_NOFOLLOW))
        return result
    }

    /// The entries of a folder, by readdir(3).
    public func entries(
        _ folder: Int32
    ) throws(SystemError) -> [(name: [UInt8], type: Int32)] {
        // A second open file description, because reading moves a position that both would share.
        let copy = try number(unsafe openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        // SAFETY: the stream owns `copy` from here on and is closed exactly once, below.
        guard let stream = unsafe fdopendir(copy) else {
            let failure = SystemError.last
            Glibc.close(copy)
            throw failure
        }
        defer { unsafe closedir(stream) }
        var result: [(name: [UInt8], type: Int32)] = []
        while true {
            errno = 0
            // SAFETY: an entry is valid until the next call for the same stream; its name ends
            // with NUL and is copied at once.
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw .last }
                return result
            }
            let name = unsafe bytes(ofCString: CLinux_entry_name(entry))
            if name.count <= 2, name.allSatisfy({ $0 == UInt8(ascii: ".") }) { continue }
            result.append((name, unsafe Int32(entry.pointee.d_type)))
        }
    }

    /// faccessat(2) with the effective user.
    public func isWritable(folder: Int32) -> Bool {
        // SAFETY: the path is a constant that ends with NUL.
        unsafe faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) == 0
    }

    // MARK: Content

    /// read(2).
    public func read(_ file: Int32, into buffer: inout [UInt8]) throws(SystemError) -> Int {
        // SAFETY: the call writes at most `count` bytes into the buffer of that length.
        try count(
            unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress, $0.count)
            })
    }

    /// pread(2).
    public func read(
        _ file: Int32, at offset: Int, into buffer: inout [UInt8]
    ) throws(SystemError) -> Int {
        // SAFETY: the call writes at most `count` bytes into the buffer of that length.
        try count(
            unsafe buffer.withUnsafeMutableBytes {
                unsafe pread(file, $0.baseAddress, $0.count, offset)
            })
    }

    /// lseek(2) to the beginning.
    public func rewind(_ file: Int32) throws(SystemError) {
        guard lseek(file, 0, SEEK_SET) == 0 else { throw .last }
    }

    /// write(2).
    public func write(_ file: Int32, _ bytes: Span<UInt8>) throws(SystemError) -> Int {
        // SAFETY: the span is valid for the closure; the call reads at most its length.
        try count(
            unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) })
    }

    /// ioctl(FICLONE).
    public func clone(_ source: Int32, to target: Int32) throws(SystemError) {
        try check(CLinux_clone(target, source))
    }

    /// copy_file_range(2).
    public func copyRange(
        _ source: Int32, to target: Int32, length: Int
    ) throws(SystemError) -> Int {
        try count(CLinux_copy_file_range(source, target, length))
    }

    // MARK: Status

    /// futimens(2) with UTIME_OMIT for the access time.
    public func setModified(_ descriptor: Int32, nanoseconds: Int64) throws(SystemError) {
        try check(CLinux_set_modified(descriptor, nanoseconds))
    }

    /// fchown(2).
    public func setOwner(
        _ descriptor: Int32, _ owner: UInt32, _ group: UInt32
    ) throws(SystemError) {
        try check(fchown(descriptor, owner, group))
    }

    /// fchmod(2).
    public func setMode(_ descriptor: Int32, _ mode: UInt32) throws(SystemError) {
        try check(fchmod(descriptor, mode))
    }

    // MARK: Names

    /// linkat(2) by way of /proc/self/fd, so that it is the file that was looked at and no other.
    public func link(file: Int32, to folder: Int32, _ name: [UInt8]) throws(SystemError) {
        // SAFETY: the name ends with NUL and outlives the call.
        guard unsafe CLinux_link_descriptor(file, folder, terminated(name)) != 0 else { return }
        let failure = SystemError.last
        // Without /proc every link would fail as if the file were missing.
        if failure.number == ENOENT, unsafe access("/proc/self/fd", F_OK) != 0 {
            throw SystemError(number: ENOSYS)
        }
        throw failure
    }

    /// linkat(2).
    public func link(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        // SAFETY: both names end with NUL and outlive the call.
        try check(unsafe linkat(folder, terminated(name), target, terminated(newName), 0))
    }

    /// renameat2(2) with RENAME_NOREPLACE.
    public func move(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        // SAFETY: both names end with NUL and outlive the call.
        try check(
            unsafe CLinux_renameat2(
                folder, terminated(name), target, terminated(newName), CLinux_RENAME_NOREPLACE))
    }

    /// renameat(2).
    public func moveReplacing(
        _ folder: Int32, _ name: [UInt8], to target: Int32, _ newName: [UInt8]
    ) throws(SystemError) {
        // SAFETY: both names end with NUL and outlive the call.
        try check(unsafe renameat(folder, terminated(name), target, terminated(newName)))
    }

    /// unlinkat(2).
    public func unlink(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        // SAFETY: the name ends with NUL and outlives the call.
        try check(unsafe unlinkat(folder, terminated(name), 0))
    }

    /// unlinkat(2) with AT_REMOVEDIR.
    public func removeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        // SAFETY: the name ends with NUL and outlives the call.
        try check(unsafe unlinkat(folder, terminated(name), AT_REMOVEDIR))
    }

    /// mkdirat(2) for the owner alone.
    public func makeFolder(_ folder: Int32, _ name: [UInt8]) throws(SystemError) {
        // SAFETY: the name ends with NUL and outlives the call.
        try check(unsafe mkdirat(folder, terminated(name), 0o700))
    }

    // MARK: Durability, locks and randomness

    /// fsync(2).
    public func synchronize(_ descriptor: Int32) throws(SystemError) {
        try check(fsync(descriptor))
    }

    /// syncfs(2).
    public func synchronizeFileSystem(_ descriptor: Int32) throws(SystemError) {
        guard Self.reportsFailedWrites else { throw SystemError(number: ENOSYS) }
        try check(CLinux_syncfs(descriptor))
    }

    /// Whether syncfs(2) reports failed writes: since Linux 5.8, says its manual page.
    private static let reportsFailedWrites: Bool = {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return false }
        // SAFETY: the kernel ends the text with NUL.
        let release = unsafe withUnsafeBytes(of: &name.release) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) >= (5, 8)
    }()

    /// Bits from getrandom(2).
    public func randomBits() -> UInt64 { .random(in: .min ... .max) }

    /// flock(2) with LOCK_EX and LOCK_NB.
    public func lock(_ file: Int32) throws(SystemError) {
        try check(flock(file, LOCK_EX | LOCK_NB))
    }

    // MARK: Results

    private func number(_ result: Int32) throws(SystemError) -> Int32 {
        guard result >= 0 else { throw .last }
        return result
    }

    private func count(_ result: Int) throws(SystemError) -> Int {
        guard result >= 0 else { throw .last }
        return result
    }

    private func check(_ result: Int32) throws(SystemError) {
        guard result == 0 else { throw .last }
    }
}

/// A name as C wants it.
private func terminated(_ name: [UInt8]) -> [CChar] {
    var result: [CChar] = []
    // One allocation: a bulk rename makes a million calls.
    result.reserveCapacity(name.count + 1)
    for byte in name { result.append(CChar(bitPattern: byte)) }
    result.append(0)
    return result
}

/// The bytes of a C string, without its NUL.
@unsafe private func bytes(ofCString text: UnsafePointer<CChar>) -> [UInt8] {
    // SAFETY: the caller passes a text that ends with NUL.
    unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}
