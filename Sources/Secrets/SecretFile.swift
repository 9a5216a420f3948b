import Glibc

/// A file that holds a secret and that only its owner can read.
public enum SecretFile {
    /// Why a file is not read.
    public enum Refusal: Error, Equatable {
        /// It cannot be opened; a symbolic link is never followed.
        case unopened(isLink: Bool)
        /// It is no regular file of this user or of root.
        case notOwn
        /// Others can read, write or run it; the mode is octal.
        case exposed(mode: String)
        /// It is empty, cannot be read, or is longer than any such secret.
        case noSecret
    }

    /// The text of a file.
    ///
    /// The opened file is judged, so that nobody can swap it in between. Bytes that are no UTF-8
    /// become replacement characters.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: how many bytes are too many.
    /// - Throws: why it was not read.
    public static func text(of path: String, limit: Int) throws(Refusal) -> String {
        // SAFETY: the system only reads the path.
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unopened(isLink: errno == ELOOP) }
        defer { close(descriptor) }
        var status = stat()
        // SAFETY: the system writes the one status.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_uid == geteuid() || status.st_uid == 0
        else { throw .notOwn }
        guard status.st_mode & 0o077 == 0 else {
            throw .exposed(mode: String(status.st_mode & 0o777, radix: 8))
        }
        var bytes = [UInt8](repeating: 0, count: limit)
        // SAFETY: read(2) writes at most as many bytes as the array has.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        guard count > 0, count < limit else { throw .noSecret }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
