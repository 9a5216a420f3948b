/// The id of a change set in the journal: `J` and 13 characters of Crockford's base 32.
///
/// The first characters count milliseconds, so ids sort by time; the rest is random, so two homes
/// that serve one site never make the same id.
public struct JournalID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The id as people type it.
    public let description: String

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Creates an id from a clock and a source of randomness.
    ///
    /// - Parameters:
    ///   - milliseconds: since 1970; the low 42 bits count (until the year 2109).
    ///   - random: 22 bits of it are used.
    public init(milliseconds: UInt64, random: UInt64) {
        var value = (milliseconds & (1 << 42 - 1)) << 22 | (random & (1 << 22 - 1))
        var digits: [UInt8] = []
        for _ in 0..<13 {
            digits.append(Self.alphabet[Int(value & 31)])
            value >>= 5
        }
        description = "J" + String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// The milliseconds since 1970 that the first characters count.
    public var milliseconds: UInt64 {
        description.utf8.dropFirst().reduce(0) { value, digit in
            value << 5 | UInt64(Self.alphabet.firstIndex(of: digit) ?? 0)
        } >> 22
    }

    /// Creates an id from what somebody typed, in either letter case; nil if it is not one.
    public init?(_ text: String) {
        // As Moniker writes it, in nearly all cases: homes have thousands.
        let text = Self.isOne(text) ? text : text.uppercased()
        guard Self.isOne(text) else { return nil }
        description = text
    }

    private static func isOne(_ text: String) -> Bool {
        text.utf8.count == 14 && text.utf8.first == UInt8(ascii: "J")
            && text.utf8.dropFirst().allSatisfy { isDigit[Int($0)] }
    }

    /// Whether a byte is one of the alphabet.
    private static let isDigit = (0...UInt8.max).map(alphabet.contains)

    /// Whether the id is older than another.
    public static func < (left: JournalID, right: JournalID) -> Bool {
        left.description < right.description
    }
}
