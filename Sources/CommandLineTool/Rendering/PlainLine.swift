/// Texts of a site as they are shown on a terminal.
enum PlainLine {
    /// The text on one line, without what could steer a terminal or turn the line around.
    static func of(_ text: String) -> String {
        var result = ""
        var wantsSpace = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                wantsSpace = !result.isEmpty
                continue
            }
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C:
                continue
            default: break
            }
            if wantsSpace { result.unicodeScalars.append(" ") }
            wantsSpace = false
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
