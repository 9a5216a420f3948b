/// Text in an HTML attribute.
enum AttributeText {
    /// Entities with a name: those of HTML 4 that people and editors write.
    private static let names: [String: UInt32] = {
        var names: [String: UInt32] = [
            "quot": 0x22, "amp": 0x26, "apos": 0x27, "lt": 0x3C, "gt": 0x3E, "OElig": 0x152,
            "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161, "Yuml": 0x178, "fnof": 0x192,
            "circ": 0x2C6, "tilde": 0x2DC, "ensp": 0x2002, "emsp": 0x2003, "thinsp": 0x2009,
            "zwnj": 0x200C, "zwj": 0x200D, "lrm": 0x200E, "rlm": 0x200F, "ndash": 0x2013,
            "mdash": 0x2014, "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C,
            "rdquo": 0x201D, "bdquo": 0x201E, "dagger": 0x2020, "Dagger": 0x2021, "bull": 0x2022,
            "hellip": 0x2026, "permil": 0x2030, "prime": 0x2032, "Prime": 0x2033,
            "lsaquo": 0x2039, "rsaquo": 0x203A, "euro": 0x20AC, "trade": 0x2122,
        ]
        for (offset, name) in latin.split(separator: " ").enumerated() {
            names[String(name)] = 0xA0 + UInt32(offset)
        }
        return names
    }()

    /// U+00A0 to U+00FF.
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg \
        plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 \
        iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave \
        Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute \
        Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
        eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml \
        divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    /// The most bytes between `&` and `;`.
    private static let longestName = 9

    /// The text with its entities decoded; what is none, or a rare one, stays.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8] {
        let text = Array(text)
        guard text.contains(UInt8(ascii: "&")) else { return text }
        var decoded: [UInt8] = []
        var position = 0
        while position < text.count {
            if let entity = entity(in: text, at: position) {
                decoded += Array(String(Character(entity.scalar)).utf8)
                position = entity.end
            } else {
                decoded.append(text[position])
                position += 1
            }
        }
        return decoded
    }

    /// The text as WordPress's `esc_attr` writes it: entities in it stay entities.
    static func escaped(_ text: [UInt8]) -> [UInt8] {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.count + 16)
        var position = 0
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "&"):
                escaped += entity(in: text, at: position) == nil ? "&amp;".utf8 : "&".utf8
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case UInt8(ascii: "'"): escaped += "&#039;".utf8
            default: escaped.append(text[position])
            }
            position += 1
        }
        return escaped
    }

    private static func entity(
        in text: [UInt8], at start: Int
    ) -> (scalar: Unicode.Scalar, end: Int)? {
        guard text[start] == UInt8(ascii: "&") else { return nil }
        let rest = text[(start + 1)...].prefix(longestName + 1)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: text[(start + 1)..<end], as: UTF8.self)
        return scalar(of: name).map { ($0, end + 1) }
    }

    private static func scalar(of name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return names[name].flatMap(Unicode.Scalar.init) }
        let digits = name.dropFirst()
        let isHexadecimal = digits.hasPrefix("x") || digits.hasPrefix("X")
        let number = isHexadecimal ? digits.dropFirst() : digits
        guard number.allSatisfy(\.isHexDigit),
            let value = UInt32(number, radix: isHexadecimal ? 16 : 10)
        else { return nil }
        // Browsers read control codes as letters of another table.
        guard value >= 0x20, !(0x7F...0x9F).contains(value) else { return nil }
        return Unicode.Scalar(value)
    }
}
