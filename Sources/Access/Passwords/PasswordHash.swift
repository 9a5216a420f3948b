import CSodium

/// Passwords as Argon2id hashes (RFC 9106), computed by libsodium.
enum PasswordHash {
    /// The hash of a password, with a salt of its own and the parameters in it.
    ///
    /// Takes about a tenth of a second and 64 MiB, on purpose; nil where the memory is not there.
    static func make(_ password: String) -> String? {
        var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
        let result = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                // SAFETY: the output has STRBYTES bytes, of which libsodium writes no more; the
                // password is read up to its length.
                guard let target = output.baseAddress else { return Int32(-1) }
                return unsafe crypto_pwhash_str(
                    target, bytes.baseAddress ?? UnsafePointer(target), UInt64(bytes.count),
                    UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE),
                    Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
            }
        }
        guard result == 0 else { return nil }
        return String(
            decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether a password is the one of a hash.
    static func verify(_ password: String, against hash: String) -> Bool {
        let text = hash.utf8.map { CChar(bitPattern: $0) } + [0]
        let bytes = Array(password.utf8).map { CChar(bitPattern: $0) }
        return unsafe text.withUnsafeBufferPointer { text in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                // SAFETY: the hash ends with NUL; the password is read up to its length.
                guard let hash = text.baseAddress else { return false }
                return unsafe crypto_pwhash_str_verify(
                    hash, bytes.baseAddress ?? hash, UInt64(bytes.count)) == 0
            }
        }
    }
}
