internal import Glibc
public import Model

/// The lock that keeps two processes from changing one site at once.
///
/// The kernel releases it when the process ends, however it ends. Another home for the same site
/// is another lock: that is why every change is also checked again where it is made.
public final class SiteLock {
    private let file: Descriptor

    private init(holding file: consuming Descriptor) { self.file = file }

    /// Takes the lock, without waiting for it.
    ///
    /// It is released with the last reference to it.
    ///
    /// - Parameter home: the absolute path of the site's home; created when needed.
    /// - Throws: `busy` while somebody else has it.
    public static func acquire(
        home: [UInt8], calls: any SystemCalls = LinuxSystemCalls()
    ) throws(MonikerError) -> SiteLock {
        do throws(SystemError) {
            let file = try Home.make(home, calls: calls)
                .open(Array("site.lock".utf8), O_RDWR | O_CREAT, mode: 0o600)
            try calls.lock(file.number)
            return SiteLock(holding: file)
        } catch {
            guard error.number != EWOULDBLOCK else {
                throw MonikerError(
                    .busy,
                    "another moniker process is changing this site (lock in \"\(displayText(home))\"); wait for it to end and try again"
                )
            }
            throw error.explained("lock", home)
        }
    }
}
