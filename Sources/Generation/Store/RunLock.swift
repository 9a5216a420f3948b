import Glibc
import Model

/// One run at a time in a home: two would ask about the same images twice.
///
/// The system gives the lock back when the process ends, however it ends.
struct RunLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `busy`, `permission-denied`.
    init(home: String) throws(MonikerError) {
        let path = home + "/generation.lock"
        // SAFETY: the system only reads the path.
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw MonikerError(
                .permissionDenied,
                "\(path) cannot be opened: check the owner and rights of the home folder")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw MonikerError(
                .busy,
                "another moniker process generates texts with this home: wait for it to end and try again"
            )
        }
    }

    deinit { close(descriptor) }
}
