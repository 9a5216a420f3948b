internal import Model

/// Whether a text is surely in another language than the one that is wanted.
///
/// Scripts decide where they differ; between languages of one script, their function words. A short
/// text, a name or a language without a list passes: only what is sure holds a text back.
enum LanguageCheck {
    /// Whether the text is in another language.
    static func isWrong(_ text: String, _ words: [Words.Word], language: LanguageTag) -> Bool {
        var counts: [Script: Int] = [:]
        for scalar in text.unicodeScalars {
            if let script = Script(scalar) { counts[script, default: 0] += 1 }
        }
        let letters = counts.values.reduce(0, +)
        let scripts = self.scripts[language.primary] ?? [.latin]
        let isKnown = self.scripts[language.primary] != nil || latin.contains(language.primary)
        guard isKnown else { return false }
        let own = scripts.reduce(0) { $0 + (counts[$1] ?? 0) }
        if letters >= 4, own * 2 < letters {
            // Latin names are at home in every script, so few of them say nothing.
            let foreign = letters - own - (scripts == [.latin] ? 0 : counts[.latin] ?? 0)
            return foreign * 2 > letters || own * 5 < letters && words.count >= 4
        }
        switch language.primary {
        case "ja": return isChinese(text, counts)
        case "zh": return kana(of: text) >= 2
        case "ru", "uk":
            return hasLetters(of: language.primary == "ru" ? "uk" : "ru", in: text)
                || hasOthersWords(words, language)
        default: return hasOthersWords(words, language)
        }
    }

    /// Whether function words of another language outweigh those of the wanted one.
    private static func hasOthersWords(_ words: [Words.Word], _ language: LanguageTag) -> Bool {
        guard words.count >= 4, let expected = FunctionWords.of(language.primary) else {
            return false
        }
        let (plain, doubtful) = withoutNames(words)
        for other in FunctionWords.languages where other != language.primary {
            guard let list = FunctionWords.of(other), scripts[other] == scripts[language.primary]
            else { continue }
            let isForeign: (String) -> Bool = { list.contains($0) && !expected.contains($0) }
            var foreign = plain.count(where: isForeign)
            let own = plain.count { expected.contains($0) && !list.contains($0) }
            // Beside a sure word, a particle is hardly part of a name.
            if foreign > 0, own == 0 {
                foreign += doubtful.count(where: isForeign)
                foreign += words.count { hasForeignLetter($0, of: other, in: language.primary) }
            }
            let isDominant = own == 0 ? foreign >= 2 : foreign >= 4 && foreign >= 4 * own
            if isDominant, foreign * 6 >= words.count { return true }
        }
        return false
    }

    /// The words in lower case: those that tell a language, and particles that may belong to a
    /// name, as in `Rio de Janeiro`.
    private static func withoutNames(
        _ words: [Words.Word]
    ) -> (plain: [String], doubtful: [String]) {
        var plain: [String] = []
        var doubtful: [String] = []
        for index in words.indices {
            let word = words[index].folded
            guard particles.contains(word) else {
                // A capital within a clause begins a name: `In Bruges`.
                let isName = !words[index].beginsClause && isCapital(words[index])
                if !isName { plain.append(word) }
                continue
            }
            let near = words[max(0, index - 2)..<min(words.count, index + 3)]
            if near.contains(where: { isCapital($0) && !$0.beginsClause }) {
                doubtful.append(word)
            } else {
                plain.append(word)
            }
        }
        return (plain, doubtful)
    }

    private static func isCapital(_ word: Words.Word) -> Bool {
        word.text.first?.isUppercase == true
    }

    /// Whether a word that is no name has a letter of the other language that the wanted one lacks.
    private static func hasForeignLetter(
        _ word: Words.Word, of other: String, in wanted: String
    ) -> Bool {
        guard !isCapital(word), let others = letters[other], let own = letters[wanted] else {
            return false
        }
        return word.folded.contains { others.contains($0) && !own.contains($0) }
    }

    /// The letters of languages in Latin script beside the 26 of English.
    private static let letters: [String: Set<Character>] = [
        "en": [], "de": Set("äöüß"), "fr": Set("àâæçéèêëîïôœùûüÿ"), "es": Set("áéíñóúü"),
        "it": Set("àèéìîòóù"), "pt": Set("áâãàçéêíóôõú"), "nl": Set("áéëïóöü"),
        "pl": Set("ąćęłńóśźż"), "sv": Set("åäöé"), "da": Set("åæøé"), "cs": Set("áčďéěíňóřšťúůýž"),
    ]

    private static let particles: Set<String> = [
        "de", "la", "le", "les", "du", "des", "di", "del", "della", "da", "do", "dos", "das", "van",
        "von", "den", "der", "zu", "zum", "el", "los", "las", "y", "e", "et", "al", "d", "l", "a",
    ]

    /// Letters that Russian has and Ukrainian has not, and the other way round.
    private static func hasLetters(of language: String, in text: String) -> Bool {
        let letters: Set<Character> =
            language == "ru" ? ["ы", "э", "ё", "ъ"] : ["і", "ї", "є", "ґ"]
        return text.lowercased().count(where: letters.contains) >= 2
    }

    /// Kana; `の` alone is used in Chinese names.
    private static func kana(of text: String) -> Int {
        text.count { $0.script == .kana && $0 != "の" && $0 != "ー" }
    }

    /// No kana, and words that only Chinese has.
    private static func isChinese(_ text: String, _ counts: [Script: Int]) -> Bool {
        guard (counts[.kana] ?? 0) == 0, (counts[.han] ?? 0) >= 6 else { return false }
        return text.contains { "的了这這们們个吗着把被很还".contains($0) }
    }

    private static let latin: Set<String> = [
        "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "cs", "nb", "nn", "no", "fi",
        "tr", "hu", "ro", "hr", "sk", "sl", "et", "lv", "lt", "is", "ca", "vi", "id", "ga", "eu",
        "gl",
    ]

    /// The scripts of languages that are not written in Latin letters.
    private static let scripts: [String: Set<Script>] = [
        "ru": [.cyrillic], "uk": [.cyrillic], "bg": [.cyrillic], "be": [.cyrillic],
        "mk": [.cyrillic], "sr": [.cyrillic, .latin], "el": [.greek], "ar": [.arabic],
        "fa": [.arabic], "ur": [.arabic], "he": [.hebrew], "hi": [.devanagari], "mr": [.devanagari],
        "ne": [.devanagari], "th": [.southEastAsian], "lo": [.southEastAsian],
        "km": [.southEastAsian], "my": [.southEastAsian], "ko": [.hangul, .han],
        "ja": [.kana, .han], "zh": [.han],
    ]
}
