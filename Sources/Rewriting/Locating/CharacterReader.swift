/// Reads text character by character through the dresses it may wear inside a URL: percent-encoding,
/// backslash escapes, HTML entities.
struct CharacterReader {
    /// How a reading interprets what looks like an escape.
    struct Interpretation: Hashable {
        private let depth: Int32
        /// How often percent-encoding is decoded.
        var percentDepth: Int { Int(depth) }
        /// Whether `&…;` is a character.
        var entities: Bool
        /// Whether a backslash begins an escape.
        var backslashes: Bool

        init(percentDepth: Int, entities: Bool, backslashes: Bool) {
            depth = Int32(clamping: percentDepth)
            self.entities = entities
            self.backslashes = backslashes
        }

        /// Everything is what it is.
        static let literal = Interpretation(percentDepth: 0, entities: false, backslashes: false)
        /// Everything that may be an escape is one.
        static let full = Interpretation(percentDepth: 3, entities: true, backslashes: true)
    }

    /// One character as it stands in the text.
    struct Unit {
        /// The decoded bytes, 1 to 4, the first in the lowest eight bits.
        var packed: UInt32
        /// How many decoded bytes there are.
        var count: Int
        /// Where the next character begins.
        var end: Int

        var first: UInt8 { UInt8(truncatingIfNeeded: packed) }

