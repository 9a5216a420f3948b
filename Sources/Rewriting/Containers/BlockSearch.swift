/// Finds the attributes of block comments: `<!--`, space, `wp:` and a name, space, and the brace that
/// opens them.
///
/// The brace is searched for, because most blocks have no attributes, and what has to stand before it
/// is read backwards: no byte twice, because it has no other brace in it.
struct BlockSearch {
    private let start: Int
    private let end: Int
    private var position: Int

    private static let brace = ByteSet([UInt8(ascii: "{")])
    private static let opening = Literal(Array("<!--".utf8))

    init(in range: Range<Int>) {
        start = range.lowerBound
        position = range.lowerBound
        end = range.upperBound
    }

    /// Where the next attributes open; nil behind the last ones.
    mutating func next(in bytes: [UInt8]) -> Int? {
        while let hit = Self.brace.firstPosition(in: bytes, position..<end) {
            position = hit + 1
            if isOpening(in: bytes, before: hit) { return hit }
        }
        position = end
        return nil
    }

    private func isOpening(in bytes: [UInt8], before brace: Int) -> Bool {
        let nameEnd = skipSpace(bytes, before: brace)
        guard nameEnd < brace else { return false }
        var nameStart = nameEnd
        while nameStart > start, Self.isName(bytes[nameStart - 1]) { nameStart -= 1 }
        // A colon is no part of a name, so that the name begins behind `wp:`.
        guard nameStart < nameEnd, Self.isLetter(bytes[nameStart]), nameStart - start >= 8,
            bytes[nameStart - 1] == UInt8(ascii: ":"), bytes[nameStart - 2] == UInt8(ascii: "p"),
            bytes[nameStart - 3] == UInt8(ascii: "w")
        else { return false }
        let commentEnd = skipSpace(bytes, before: nameStart - 3)
        return commentEnd < nameStart - 3 && commentEnd - start >= 4
            && Self.opening.stands(in: bytes, at: commentEnd - 4, before: end)
    }

    private func skipSpace(_ bytes: [UInt8], before position: Int) -> Int {
        var current = position
        while current > start,
            bytes[current - 1] == 0x20 || (0x09...0x0D).contains(bytes[current - 1])
        {
            current -= 1
        }
        return current
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    private static func isName(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-")
    }
}
