/// The strings that a text quotes, as what can be read in an image is quoted in its alt text.
enum Quotation {
    /// What stands in quotation marks, of at least two characters, in any of the usual styles.
    ///
    /// A mark opens only where a word can begin, so that apostrophes and inches open nothing.
    static func strings(in text: String) -> [Substring] {
        var result: [Substring] = []
        var index = text.startIndex
        var before: Character?
        var unclosed: Set<Character> = []
        while index < text.endIndex {
            let character = text[index]
            let start = text.index(after: index)
            guard let closing = closings[character], !unclosed.contains(character),
                opens(character, after: before, in: text[start...])
            else {
                before = character
                index = start
                continue
            }
            guard let end = end(of: text[start...], closing: closing, straight: character) else {
                // What closes nowhere behind here closes nowhere behind a later mark.
                unclosed.insert(character)
                continue
            }
            if text[start..<end].count >= 2 { result.append(text[start..<end]) }
            index = text.index(after: end)
            before = nil
        }
        return result
    }

    private static func opens(
        _ mark: Character, after before: Character?, in rest: Substring
    ) -> Bool {
        guard let next = rest.first, !next.isWhitespace else { return false }
        // A digit behind it: the '90s.
        if mark == "'" || mark == "‘", next.isNumber { return false }
        guard "\"'‘".contains(mark) else { return true }
        return before.map { !$0.isLetter && !$0.isNumber || $0.isUnspaced } ?? true
    }

    /// Where the closing mark stands; an apostrophe inside a word closes nothing.
    private static func end(
        of text: Substring, closing: String, straight mark: Character
    ) -> Substring.Index? {
        var index = text.startIndex
        while let found = text[index...].firstIndex(where: closing.contains) {
            let next = text.index(after: found)
            guard "'‘".contains(mark), next < text.endIndex,
                text[next].isLetter || text[next].isNumber
            else { return found }
            index = next
        }
        return nil
    }

    private static let closings: [Character: String] = [
        "\"": "\"", "“": "”", "„": "“”", "«": "»", "'": "'", "‘": "’", "「": "」", "『": "』",
        "＂": "＂", "《": "》",
    ]
}
