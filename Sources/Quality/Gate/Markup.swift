/// What a browser, WordPress, PHP or a template engine would take for code.
enum Markup {
    /// Whether the text has any of it.
    ///
    /// Tags, entities, comments, shortcodes and block comments, PHP, serialized and JSON values,
    /// templates, Markdown. `I <3 NY`, `x < y` and `R&D` are text. Linear in the length.
    static func isIn(_ text: String) -> Bool {
        let text = text.withoutFullWidth
        let bytes = Array(text.utf8)
        return bytes.indices.contains { begins(bytes[$0...], isFirst: $0 == 0) }
            || fragments.contains(where: text.lowercased().contains)
            || text.split(whereSeparator: \.isNewline).contains(where: isMarkdownLine)
    }

    /// Code that is told by its words.
    private static let fragments = [
        "```", "**", "__(", "](", "javascript:", "vbscript:", "{{", "}}", "{%", "%}", "${", "<%",
        "{\"", "\":\"", "[{", "\\u00", "\\x", "/>", "--!>", "wp:image", "%3c", "%3e", "]]>",
    ]

    /// Whether code begins here.
    private static func begins(_ bytes: ArraySlice<UInt8>, isFirst: Bool) -> Bool {
        guard let first = bytes.first else { return false }
        let rest = bytes.dropFirst()
        switch first {
        case UInt8(ascii: "<"):
            return rest.first.map { isLetter($0) || "/!?%".utf8.contains($0) } ?? false
        case UInt8(ascii: "&"): return isEntity(rest)
        case UInt8(ascii: "["): return isShortcode(rest)
        case UInt8(ascii: "a"), UInt8(ascii: "s"), UInt8(ascii: "O"), UInt8(ascii: "C"),
            UInt8(ascii: "E"):
            return isSerialized(rest) || first == UInt8(ascii: "O") && isEventHandler(rest)
        case UInt8(ascii: "i"), UInt8(ascii: "b"), UInt8(ascii: "d"):
            return isFirst && isSerializedNumber(rest)
        case UInt8(ascii: "N"):
            return isFirst && rest.elementsEqual(";".utf8)
        case UInt8(ascii: "o"): return isEventHandler(rest)
        default: return false
        }
    }

    /// `amp;`, `#38;`, `#x26;` behind an ampersand.
    private static func isEntity(_ bytes: ArraySlice<UInt8>) -> Bool {
        let name = bytes.prefix { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "#") }
        return name.count >= 2 && bytes.dropFirst(name.count).first == UInt8(ascii: ";")
    }

    /// `gallery` or `/caption` behind a bracket, with no white space before the name.
    private static func isShortcode(_ bytes: ArraySlice<UInt8>) -> Bool {
        let name = bytes.first == UInt8(ascii: "/") ? bytes.dropFirst() : bytes
        return name.first.map { isLetter($0) || "_[".utf8.contains($0) } ?? false
    }

    /// `:5:"` and `:5:{`: a string, array or object of PHP's `serialize`.
    private static func isSerialized(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: ":") else { return false }
        let digits = bytes.dropFirst().prefix(while: isDigit)
        let rest = bytes.dropFirst(1 + digits.count)
        guard !digits.isEmpty, rest.first == UInt8(ascii: ":"), let mark = rest.dropFirst().first
        else { return false }
        return mark == UInt8(ascii: "{") || mark == UInt8(ascii: "\"")
    }

    /// `:5;` as the whole text.
    private static func isSerializedNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.first == UInt8(ascii: ":") && bytes.last == UInt8(ascii: ";")
            && bytes.dropFirst().dropLast().allSatisfy {
                isDigit($0) || ".-+E".utf8.contains($0)
            }
    }

    /// `nerror=`, the rest of an attribute that runs a script.
    private static func isEventHandler(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first | 0x20 == UInt8(ascii: "n") else { return false }
        let name = bytes.dropFirst().prefix(while: isLetter)
        return name.count >= 3 && bytes.dropFirst(1 + name.count).first == UInt8(ascii: "=")
    }

    /// A heading of Markdown.
    private static func isMarkdownLine(_ line: Substring) -> Bool {
        let marks = line.prefix { $0 == "#" }
        return 1...6 ~= marks.count && line.dropFirst(marks.count).first == " "
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
