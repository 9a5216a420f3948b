/// The files with which the service speaks TLS.
public struct TLSFiles: Hashable, Sendable {
    /// The certificate and those that vouch for it, in PEM.
    public var certificate: String
    /// The private key, in PEM; its owner's alone.
    public var key: String

    /// Names the files.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
