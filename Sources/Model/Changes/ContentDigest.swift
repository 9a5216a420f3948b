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
        Self.append(words.0, to: &bytes)
        Self.append(words.1, to: &bytes)
        Self.append(words.2, to: &bytes)
        Self.append(words.3, to: &bytes)
        return bytes
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        var shift = UInt64(64)
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    /// Creates a digest from its 32 bytes; nil for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.count else { return nil }
        words = (
            Self.word(bytes, 0), Self.word(bytes, 8), Self.word(bytes, 16), Self.word(bytes, 24)
        )
    }

    private static func word(_ bytes: [UInt8], _ start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<(start + 8) { word = word << 8 | UInt64(bytes[index]) }
        return word
    }

    /// Creates a digest from 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal: String) {
        let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64, hexadecimal.utf8.count == 64 else { return nil }
        self.init(
            bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    /// The first of its bytes.
    public var firstByte: UInt8 { UInt8(truncatingIfNeeded: words.0 >> 56) }

    /// The digest as 64 lower-case hexadecimal digits, in ASCII.
    public var hexadecimal: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 * Self.count)
        Self.appendDigits(of: words.0, to: &text)
        Self.appendDigits(of: words.1, to: &text)
        Self.appendDigits(of: words.2, to: &text)
        Self.appendDigits(of: words.3, to: &text)
        return text
    }

    private static func appendDigits(of word: UInt64, to text: inout [UInt8]) {
        var shift = UInt64(64)
        while shift > 0 {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: word >> shift) & 15
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
        }
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
