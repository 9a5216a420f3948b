/// Texts of pages, files and answers, made fit to be passed on.
enum CleanText {
    /// The text on one line, without invisible characters, at most a number of characters long.
    ///
    /// Characters that turn the direction of text, hide in it or spell hidden tags are left out:
    /// nobody who reads along could see what they say. Linear in what is kept.
    static func line(_ text: String, atMost limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var isBlank = true
        // A character has few scalars in honest text; the bound is for the rest.
        for scalar in text.unicodeScalars {
            if result.count >= limit * 4 { break }
            if scalar.properties.isWhitespace || scalar.value < 0x20 {
                if !isBlank { result.append(" ") }
                isBlank = true
            } else if !isHidden(scalar) {
                result.append(scalar)
                isBlank = false
            }
        }
        if isBlank, !result.isEmpty { result.removeLast() }
        let whole = String(result)
        return whole.count > limit ? String(whole.prefix(limit)) + "…" : whole
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Zero-width joiners stay: Persian, Hindi and emoji are spelt with them.
        case 0x7F...0x9F, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
