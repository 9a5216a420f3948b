internal import Glibc
public import Model

/// The lock that keeps two processes from changing one site at once.
///
/// The kernel releases it when the process ends, however it ends. The home is locked, and the
/// uploads folder itself, so that a process with another home is kept out before it plans.
public final class SiteLock {
    private let homeFile: Descriptor
    private let uploadsFolder: Descriptor

    private init(holding homeFile: consuming Descriptor, _ uploadsFolder: consuming Descriptor) {
        self.homeFile = homeFile
        self.uploadsFolder = uploadsFolder
    }

    /// Takes the lock, without waiting for it.
    ///
    /// It is released with the last reference to it.
    ///
    /// - Parameters:
    ///   - home: the absolute path of the site's home; created when needed.
    ///   - uploads: the absolute path of the uploads folder.
    ///   - calls: who makes the system calls.
    /// - Throws: `busy` while somebody else has it.
    public static func acquire(
        home: [UInt8], uploads: [UInt8], calls: any SystemCalls = LinuxSystemCalls()
    ) throws(MonikerError) -> SiteLock {
        let homeFile = try locked(home) { () throws(SystemError) in
            let file = try Home.make(home, calls: calls)
                .open(Array("site.lock".utf8), O_RDWR | O_CREAT, mode: 0o600)
            try calls.lock(file.number)
            return file
        }
        let uploadsFolder = try locked(uploads) { () throws(SystemError) in
            let folder = try Descriptor(trustedFolder: uploads, calls: calls)
            do throws(SystemError) {
                try calls.lock(folder.number)
            } catch {
                // NFS locks no folder that is open for reading only; the database's lock remains.
                guard [EBADF, ENOLCK, EOPNOTSUPP, EINVAL].contains(error.number) else {
                    throw error
                }
            }
            return folder
        }
        return SiteLock(holding: homeFile, uploadsFolder)
    }

    private static func locked(
        _ path: [UInt8], _ body: () throws(SystemError) -> Descriptor
    ) throws(MonikerError) -> Descriptor {
        do throws(SystemError) {
            return try body()
        } catch {
            guard error.number != EWOULDBLOCK else {
                throw MonikerError(
                    .busy,
                    "another moniker process is changing this site (lock on \"\(displayText(path))\"); wait for it to end and try again"
                )
            }
            throw error.explained("lock", path)
        }
    }
}
