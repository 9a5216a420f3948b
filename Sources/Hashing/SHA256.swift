internal import CCrypto
public import Model

/// SHA-256 of bytes that arrive in pieces, computed by OpenSSL's libcrypto.
@safe public struct SHA256: ~Copyable {
    // SAFETY: owned by this value alone, freed once in `deinit`, never handed out.
    private let context: OpaquePointer

    /// The algorithm, looked up once: libcrypto 3 looks for it at each `EVP_sha256()` that is used,
    /// which takes as long as hashing a short value.
    // SAFETY: never freed nor changed, and libcrypto lets all threads read it.
    nonisolated(unsafe) private static let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    /// Starts with no bytes.
    public init() {
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex(context, Self.algorithm, nil) == 1
        else { preconditionFailure("libcrypto has no memory or no SHA-256") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes {
            // SAFETY: the buffer is valid for the length of the closure; libcrypto only reads it.
            _ = unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count)
        }
    }

    /// The digest of all bytes so far; ends the computation.
    public consuming func finalize() -> ContentDigest {
        var output = [UInt8](repeating: 0, count: 32)
        unsafe output.withUnsafeMutableBufferPointer {
            // SAFETY: SHA-256 writes exactly 32 bytes.
            _ = unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
        }
        guard let digest = ContentDigest(bytes: output) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return digest
    }

    /// The digest of some bytes.
    public static func digest(of bytes: [UInt8]) -> ContentDigest {
        var hash = SHA256()
        hash.update(bytes.span)
        return hash.finalize()
    }

    /// The digest of bytes that belong to somebody else.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> ContentDigest {
        let hash = SHA256()
        // SAFETY: the caller's bytes are valid for the length of the call; libcrypto only reads them.
        _ = unsafe EVP_DigestUpdate(hash.context, bytes.baseAddress, bytes.count)
        return hash.finalize()
    }
}
