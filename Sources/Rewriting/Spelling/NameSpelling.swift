/// Spells a new file name in the dress that the old one wore.
///
/// A character that the reference shows in an escaped form takes that form. What it does not show
/// follows from its separators: percent-encoded ones mean that everything is encoded, JSON's `\/`
/// that other characters are written as `\uXXXX`.
struct NameSpelling {
    /// What the separators of a reference tell.
    struct Separators: Hashable {
        /// How often they are percent-encoded; 0 for plain ones.
        var percentDepth = 0
        /// How often they are escaped with backslashes: 1 for `\/`, 2 for `\\\/`.
        var backslashDepth = 0
        /// Whether they are HTML entities.
        var areEntities = false

        /// Plain separators.
        init() {}

        /// Reads the separator that ends at a position.
        init(in bytes: [UInt8], endingAt end: Int) {
            guard end > 0 else { return }
            switch bytes[end - 1] {
            case UInt8(ascii: "/"):
                var backslashes = 0
                while end - 2 - backslashes >= 0,
                    bytes[end - 2 - backslashes] == UInt8(ascii: "\\")
                { backslashes += 1 }
                while backslashes > 0 {
                    backslashDepth += 1
                    backslashes /= 2
                }
            case UInt8(ascii: "f"), UInt8(ascii: "F"):
                var position = end - 3
                if position >= 0, bytes[position] == UInt8(ascii: "%") {
                    percentDepth = 1
                } else {
                    while position >= 2, bytes[position - 1] == UInt8(ascii: "2"),
                        bytes[position] == UInt8(ascii: "5")
                    {
                        percentDepth += 1
                        position -= 2
                    }
                    // `%25252F`: each `25` is one more level.
                    percentDepth =
                        position >= 0 && bytes[position] == UInt8(ascii: "%")
                        ? percentDepth + 1 : 0
                }
                if percentDepth == 0 { backslashDepth = 1 }
            case UInt8(ascii: ";"): areEntities = true
            default: break
            }
        }
    }

    /// Where a name stands, as far as it decides which characters need an escape.
    enum Place: Hashable {
        /// In a URL.
        case url
        /// In a URL inside CSS's `url(…)` without quotes, where parentheses end it.
        case bareFunction
        /// A path that no URL rules hold for.
        case path
    }

    private let separators: Separators
    private let place: Place
    private var seen: [UInt32: [UInt8]] = [:]
    private var literal: Set<UInt8> = []
    private var isolatedHyphen: [UInt8]?
    private var doubledHyphen: [UInt8]?
    private var sawPercent = false
    private var usesLowercaseDigits = false
    private var nonASCII: [UInt8]?
    private var sawRawNonASCII = false

    /// Learns from a reference.
    ///
    /// - Parameters:
    ///   - reference: the bytes of the anchor and the path.
    ///   - name: the bytes of the file name, inside the reference.
    init(
        bytes: [UInt8], reference: Range<Int>, name: Range<Int>,
        interpretation: CharacterReader.Interpretation, separators: Separators, place: Place
    ) {
        self.separators = separators
        self.place = place
        learnHyphens(
            CharacterReader(bytes: bytes, limit: reference.upperBound, interpretation: .full),
            reference.lowerBound..<name.lowerBound)
        let reader = CharacterReader(
            bytes: bytes, limit: name.upperBound, interpretation: interpretation)
        learnHyphens(reader, name)
        var position = name.lowerBound
        while position < name.upperBound {
            let unit = reader.unit(at: position)
            let raw = bytes[position..<unit.end]
            if raw.count == unit.count {
                if unit.first >= 0x80 { sawRawNonASCII = true } else { literal.insert(unit.first) }
            } else {
                seen[unit.packed] = Array(raw)
                if unit.first >= 0x80 { nonASCII = Array(raw) }
                if raw.first == UInt8(ascii: "%") { sawPercent = true }
            }
            position = unit.end
        }
        if separators.percentDepth > 0 || sawPercent {
            usesLowercaseDigits = Self.percentLetters(bytes[reference]).contains {
                (0x61...0x66).contains($0)
            }
        }
    }

    /// The letters among the hexadecimal digits of percent escapes.
    private static func percentLetters(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var letters: [UInt8] = []
        for position in bytes.indices where bytes[position] == UInt8(ascii: "%") {
            var digits = bytes[(position + 1)...]
            while digits.starts(with: [0x32, 0x35]) { digits = digits.dropFirst(2) }
            letters += digits.prefix(2).filter { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66 }
        }
        return letters
    }

