/// The SHA-256 of some bytes; what `sha256sum` and SQL's `SHA2(…, 256)` compute.
///
/// Held as four numbers and not as an array: a bulk rename has hundreds of thousands, and an array is
/// an allocation each.
public struct ContentDigest: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// How many bytes a digest has.
    public static let count = 32

    /// 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.count)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// Creates a digest from its 32 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        var index = bytes.startIndex
        func word() -> UInt64 {
            var word: UInt64 = 0
            for _ in 0..<8 {
                word = word << 8 | UInt64(bytes[index])
                bytes.formIndex(after: &index)
            }
            return word
        }
        words = (word(), word(), word(), word())
    }

    /// Creates a digest from 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal: String) {
        let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64, hexadecimal.utf8.count == 64 else { return nil }
        self.init(
            bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    /// The digest as 64 lower-case hexadecimal digits, in ASCII.
    public var hexadecimal: [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// The digest as 64 lower-case hexadecimal digits.
    public var description: String { String(decoding: hexadecimal, as: UTF8.self) }

    /// Whether two digests are the same.
    public static func == (left: ContentDigest, right: ContentDigest) -> Bool {
        left.words == right.words
    }

    /// Whether a digest comes before another, by its bytes.
    public static func < (left: ContentDigest, right: ContentDigest) -> Bool {
        left.words < right.words
    }

    /// Hashes a part of the digest: all its bits are equally good.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
