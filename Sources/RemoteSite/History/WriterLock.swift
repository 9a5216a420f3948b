import Glibc
import Model

/// The right to write over REST from a home, which one process at a time has; it ends with the value.
struct WriterLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock without waiting; the system gives it back when the process ends.
    ///
    /// - Throws: `busy` where another process has it; `history-unusable`.
    init(home: String) throws(MonikerError) {
        let path = home + "/remote.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw MonikerError(
                .historyUnusable,
                "\(path) cannot be opened (error \(errno)); check the home folder and its rights")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw MonikerError(
                .busy, "another process is writing to the site from \(home): try again later")
        }
    }

    deinit { close(descriptor) }
}
