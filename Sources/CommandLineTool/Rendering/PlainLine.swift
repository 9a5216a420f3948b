/// Texts of a site as they are shown on a terminal or a page.
enum PlainLine {
    /// The text on one line, without what could steer a terminal or turn the line around.
    ///
    /// Ends of lines and tabs become spaces; spaces stay as they are, because file names have them.
    static func of(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029:
                if result.last != " " { result.append(" ") }
            case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C:
                continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
