import CSodium
import Hashing
import Model

/// Bytes that nobody can guess, and comparisons that do not tell where two values differ.
enum SecretBytes {
    /// Random bytes of the system, as URL-safe base64 without padding.
    static func random(bits: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: bits / 8)
        unsafe bytes.withUnsafeMutableBytes { buffer in
            // SAFETY: libsodium fills exactly the buffer that is given.
            if let start = buffer.baseAddress { unsafe randombytes_buf(start, buffer.count) }
        }
        return base64URL(bytes)
    }

    /// The SHA-256 of a text as lower-case hexadecimal digits.
    static func digest(_ text: String) -> String {
        SHA256.digest(of: Array(text.utf8)).description
    }

    /// Whether two texts are the same, in a time that depends on their lengths alone.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        var value: UInt32 = 0
        var bits = 0
        for byte in bytes {
            value = value << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(value >> UInt32(bits)) & 63])
            }
            value &= 1 << UInt32(bits) - 1
        }
        if bits > 0 { text.append(alphabet[Int(value << UInt32(6 - bits)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }
}
