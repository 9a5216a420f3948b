import Patterns

/// Parts of a text that are looked at in another way, in ascending order.
struct ClosedRanges {
    private var ranges: [Range<Int>] = []

    /// Where the last one ends.
    var end: Int { ranges.last?.upperBound ?? 0 }

    mutating func append(_ range: Range<Int>) { ranges.append(range) }

    /// Whether a position lies in one of them.
    func contains(_ position: Int) -> Bool { range(containing: position) != nil }

    /// The one that a position lies in.
    ///
    /// - Complexity: O(log n).
    func range(containing position: Int) -> Range<Int>? {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= position { low = middle + 1 } else { high = middle }
        }
        guard low < ranges.count, ranges[low].contains(position) else { return nil }
        return ranges[low]
    }
}

/// Data URIs in a text, which are never opened.
enum DataURIs {
    private static let opening = Pattern(
        #"data:[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,80}[;,]"#, isCaseInsensitive: true)

    /// Whether one may begin somewhere.
    static func areThere(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
        scheme.firstPosition(in: bytes, range) != nil && opening.matches(anywhereIn: bytes, range)
    }

    private static let scheme = Literal(Array("data:".utf8), isCaseInsensitive: true)

    /// The data URIs of a text: up to the quote or parenthesis that closes what opened before them,
    /// else up to white space, a quote, an angle bracket or a parenthesis.
    static func ranges(in bytes: [UInt8], _ range: Range<Int>) -> ClosedRanges {
        var found = ClosedRanges()
        for hit in opening.matches(in: bytes, range)
        where hit.lowerBound >= found.end
            && (hit.lowerBound == range.lowerBound || !isLetter(bytes[hit.lowerBound - 1]))
        {
            found.append(hit.lowerBound..<end(bytes, from: hit, range))
        }
        return found
    }

    /// Letters before it make it another word, such as `metadata:`.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41
    }

    private static func end(
        _ bytes: [UInt8], from hit: Range<Int>, _ range: Range<Int>
    ) -> Int {
        let rest = bytes[hit.upperBound..<range.upperBound]
        let unquotedEnd = {
            rest.firstIndex { $0 <= 0x20 || "\"'<>)".utf8.contains($0) } ?? range.upperBound
        }
        let header = rest.prefix(64).prefix(while: { $0 != 0x2C && $0 > 0x20 })
        if bytes[hit.upperBound - 1] == UInt8(ascii: ";"),
            header.suffix(6).elementsEqual("base64".utf8)
        {
            // Base64 has no white space, so that a `srcset` can go on behind it.
            return unquotedEnd()
        }
        if hit.lowerBound == range.lowerBound { return range.upperBound }
        let closer: [UInt8]
        let before = hit.lowerBound - 1
        switch bytes[before] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let escaped = before > range.lowerBound && bytes[before - 1] == UInt8(ascii: "\\")
            closer = escaped ? [UInt8(ascii: "\\"), bytes[before]] : [bytes[before]]
        case UInt8(ascii: "("): closer = [UInt8(ascii: ")")]
        case UInt8(ascii: ";")
        where bytes[max(range.lowerBound, before - 8)..<before].contains(UInt8(ascii: "&")):
            closer = Array("&".utf8)
        default: return unquotedEnd()
        }
        var position = hit.upperBound
        while position + closer.count <= range.upperBound {
            if bytes[position..<(position + closer.count)].elementsEqual(closer) { return position }
            position += 1
        }
        return range.upperBound
    }
}

/// Serialized strings that stand inside of text, with their lengths: changing what they enclose
/// would break them.
struct EmbeddedStrings {
    private var ranges = ClosedRanges()

    private static let opening = Pattern(
        #"s:[0-9]{1,9}:(?:\\*"|&(?:amp;)*(?:quot|#0*34|#[xX]22);|%22)"#)

    /// Whether one may begin somewhere.
    static func areThere(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
        opening.matches(anywhereIn: bytes, range)
    }

    /// Looks for serialized strings around some positions.
    ///
    /// - Complexity: O(range): the work on lengths that turn out to be untrue is bounded, and when
    ///   the bound is reached a length is believed.
    init(_ bytes: [UInt8], _ range: Range<Int>, around positions: [Int]) {
        guard let last = positions.max() else { return }
        var budget = range.count * 4 + 4096
        for hit in Self.opening.matches(
            in: bytes, range.lowerBound..<min(last + 1, range.upperBound))
        where hit.lowerBound >= ranges.end {
            let text = String(decoding: bytes[(hit.lowerBound + 2)..<hit.upperBound], as: UTF8.self)
            guard let length = Int(text.prefix(while: \.isNumber)) else { continue }
            let quote = bytes[hit].drop {
                $0 != 0x22 && $0 != 0x5C && $0 != 0x26 && $0 != 0x25
            }
            if let end = Self.end(
                bytes, content: hit.upperBound, length: length, quote: Array(quote),
                limit: range.upperBound, budget: &budget)
            {
                ranges.append(hit.upperBound..<end)
            }
        }
    }

    /// Whether a stretch lies in one of them.
    func contains(_ stretch: Range<Int>) -> Bool {
        ranges.range(containing: stretch.lowerBound).map { stretch.upperBound <= $0.upperBound }
            ?? false
    }

    /// The end of a content of so many decoded bytes, if a quote like the opening one and a
    /// semicolon follow.
    private static func end(
        _ bytes: [UInt8], content: Int, length: Int, quote: [UInt8], limit: Int,
        budget: inout Int
    ) -> Int? {
        var position = content
        if quote == [0x22] {
            position += length
        } else {
            let reader = CharacterReader(
                bytes: bytes, limit: limit,
                interpretation: .init(
                    percentDepth: quote.first == 0x25 ? 1 : 0, entities: quote.first == 0x26,
                    backslashes: quote.first == 0x5C))
            var count = 0
            while count < length, position < limit {
                guard budget > 0 else { return limit }
                budget -= 1
                let unit = reader.unit(at: position)
                count += unit.count
                position = unit.end
            }
        }
        guard position < limit, bytes[position..<limit].starts(with: quote) else { return nil }
        let next = position + quote.count
        return next < limit && (bytes[next] == 0x3B || bytes[next] == 0x25) ? position : nil
    }
}
