import Glibc
import Model
import NIOCore
import NIOSSL
import Synchronization

/// The certificate and the key that the service shows, which may be read again while it runs.
final class ServerIdentity: Sendable {
    private struct Identity {
        var chain: [NIOSSLCertificateSource]
        var key: NIOSSLPrivateKey
    }

    private let files: TLSFiles
    private let current: Mutex<Identity>

    /// So long a file of certificates may be.
    private static let mostBytes = 1 << 20

    /// Reads the files.
    ///
    /// - Throws: `certificate-unusable` for files that cannot be read, are no PEM, do not belong
    ///   together, or a key that others can read.
    init(_ files: TLSFiles) throws(MonikerError) {
        self.files = files
        current = Mutex(try Self.load(files))
    }

    /// Reads the files again; connections that come from now on are shown what they hold.
    ///
    /// - Throws: `certificate-unusable`; what was read before stays in use then.
    func reload() throws(MonikerError) {
        let loaded = try Self.load(files)
        current.withLock { $0 = loaded }
    }

    /// What a server needs to speak TLS 1.2 or 1.3 as this identity.
    var configuration: TLSConfiguration {
        let now = current.withLock { $0 }
        var configuration = Self.configuration(now)
        configuration.sslContextCallback = { [self] _, promise in
            let now = current.withLock { $0 }
            var shown = NIOSSLContextConfigurationOverride()
            shown.certificateChain = now.chain
            shown.privateKey = .privateKey(now.key)
            promise.succeed(shown)
        }
        return configuration
    }

    private static func configuration(_ identity: Identity) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain, privateKey: .privateKey(identity.key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    // MARK: Reading

    private static func load(_ files: TLSFiles) throws(MonikerError) -> Identity {
        let (certificate, secret) = (
            try read(files.certificate, isSecret: false), try read(files.key, isSecret: true)
        )
        let chain: [NIOSSLCertificateSource]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificate).map { .certificate($0) }
        } catch {
            throw unusable(files.certificate, "is no certificate in PEM", cause: error)
        }
        let identity: Identity
        do {
            identity = Identity(
                chain: chain, key: try NIOSSLPrivateKey(bytes: secret, format: .pem))
        } catch {
            throw unusable(
                files.key, "is no private key in PEM without a passphrase", cause: error)
        }
        do {
            _ = try NIOSSLContext(configuration: configuration(identity))
        } catch {
            throw unusable(
                files.key, "is not the key of the certificate in \(files.certificate)",
                cause: error)
        }
        return identity
    }

    private static func read(_ path: String, isSecret: Bool) throws(MonikerError) -> [UInt8] {
        // SAFETY: the C string lives through the call, which only reads it.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else {
            // SAFETY: strerror's text is copied before anything else runs on this thread.
            let reason = unsafe String(cString: strerror(errno))
            throw unusable(path, "cannot be read (\(reason))")
        }
        defer { close(file) }
        var status = stat()
        // SAFETY: fstat writes to `status` alone.
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= mostBytes
        else {
            throw unusable(path, "is no file of certificates or a key")
        }
        // The descriptor's mode, so that no other file can be put in between.
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw unusable(
                path,
                "can be read by other users: it is a key, so allow its owner alone (chmod 600)"
            )
        }
        var bytes = [UInt8](repeating: 0, count: mostBytes)
        var length = 0
        while length < bytes.count {
            // SAFETY: the kernel writes at most the rest of the array.
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress?.advanced(by: length), $0.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unusable(path, "cannot be read (errno \(errno))") }
            guard count > 0 else { break }
            length += count
        }
        return Array(bytes[..<length])
    }

    private static func unusable(
        _ path: String, _ what: String, cause: (any Error)? = nil
    ) -> MonikerError {
        MonikerError(
            .certificateUnusable,
            "\(path) \(what): give --tls-certificate and --tls-key files that belong together",
            details: ["path": path], cause: cause)
    }
}
