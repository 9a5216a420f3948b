/// Text of HTML as people read it.
enum PlainText {
    private static let names: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
        "ndash": "–", "mdash": "—", "hellip": "…", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
        "rdquo": "”", "shy": "\u{AD}",
    ]

    /// The text without tags, with the usual entities decoded and white space made single.
    ///
    /// - Complexity: linear in the bytes; at most `limit` characters are kept.
    static func of(_ html: some Collection<UInt8>, limit: Int = 200) -> String {
        var plain: [UInt8] = []
        var isInTag = false
        for byte in html {
            switch byte {
            case UInt8(ascii: "<"):
                isInTag = true
                plain.append(UInt8(ascii: " "))
            case UInt8(ascii: ">") where isInTag: isInTag = false
            default: if !isInTag { plain.append(byte) }
            }
        }
        let text = decodingEntities(String(decoding: plain, as: UTF8.self))
        let words = text.split { $0.isWhitespace }
        return String(words.joined(separator: " ").prefix(limit))
    }

    /// The text with entities decoded; what is no entity stays.
    static func decodingEntities(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var decoded = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            decoded += rest[..<start]
            rest = rest[start...]
            if let end = rest.prefix(12).firstIndex(of: ";"),
                let character = character(of: rest[rest.index(after: start)..<end])
            {
                decoded.append(character)
                rest = rest[rest.index(after: end)...]
            } else {
                decoded.append("&")
                rest = rest.dropFirst()
            }
        }
        return decoded + rest
    }

    private static func character(of name: Substring) -> Character? {
        guard name.first == "#" else { return names[String(name)] }
        let digits = name.dropFirst()
        let number =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map(Character.init)
    }
}
