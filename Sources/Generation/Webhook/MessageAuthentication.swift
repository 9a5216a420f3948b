import Hashing
import Model

/// HMAC-SHA256 (RFC 2104).
enum MessageAuthentication {
    private static let blockSize = 64

    /// The code of a message, as lower-case hexadecimal digits.
    static func code(of message: [UInt8], key: [UInt8]) -> String {
        var block = key.count > blockSize ? SHA256.digest(of: key).bytes : key
        block += [UInt8](repeating: 0, count: blockSize - block.count)
        let inner = SHA256.digest(of: block.map { $0 ^ 0x36 } + message)
        return SHA256.digest(of: block.map { $0 ^ 0x5C } + inner.bytes).description
    }
}