        func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed >> (8 * index)) }

        init(byte: UInt8, end: Int) {
            packed = UInt32(byte)
            count = 1
            self.end = end
        }

        init(scalar: Unicode.Scalar, end: Int) {
            var packed: UInt32 = 0
            var count = 0
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                packed |= UInt32(byte) << (8 * count)
                count += 1
            }
            self.packed = packed
            self.count = count
            self.end = end
        }
    }

    let bytes: [UInt8]
    let limit: Int
    let interpretation: Interpretation

    /// The character at a position, which must be before the limit.
    func unit(at position: Int) -> Unit {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "%") where interpretation.percentDepth > 0:
            if let unit = percent(at: position) { return unit }
        case UInt8(ascii: "\\") where interpretation.backslashes:
            return backslash(at: position)
        case UInt8(ascii: "&") where interpretation.entities:
            if let unit = entity(at: position) { return unit }
        default: break
        }
        return Unit(byte: byte, end: position + 1)
    }

    // MARK: Percent

    private func percent(at position: Int) -> Unit? {
        guard var value = hexadecimalPair(at: position + 1) else { return nil }
        var end = position + 3
        var depth = interpretation.percentDepth
        while value == UInt8(ascii: "%"), depth > 1, let next = hexadecimalPair(at: end) {
            value = next
            end += 2
            depth -= 1
        }
        return Unit(byte: value, end: end)
    }

    private func hexadecimalPair(at position: Int) -> UInt8? {
        guard position + 1 < limit, let high = Self.digit(bytes[position]),
            let low = Self.digit(bytes[position + 1])
        else { return nil }
        return high << 4 | low
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: Backslash

    private func backslash(at position: Int) -> Unit {
        var end = position
        while end < limit, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        guard end < limit else { return Unit(byte: UInt8(ascii: "/"), end: end) }
        let next = bytes[end]
        if next == UInt8(ascii: "u"), let unit = unicodeEscape(at: end) { return unit }
        let isAlphanumeric =
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
        // Windows' separator, unless it escapes the character behind it.
        guard !isAlphanumeric, next < 0x80 else { return Unit(byte: UInt8(ascii: "/"), end: end) }
        return Unit(byte: next, end: end + 1)
    }

    /// `uXXXX`, or a surrogate pair, whose `u` is at the position.
    func unicodeEscape(at position: Int) -> Unit? {
        guard let high = codeUnit(at: position) else { return nil }
        if let scalar = Unicode.Scalar(high) { return Unit(scalar: scalar, end: position + 5) }
        var next = position + 5
        while next < limit, bytes[next] == UInt8(ascii: "\\") { next += 1 }
        guard next > position + 5, next < limit, bytes[next] == UInt8(ascii: "u"),
            let low = codeUnit(at: next), (0xD800..<0xDC00).contains(high),
            (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(
                0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { return nil }
        return Unit(scalar: scalar, end: next + 5)
    }

    private func codeUnit(at position: Int) -> UInt16? {
        guard let high = hexadecimalPair(at: position + 1),
            let low = hexadecimalPair(at: position + 3)
        else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    // MARK: Entities

    /// The longest reference that is read, `&amp;amp;#x1F600;` and the like included.
    private static let longestEntity = 32

    private func entity(at position: Int) -> Unit? {
        var start = position + 1
        let end = min(limit, position + Self.longestEntity)
        // `&amp;#x2f;` is an entity that was escaped once more.
        while start + 4 < end, bytes[start..<(start + 4)].elementsEqual("amp;".utf8) {
            guard let inner = reference(at: start + 4, before: end) else { break }
            _ = inner
            start += 4
        }
        return reference(at: start, before: end)
    }

    /// `&amp;`, `&#47;` and the like at a position, decoded once.
    func singleEntity(at position: Int) -> Unit? {
        let end = min(limit, position + Self.longestEntity)
        if position + 4 < end, bytes[(position + 1)..<(position + 5)].elementsEqual("amp;".utf8) {
            return Unit(byte: UInt8(ascii: "&"), end: position + 5)
        }
        return reference(at: position + 1, before: end)
    }

    /// `#47;`, `#x2f;` or `name;` at a position behind the ampersand.
    private func reference(at position: Int, before end: Int) -> Unit? {
        guard let semicolon = bytes[position..<max(position, end)].firstIndex(of: 0x3B),
            semicolon > position
        else { return nil }
        let body = bytes[position..<semicolon]
        if body.starts(with: "amp;".utf8) { return nil }
        if body.first == UInt8(ascii: "#") {
            let isHexadecimal = body.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
            let digits = body.dropFirst(isHexadecimal ? 2 : 1)
            guard !digits.isEmpty, digits.count <= 8,
                let value = UInt32(
                    String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10),
                let scalar = Unicode.Scalar(value)
            else { return nil }
            return Unit(scalar: scalar, end: semicolon + 1)
        }
        let name = String(decoding: body, as: UTF8.self)
        guard let scalar = Self.named[name] ?? Self.latin[name] else { return nil }
        return Unit(scalar: scalar, end: semicolon + 1)
    }

    /// The named references of Latin letters, as PHP's htmlentities writes them, in the order of
    /// their characters from U+00C0 on.
    private static let latin: [String: Unicode.Scalar] = {
        let names = """
            Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave \
            Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
            Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig \
            ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
            ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
            """
        var table: [String: Unicode.Scalar] = [:]
        for (index, name) in names.split(separator: " ").enumerated() {
            table[String(name)] = Unicode.Scalar(UInt8(0xC0 + index))
        }
        return table
    }()

    /// The named references of HTML for characters that occur in URLs and around them.
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "quot": "\"", "apos": "'", "lt": "<", "gt": ">", "sol": "/", "colon": ":",
        "period": ".", "hyphen": "-", "dash": "-", "lowbar": "_", "nbsp": "\u{A0}", "lpar": "(",
        "rpar": ")", "num": "#", "percnt": "%", "plus": "+", "comma": ",", "commat": "@",
        "quest": "?", "equals": "=", "excl": "!", "dollar": "$", "ast": "*", "semi": ";",
        "lsqb": "[", "lbrack": "[", "rsqb": "]", "rbrack": "]", "bsol": "\\", "grave": "`",
        "lcub": "{", "rcub": "}", "verbar": "|", "vert": "|", "NewLine": "\n", "Tab": "\t",
    ]
}

/// Where a file name ends.
enum Boundary {
    /// Whether the text behind an extension goes on with the name: an ASCII letter, digit, `_` or
    /// `-`, or a `.` followed by one of these, in any dress.
    static func continuesName(_ bytes: [UInt8], at position: Int, limit: Int) -> Bool {
        guard position < limit else { return false }
        switch bytes[position] {
        case UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&"), UInt8(ascii: "."): break
        case let byte: return isNameByte(byte)
        }
        let reader = CharacterReader(bytes: bytes, limit: limit, interpretation: .full)
        let unit = reader.unit(at: position)
        if isNameByte(unit) { return true }
        guard unit.count == 1, unit.first == UInt8(ascii: "."), unit.end < limit else {
            return false
        }
        return isNameByte(reader.unit(at: unit.end))
    }

    private static func isNameByte(_ unit: CharacterReader.Unit) -> Bool {
        unit.count == 1 && isNameByte(unit.first)
    }

    /// Whether a name goes on with a byte, as it is.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            return true
        default: return false
        }
    }
}
