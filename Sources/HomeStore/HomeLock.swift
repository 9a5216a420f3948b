import Glibc
public import Model

/// The right to do one thing in a home, which one process at a time has; it ends with the value.
///
/// The system gives it back when the process ends, however it ends.
public struct HomeLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock without waiting.
    ///
    /// - Parameters:
    ///   - path: the lock's file, which is made where there is none.
    ///   - busy: the sentence for when another process has the lock.
    ///   - unusable: what is thrown where the file cannot be opened, from the number of the error.
    /// - Throws: `busy` where another process has it; `unusable`.
    public init(
        path: String, busy: @autoclosure () -> String,
        unusable: (_ number: Int32) -> MonikerError
    ) throws(MonikerError) {
        // SAFETY: the system only reads the path.
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw unusable(errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw MonikerError(.busy, busy())
        }
    }

    deinit { close(descriptor) }
}
