/// How a string is encoded as a whole, and how replaced text in it is encoded again in the same
/// style.
struct LayerCodec {
    /// The encoding.
    enum Kind: Hashable {
        /// The content of a JSON string.
        case json
        /// The content of a JSON string in a block comment, which WordPress escapes further.
        case blockAttributes
        /// Backslashes before quotes, as addslashes writes them.
        case slashes
        /// HTML entities, as htmlspecialchars writes them.
        case entities
        /// Percent-encoding, as rawurlencode writes it.
        case percent
        /// The content of a PHP `S:` string.
        case hexadecimal
    }

    let kind: Kind
    /// Whether `/` is written as `\/`.
    private var escapesSlash = false
    /// Whether other than ASCII is written as an escape.
    private var escapesUnicode = false
    private var usesUppercaseDigits = false
    private var escapesIsolatedHyphen = false
    private var escapesApostrophe = false
    private var literal: Set<UInt8> = []

    /// A codec that only decodes.
    init(_ kind: Kind) { self.kind = kind }

    /// Learns the style of a string or document.
    init(_ kind: Kind, learningFrom bytes: [UInt8], _ range: Range<Int>) {
        self.kind = kind
        switch kind {
        case .json, .blockAttributes: learnJSON(bytes, range)
        case .slashes: escapesApostrophe = Self.contains(#"\'"#, bytes, range)
        case .entities: escapesApostrophe = Self.contains("&#0", bytes, range)
        case .percent:
            for position in range {
                let byte = bytes[position]
                if byte == UInt8(ascii: "%") {
                    let digits = bytes[
                        min(position + 1, range.upperBound)..<min(position + 3, range.upperBound)]
                    if digits.contains(where: { (0x41...0x46).contains($0) }) {
                        usesUppercaseDigits = true
                    }
                } else {
                    literal.insert(byte)
                }
            }
        case .hexadecimal: break
        }
    }

    /// Whether text of unreserved characters stays as it is in a document of any style that the
    /// document can have.
    static func keepsUnreserved(
        _ text: [UInt8], _ kind: Kind, in bytes: [UInt8], _ range: Range<Int>
    ) -> Bool {
        // Only a hyphen may be written otherwise.
        guard text.contains(UInt8(ascii: "-")) else { return true }
        if kind == .blockAttributes, doubledHyphen.isContained(in: text) { return false }
        return escapedHyphen.firstPosition(in: bytes, range) == nil
    }

    private static let doubledHyphen = Literal(Array("--".utf8))
    private static let escapedHyphen = Literal(Array(#"\u002"#.utf8))

    private mutating func learnJSON(_ bytes: [UInt8], _ range: Range<Int>) {
        var sawRaw = false
        var sawEscape = false
        var sawRawSlash = false
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            if byte >= 0x80 { sawRaw = true }
            if byte == UInt8(ascii: "/") { sawRawSlash = true }
            guard byte == UInt8(ascii: "\\"), position + 1 < range.upperBound else {
                position += 1
                continue
            }
            let next = bytes[position + 1]
            if next == UInt8(ascii: "/") { escapesSlash = true }
            if next == UInt8(ascii: "u"), position + 5 < range.upperBound {
                let digits = bytes[(position + 2)..<(position + 6)]
                if digits.elementsEqual("002d".utf8) || digits.elementsEqual("002D".utf8) {
                    learnHyphen(bytes, at: position, range)
                } else if !digits.starts(with: "00".utf8)
                    || (digits.dropFirst(2).first ?? 0) >= 0x38
                {
                    sawEscape = true
                    if digits.contains(where: { (0x41...0x46).contains($0) }) {
                        usesUppercaseDigits = true
                    }
                }
            }
            position += 2
        }
        // Base64 can bring the first slash of a document; WordPress writes blocks without escaping
        // it, and PHP's json_encode escapes it.
        if !sawRawSlash, kind == .json { escapesSlash = true }
        // PHP's json_encode escapes both by default, so one tells of the other.
        escapesUnicode = sawEscape || !sawRaw && escapesSlash
    }

    private mutating func learnHyphen(_ bytes: [UInt8], at position: Int, _ range: Range<Int>) {
        let isHyphen: (Int) -> Bool = { start in
            guard start >= range.lowerBound, start < range.upperBound else { return false }
            return bytes[start] == UInt8(ascii: "-")
                || start + 5 < range.upperBound
                    && bytes[start..<(start + 5)].elementsEqual(#"\u002"#.utf8)
                    && bytes[start + 5] | 0x20 == UInt8(ascii: "d")
        }
        if !isHyphen(position + 6), !isHyphen(position - 6), !isHyphen(position - 1) {
            escapesIsolatedHyphen = true
        }
    }

    private static func contains(
        _ text: String, _ bytes: [UInt8], _ range: Range<Int>
    ) -> Bool {
        let needle = Array(text.utf8)
        guard range.count >= needle.count else { return false }
        return (range.lowerBound...(range.upperBound - needle.count)).contains {
            bytes[$0] == needle[0] && bytes[$0..<($0 + needle.count)].elementsEqual(needle)
        }
    }

    // MARK: Decoding

    /// Decodes a range; nil where it is not of this encoding.
    func decode(_ bytes: [UInt8], _ range: Range<Int>) -> Layer? {
        switch kind {
        case .json, .blockAttributes:
            return Layer(range) { Self.jsonUnit(bytes, at: $0, limit: range.upperBound) }
        case .slashes:
            return Layer(range) { position in
                // Exactly what addslashes writes: a stray backslash is damage, not an escape.
                guard bytes[position] == UInt8(ascii: "\\") else {
                    return bytes[position] == UInt8(ascii: "\"")
                        ? nil : .init(byte: bytes[position], end: position + 1)
                }
                guard position + 1 < range.upperBound else { return nil }
                switch bytes[position + 1] {
                case UInt8(ascii: "0"): return .init(byte: 0, end: position + 2)
                case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"):
                    return .init(byte: bytes[position + 1], end: position + 2)
                default: return nil
                }
            }
        case .entities, .percent:
            let reader = CharacterReader(
                bytes: bytes, limit: range.upperBound,
                interpretation: .init(
                    percentDepth: kind == .percent ? 1 : 0, entities: kind == .entities,
                    backslashes: false))
            return Layer(range) { position in
                // urlencode, other than rawurlencode, writes a space as `+`.
                if kind == .percent, bytes[position] == UInt8(ascii: "+") {
                    return .init(byte: 0x20, end: position + 1)
                }
                // One level only: `&amp;quot;` is `&quot;`, because lengths inside count that.
                if kind == .entities, bytes[position] == UInt8(ascii: "&") {
                    return reader.singleEntity(at: position)
                        ?? .init(byte: UInt8(ascii: "&"), end: position + 1)
                }
                return reader.unit(at: position)
            }
        case .hexadecimal:
            return Layer(range) { position in
                guard bytes[position] == UInt8(ascii: "\\") else {
                    return .init(byte: bytes[position], end: position + 1)
                }
                guard position + 2 < range.upperBound,
                    let high = CharacterReader.digit(bytes[position + 1]),
                    let low = CharacterReader.digit(bytes[position + 2])
                else { return nil }
                return .init(byte: high << 4 | low, end: position + 3)
            }
        }
    }

    private static func jsonUnit(
        _ bytes: [UInt8], at position: Int, limit: Int
    ) -> CharacterReader.Unit? {
        guard bytes[position] == UInt8(ascii: "\\") else {
            return .init(byte: bytes[position], end: position + 1)
        }
        guard position + 1 < limit else { return nil }
        switch bytes[position + 1] {
        case UInt8(ascii: "b"): return .init(byte: 0x08, end: position + 2)
        case UInt8(ascii: "f"): return .init(byte: 0x0C, end: position + 2)
        case UInt8(ascii: "n"): return .init(byte: 0x0A, end: position + 2)
        case UInt8(ascii: "r"): return .init(byte: 0x0D, end: position + 2)
        case UInt8(ascii: "t"): return .init(byte: 0x09, end: position + 2)
        case UInt8(ascii: "u"):
            let reader = CharacterReader(bytes: bytes, limit: limit, interpretation: .full)
            if position + 5 < limit, let unit = reader.unicodeEscape(at: position + 1) {
                return unit
            }
            // Half a surrogate pair stands for nothing; its escape stands for itself.
            return .init(byte: 0x1A, end: position + 6)
        case let other: return .init(byte: other, end: position + 2)
        }
    }

    // MARK: Encoding

    /// Encodes replaced text in the style of the string.
    func encode(_ text: [UInt8]) -> [UInt8] {
        switch kind {
        case .json, .blockAttributes: return encodeJSON(text)
        case .slashes:
            return text.flatMap { byte -> [UInt8] in
                switch byte {
                case 0: Array(#"\0"#.utf8)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
                case UInt8(ascii: "'") where escapesApostrophe: [UInt8(ascii: "\\"), byte]
                default: [byte]
                }
            }
        case .entities:
            return text.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "\""): Array("&quot;".utf8)
                case UInt8(ascii: "&"): Array("&amp;".utf8)
                case UInt8(ascii: "<"): Array("&lt;".utf8)
                case UInt8(ascii: ">"): Array("&gt;".utf8)
                case UInt8(ascii: "'") where escapesApostrophe: Array("&#039;".utf8)
                default: [byte]
                }
            }
        case .percent:
            return text.flatMap { byte -> [UInt8] in
                let isWord =
                    (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41
                    || (0x30...0x39).contains(byte)
                if isWord || [0x2D, 0x2E, 0x5F].contains(byte)
                    || literal.contains(byte) && byte != UInt8(ascii: "+") && byte < 0x80
                {
                    return [byte]
                }
                if byte == 0x20, literal.contains(UInt8(ascii: "+")) { return [UInt8(ascii: "+")] }
                return [UInt8(ascii: "%")] + hexadecimal(byte)
            }
        case .hexadecimal:
            return text.flatMap { byte -> [UInt8] in
                byte >= 0x80 || byte < 0x20 || byte == UInt8(ascii: "\\")
                    ? [UInt8(ascii: "\\")] + hexadecimal(byte) : [byte]
            }
        }
    }

    private func encodeJSON(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "\""):
                result += kind == .blockAttributes ? unicode(0x22) : Array(#"\""#.utf8)
            case UInt8(ascii: "\\"): result += Array(#"\\"#.utf8)
            case UInt8(ascii: "/") where escapesSlash: result += Array(#"\/"#.utf8)
            case UInt8(ascii: "-"):
                let isDoubled =
                    position > 0 && text[position - 1] == byte
                    || position + 1 < text.count && text[position + 1] == byte
                let isEscaped =
                    escapesIsolatedHyphen || isDoubled && kind == .blockAttributes
                result += isEscaped ? unicode(0x2D) : [byte]
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                result += kind == .blockAttributes ? unicode(UInt16(byte)) : [byte]
            case 0..<0x20: result += unicode(UInt16(byte))
            case 0x80...:
                let end = text[position...].firstIndex { $0 < 0x80 } ?? text.count
                let run = text[position..<end]
                if escapesUnicode, let scalars = String(validating: run, as: UTF8.self) {
                    for unit in scalars.utf16 { result += unicode(unit) }
                } else {
                    result += run
                }
                position = end
                continue
            default: result.append(byte)
            }
            position += 1
        }
        return result
    }

    private func unicode(_ unit: UInt16) -> [UInt8] {
        let digits = String(unit, radix: 16, uppercase: usesUppercaseDigits)
        return Array(#"\u"#.utf8) + Array(repeating: 0x30, count: 4 - digits.utf8.count)
            + Array(digits.utf8)
    }

    private func hexadecimal(_ byte: UInt8) -> [UInt8] {
        let digits = Array(
            (usesUppercaseDigits || kind != .percent ? "0123456789ABCDEF" : "0123456789abcdef").utf8
        )
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
