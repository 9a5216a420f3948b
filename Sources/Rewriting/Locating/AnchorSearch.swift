import Patterns

/// Finds an anchor's places in a text, one after the other, exactly where its pattern matches.
///
/// What a match has as it is, is searched for first; the pattern is only asked where the text around
/// is not the plain one.
struct AnchorSearch {
    private let anchor: Anchor
    private let end: Int
    private var position: Int
    /// Whether the last match is the plain text with `/` behind it.
    private(set) var isPlain = false

    private let searchesWord: Bool
    // Copies, so that a loop counts no references to them.
    private let word: Literal
    private let plain: Literal
    private let wordOffset: Int

    init(_ anchor: Anchor, in range: Range<Int>, takesShortcuts: Bool) {
        searchesWord = takesShortcuts && anchor.hasWord
        self.anchor = anchor
        (word, plain, wordOffset) = (anchor.word, anchor.plain, anchor.wordOffset)
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next match; nil behind the last one.
    mutating func next(in bytes: [UInt8]) -> Range<Int>? {
        guard searchesWord else { return nextMatch(in: bytes) }
        guard let hit = word.firstPosition(in: bytes, position..<max(position, end)) else {
            position = end
            return nil
        }
        let start = hit - wordOffset
        if start >= position, let match = plainMatch(in: bytes, at: start) {
            position = match.upperBound
            return match
        }
        return nextMatch(in: bytes)
    }

    /// The anchor's text as it is, with `/` or `\/` behind and in it.
    private mutating func plainMatch(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        isPlain = true
        if plain.stands(in: bytes, at: start, before: end) {
            return start..<(start + plain.bytes.count)
        }
        var current = start
        for byte in anchor.text {
            guard current < end else { return nil }
            if byte == UInt8(ascii: "/") {
                guard let next = separatorEnd(in: bytes, at: current) else { return nil }
                current = next
            } else {
                guard bytes[current] == byte else { return nil }
                current += 1
            }
        }
        return current < end ? separatorEnd(in: bytes, at: current).map { start..<$0 } : nil
    }

    private mutating func separatorEnd(in bytes: [UInt8], at position: Int) -> Int? {
        if bytes[position] == UInt8(ascii: "/") { return position + 1 }
        // Behind `\/`, `u00` would make the slash a part of what follows.
        guard position + 2 < end, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "/"), bytes[position + 2] != UInt8(ascii: "u")
        else { return nil }
        isPlain = false
        return position + 2
    }

    private mutating func nextMatch(in bytes: [UInt8]) -> Range<Int>? {
        guard position < end, let match = anchor.pattern.firstMatch(in: bytes, position..<end)
        else {
            position = end
            return nil
        }
        position = match.upperBound
        isPlain = false
        return match
    }
}
