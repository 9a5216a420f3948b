/// Japanese particles, which stand between words without spaces.
enum Particles {
    /// The text with spaces instead of particles between words that are not in hiragana.
    ///
    /// `赤い自転車の写真` has a `の` between Han characters; in `このまま` it is part of a word.
    static func separated(_ text: String) -> String {
        let characters = Array(text)
        var result = ""
        for (index, character) in characters.enumerated() {
            let isBetween =
                index > 0 && index + 1 < characters.count
                && isWordCharacter(characters[index - 1]) && isWordCharacter(characters[index + 1])
            result.append(isBetween && "のはがをにでとへも".contains(character) ? " " : character)
        }
        return result
    }

    /// Han, katakana, letters and digits, but not hiragana.
    private static func isWordCharacter(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first, character.isLetter || character.isNumber
        else { return false }
        return !(0x3041...0x309F ~= scalar.value)
    }
}
