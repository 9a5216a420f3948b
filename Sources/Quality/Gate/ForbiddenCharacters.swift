/// Characters that no text may have, because they hide, reorder or damage what a page shows.
enum ForbiddenCharacters {
    /// The codes of what is in the text, each once.
    ///
    /// Line breaks are for another rule.
    ///
    /// - Parameter isRightToLeft: whether marks of direction belong to the language; embeddings and
    ///   overrides belong to none.
    static func codes(in text: String, isRightToLeft: Bool) -> [QualityCode] {
        var found: [QualityCode] = []
        var before: Unicode.Scalar?
        var marks = 0
        for scalar in text.unicodeScalars {
            marks = scalar.properties.generalCategory == .nonspacingMark ? marks + 1 : 0
            let code =
                marks > mostMarks
                ? .invisibleCharacters
                : code(of: scalar, after: before, isRightToLeft: isRightToLeft)
            if let code, !found.contains(code) { found.append(code) }
            before = scalar
        }
        return found
    }

    /// The most marks on one letter that a language needs; a tower of them is no text.
    private static let mostMarks = 4

    private static func code(
        of scalar: Unicode.Scalar, after before: Unicode.Scalar?, isRightToLeft: Bool
    ) -> QualityCode? {
        switch scalar.value {
        case 0x0A, 0x0D, 0x2028, 0x2029, 0x85, 0x0B, 0x0C: return nil
        case 0x202A...0x202E, 0x2066...0x2069: return .bidi
        case 0x200E, 0x200F, 0x061C: return isRightToLeft ? nil : .bidi
        // Persian and the Indic scripts join and part letters with them.
        case 0x200C, 0x200D: return before.map(joins) ?? false ? nil : .invisibleCharacters
        // A variant of the Han character before it, as in Japanese names.
        case 0xE0100...0xE01EF:
            return before.flatMap(Script.init) == .han ? nil : .invisibleCharacters
        case 0xFFFD, 0xFFF9...0xFFFC: return .controlCharacters
        // Presentation of the symbol before it; the symbols have a rule of their own.
        case 0xFE0E, 0xFE0F:
            return before?.properties.isEmoji ?? false ? nil : .invisibleCharacters
        // Blank letters: they count as text and show nothing.
        case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x17B4, 0x17B5, 0x034F:
            return .invisibleCharacters
        default: break
        }
        if scalar.properties.isDefaultIgnorableCodePoint { return .invisibleCharacters }
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .privateUse, .unassigned: return .controlCharacters
        case .format: return .invisibleCharacters
        default: return nil
        }
    }

    /// Whether a joiner has a meaning after the letter or sign.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x600...0x8FF, 0x900...0xDFF, 0xF00...0x109F, 0x1780...0x18AF, 0xFB50...0xFDFF: true
        default: false
        }
    }

    /// Whether the text has pictographs; `©`, `™` and arrows are none.
    static func hasEmoji(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            let properties = scalar.properties
            return properties.isEmojiPresentation || properties.isEmojiModifier
                || scalar.value == 0xFE0F || scalar.value == 0x20E3
                || 0x2600...0x27BF ~= scalar.value && properties.isEmoji
        }
    }
}
