import Glibc
public import Model

extension APIKey {
    /// The key that the environment holds for a provider; nil where its variable is not set.
    ///
    /// - Throws: `key-missing` where the variable holds no usable key.
    public static func from(
        environment: [String: String], for provider: ProviderChoice
    ) throws(MonikerError) -> APIKey? {
        guard let text = environment[provider.keyVariable], !text.isEmpty else { return nil }
        guard let key = APIKey(text) else {
            throw MonikerError(
                .keyMissing,
                "\(provider.keyVariable) holds blanks or other characters that no key has; "
                    + "set it again")
        }
        return key
    }

    /// The key in a file that only its owner can read.
    ///
    /// - Throws: `key-missing` where there is no such file or no key in it; `key-file-unsafe`
    ///   where others can read or write it, or it is no regular file of this user.
    public static func from(file path: String) throws(MonikerError) -> APIKey {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw MonikerError(
                errno == ELOOP ? .keyFileUnsafe : .keyMissing,
                "the key file \(path) cannot be opened as a file; check the path and its owner")
        }
        defer { close(descriptor) }
        var status = stat()
        // The opened file is judged, so nobody can swap it in between.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_uid == geteuid() || status.st_uid == 0
        else {
            throw MonikerError(
                .keyFileUnsafe, "the key file \(path) is no regular file of yours; make one")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw MonikerError(
                .keyFileUnsafe,
                "the key file \(path) can be used by others (mode \(mode)); run chmod 600 on it "
                    + "and renew the key if others may have read it")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        // SAFETY: read(2) writes at most as many bytes as the array has.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        guard count > 0, count < bytes.count,
            let key = APIKey(String(decoding: bytes[..<count], as: UTF8.self))
        else {
            throw MonikerError(
                .keyMissing, "the key file \(path) does not hold one key and nothing else")
        }
        return key
    }
}
