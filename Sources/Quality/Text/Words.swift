/// The words of a text, for rules that count and compare them.
struct Words {
    /// A word, and what stands around it.
    struct Word: Hashable {
        /// As written.
        let text: Substring
        /// In lower case, with a plain apostrophe.
        let folded: String
        /// Whether nothing, or a mark that ends a clause, stands before it.
        let beginsClause: Bool

        /// Whether letters that look alike stand together: `pаypal` with a Cyrillic `а`.
        ///
        /// A hyphen may join scripts, as in `IT-отдел`; Greek letters may name things (`Δt`), so of
        /// these two in a row count.
        var mixesScripts: Bool {
            text.split { "-‑".contains($0) }.contains { part in
                let scripts = part.unicodeScalars.compactMap(Script.init)
                return scripts.contains(.latin)
                    && (scripts.contains(.cyrillic) || scripts.count { $0 == .greek } >= 2)
            }
        }
    }

    /// The words in their order; a run of a script without spaces is one of them.
    let all: [Word]
    /// How many words a reader sees.
    ///
    /// Chinese, Japanese, Thai, Lao, Khmer and Burmese put no spaces between words, so characters
    /// are counted there: two Han characters make a word, or four of the other scripts (the usual
    /// lengths of their words), rounded up for each run.
    let count: Int

    /// Finds the words: runs of letters, digits, and apostrophes or hyphens between them.
    init(_ text: String) {
        var words: [Word] = []
        var count = 0
        var beginsClause = true
        var rest = text[...]
        while let first = rest.first {
            guard Self.isInside(first) else {
                if Self.endsClause(first) { beginsClause = true }
                rest = rest.dropFirst()
                continue
            }
            let word = Self.prefix(of: rest)
            let folded = word.lowercased().replacing("’", with: "'")
            words.append(Word(text: word, folded: folded, beginsClause: beginsClause))
            count += Self.weight(of: word)
            beginsClause = false
            rest = rest[word.endIndex...]
        }
        all = words
        self.count = count
    }

    /// The word that begins the text.
    private static func prefix(of text: Substring) -> Substring {
        let unspaced = text.first?.isUnspaced ?? false
        var end = text.startIndex
        while end < text.endIndex {
            let next = text.index(after: end)
            if isInside(text[end]) {
                guard text[end].isUnspaced == unspaced else { break }
            } else {
                let joins = "'’-‑·".contains(text[end]) && next < text.endIndex
                guard joins, !unspaced, isInside(text[next]), !text[next].isUnspaced else { break }
            }
            end = next
        }
        return text[..<end]
    }

    /// Whether the character is part of a word by itself.
    private static func isInside(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }

    private static func endsClause(_ character: Character) -> Bool {
        ".,:;!?…–—。、，：；！？|•(（\n".contains(character)
    }

    private static func weight(of word: Substring) -> Int {
        guard word.first?.isUnspaced ?? false else { return 1 }
        let han = word.count { $0.script == .han }
        return (2 * han + (word.count - han) + 3) / 4
    }
}
