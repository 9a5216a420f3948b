internal import Model

/// Words that come too often.
enum Repetition {
    /// Whether a keyword comes more than once, or the text is a list of keywords.
    static func isStuffed(_ text: String, keywords: [String], language: LanguageTag) -> Bool {
        let key = NormalizedText.key(text)
        let isRepeated = keywords.contains { keyword in
            let wanted = NormalizedText.key(keyword)
            guard !wanted.isEmpty else { return false }
            let isUnspaced = wanted.contains(where: \.isUnspaced)
            return isUnspaced
                ? key.ranges(of: wanted).count > 1
                : " \(key.replacing(" ", with: "  ")) ".ranges(
                    of: " \(wanted.replacing(" ", with: "  ")) "
                ).count > 1
        }
        let hashtags = text.split(whereSeparator: \.isWhitespace).count {
            $0.hasPrefix("#") && $0.dropFirst().first?.isLetter == true
        }
        return isRepeated || hashtags >= 2 || isList(text, language)
    }

    /// Five or more parts of up to three words between commas, with no function word in any.
    private static func isList(_ text: String, _ language: LanguageTag) -> Bool {
        let parts = text.split { ",;|、，；｜".contains($0) }
        let functionWords = FunctionWords.of(language.primary) ?? []
        return parts.count >= 5
            && parts.allSatisfy { part in
                let words = Words(String(part))
                return words.count <= 3 && !words.all.contains { functionWords.contains($0.folded) }
            }
    }

    /// Whether a word comes three times, or twice in a row.
    ///
    /// Function words may come as often as they like; `bike` and `bikes` are one word; in scripts
    /// without spaces, pairs of characters count.
    static func isRepeated(
        _ words: [Words.Word], _ text: String, language: LanguageTag
    ) -> Bool {
        let functionWords = FunctionWords.of(language.primary) ?? []
        var counts: [String: Int] = [:]
        for (index, word) in words.enumerated() where Int(word.folded) == nil {
            if index > 0, isDoubled(word, after: words[index - 1]) { return true }
            if word.text.first?.isUnspaced ?? false {
                let characters = Array(word.text)
                for (first, second) in zip(characters, characters.dropFirst())
                where first.script == .han && second.script == .han {
                    counts[String([first, second]), default: 0] += 1
                }
            } else if !functionWords.contains(word.folded), !numerals.contains(word.folded) {
                counts[singular(word.folded), default: 0] += 1
            }
        }
        return counts.values.contains { $0 >= 3 }
    }

    /// `the the`, but not `Bora Bora` or the French `nous nous`.
    private static func isDoubled(_ word: Words.Word, after before: Words.Word) -> Bool {
        word.folded == before.folded && !word.beginsClause
            && word.text.first?.isUppercase == false && word.text.first?.isUnspaced == false
            && !["nous", "vous", "bye", "cha", "aye", "tuk", "pom"].contains(word.folded)
    }

    /// Numbers may come as often as things are counted.
    private static let numerals: Set<String> = [
        "one", "two", "three", "four", "zwei", "drei", "vier", "deux", "trois", "dos", "tres",
        "due",
        "tre", "dois", "duas", "três", "twee", "drie", "dwa", "dwie", "trzy", "två", "to", "dva",
        "dvě", "tři", "два", "две", "три", "дві",
    ]

    private static func singular(_ word: String) -> String {
        word.count > 3 && word.hasSuffix("s") ? String(word.dropLast()) : word
    }
}
