import Glibc
import Model

/// Files that are named on the command line to be written.
enum OutputFile {
    /// Writes a text to a file, in place of what is there.
    ///
    /// It is written beside it first, so that a file that is read meanwhile is whole.
    ///
    /// - Throws: `permission-denied` naming the file and the reason.
    static func write(_ text: String, to path: String) throws(MonikerError) {
        let temporary = path + ".moniker-\(getpid())"
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                // SAFETY: the buffer is as long as it is said to be and lives through the call.
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        // SAFETY: both strings live through the calls, which only read them.
        guard bytes.isEmpty, close(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
            let error = failure(path)
            unsafe unlink(temporary)
            throw error
        }
    }

    private static func failure(_ path: String) -> MonikerError {
        // SAFETY: strerror returns a NUL-terminated string that is read at once.
        let reason = unsafe String(cString: strerror(errno))
        return MonikerError(
            .permissionDenied,
            "\(path) cannot be written (\(reason)): name a file in a folder that you may write to",
            details: ["path": path])
    }
}