    /// How hyphens are written, alone and next to each other: WordPress writes only `--` as
    /// `\u002d\u002d` in block attributes.
    private mutating func learnHyphens(_ reader: CharacterReader, _ range: Range<Int>) {
        var position = range.lowerBound
        var hyphens: [(raw: [UInt8], index: Int)] = []
        var index = 0
        while position < range.upperBound {
            let unit = reader.unit(at: position)
            if unit.count == 1, unit.first == UInt8(ascii: "-") {
                hyphens.append((Array(reader.bytes[position..<unit.end]), index))
            }
            index += 1
            position = unit.end
        }
        for (offset, hyphen) in hyphens.enumerated() {
            let isDoubled =
                offset > 0 && hyphens[offset - 1].index == hyphen.index - 1
                || offset + 1 < hyphens.count && hyphens[offset + 1].index == hyphen.index + 1
            if isDoubled { doubledHyphen = hyphen.raw } else { isolatedHyphen = hyphen.raw }
        }
    }

    /// The new name in the old one's dress.
    func spelled(_ name: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < name.count {
            let byte = name[position]
            if byte >= 0x80 {
                let end = name[position...].firstIndex { $0 < 0x80 } ?? name.count
                result += spelledNonASCII(Array(name[position..<end]))
                position = end
                continue
            }
            if byte == UInt8(ascii: "-") {
                let isDoubled =
                    position > 0 && name[position - 1] == byte
                    || position + 1 < name.count && name[position + 1] == byte
                result += (isDoubled ? doubledHyphen ?? isolatedHyphen : isolatedHyphen) ?? [byte]
            } else {
                result += spelled(byte)
            }
            position += 1
        }
        return result
    }

    private func spelled(_ byte: UInt8) -> [UInt8] {
        if let form = seen[UInt32(byte)] { return form }
        if Self.isUnreserved(byte) { return [byte] }
        if separators.percentDepth > 0 { return percent([byte], depth: separators.percentDepth) }
        if literal.contains(byte) { return [byte] }
        if separators.backslashDepth > 0, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            return escape + [byte]
        }
        guard place != .path, needsEncoding(byte) else { return [byte] }
        return percent([byte], depth: 1)
    }

    /// Which ASCII characters cannot stand for themselves in a URL's path, or would end it.
    private func needsEncoding(_ byte: UInt8) -> Bool {
        if sawPercent, !Self.isPathCharacter(byte) { return true }
        switch byte {
        case 0...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
            UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "?"),
            UInt8(ascii: "%"), UInt8(ascii: "'"):
            return true
        case UInt8(ascii: "("), UInt8(ascii: ")"): return place == .bareFunction
        default: return false
        }
    }

    private func spelledNonASCII(_ bytes: [UInt8]) -> [UInt8] {
        if separators.percentDepth > 0 { return percent(bytes, depth: separators.percentDepth) }
        if let nonASCII {
            switch nonASCII.first {
            case UInt8(ascii: "%"): return percent(bytes, depth: 1)
            case UInt8(ascii: "&"): return entities(bytes)
            default:
                let count = nonASCII.prefix { $0 == UInt8(ascii: "\\") }.count
                return unicodeEscapes(
                    bytes, backslashes: count,
                    uppercase: nonASCII.contains { (0x41...0x46).contains($0) })
            }
        }
        if sawRawNonASCII { return bytes }
        if sawPercent { return percent(bytes, depth: 1) }
        if separators.backslashDepth > 0 {
            return unicodeEscapes(
                bytes, backslashes: 1 << (separators.backslashDepth - 1), uppercase: false)
        }
        return separators.areEntities ? entities(bytes) : bytes
    }

    // MARK: Forms

    private func percent(_ bytes: [UInt8], depth: Int) -> [UInt8] {
        let digits = Array((usesLowercaseDigits ? "0123456789abcdef" : "0123456789ABCDEF").utf8)
        let sign = Array("%".utf8) + Array(repeating: Array("25".utf8), count: depth - 1).joined()
        return bytes.flatMap { sign + [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// The backslashes before an escaped character: 1, 3, 7 for each level of JSON in JSON.
    private var escape: [UInt8] {
        Array(repeating: UInt8(ascii: "\\"), count: (1 << separators.backslashDepth) - 1)
    }

    private func unicodeEscapes(
        _ bytes: [UInt8], backslashes: Int, uppercase: Bool
    ) -> [UInt8] {
        String(decoding: bytes, as: UTF8.self).utf16.flatMap { unit -> [UInt8] in
            let digits = String(unit, radix: 16, uppercase: uppercase)
            return Array(repeating: UInt8(ascii: "\\"), count: max(1, backslashes))
                + Array("u".utf8)
                + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                + Array(digits.utf8)
        }
    }

    private func entities(_ bytes: [UInt8]) -> [UInt8] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.flatMap {
            Array("&#\($0.value);".utf8)
        }
    }

    /// RFC 3986, section 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte)
            || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
    }

    /// RFC 3986, section 3.3: `pchar`.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "!$&'()*+,;=:@".utf8.contains(byte)
    }
}
