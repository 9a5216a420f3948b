internal import Model

/// How a language writes itself in ASCII letters, where its readers expect other letters than ICU's.
///
/// What has no rule here is for ICU (``Cleaning/latin(_:)``). A letter is a `Character`, so composed
/// and decomposed spellings are one.
struct Transliteration {
    private let letters: [Character: String]
    private let pairs: [String: String]

    /// The rules of a language; of an unknown one those that readers of most languages share.
    init(language: String) {
        switch language {
        case "de": letters = Self.german
        case "da", "nb", "nn", "no": letters = Self.danish
        case "sv", "fi": letters = Self.swedish
        case "et": letters = ["õ": "o", "ä": "a", "ö": "o", "ü": "u"]
        case "hu": letters = ["ö": "o", "ő": "o", "ü": "u", "ű": "u"]
        case "tr", "az": letters = Self.turkish
        case "is": letters = ["þ": "th", "ð": "d", "æ": "ae", "ö": "o"]
        case "uk": letters = Self.russian.merging(Self.ukrainian) { $1 }
        case "bg": letters = Self.russian.merging(Self.bulgarian) { $1 }
        case "sr", "mk", "bs", "hr": letters = Self.russian.merging(Self.serbian) { $1 }
        case "be": letters = Self.russian.merging(Self.belarusian) { $1 }
        default: letters = Self.russian.merging(Self.greek) { $1 }
        }
        pairs = language == "uk" ? ["зг": "zgh"] : Self.greekPairs
    }

    /// The text in lower case, with the language's own letters in ASCII; the rest as it is.
    func applied(to text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        let characters = Array(text.lowercased())
        var index = 0
        while index < characters.count {
            let isFirst = index == 0 || !characters[index - 1].isLetter
            if index + 1 < characters.count {
                let pair = String(characters[index...index + 1])
                if let letters = pairs[pair] {
                    // A word begins with the sound alone: `μπ` is `b` there and `mp` elsewhere.
                    result += isFirst ? Self.greekBeginnings[pair] ?? letters : letters
                    index += 2
                    continue
                }
            }
            let character = characters[index]
            let beginning =
                isFirst && letters["и"] == "y" ? Self.ukrainianBeginnings[character] : nil
            result +=
                beginning ?? letters[character] ?? LatinLetters.ascii[character]
                ?? String(character)
            index += 1
        }
        return result
    }

    /// As German passports and addresses have it.
    private static let german: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"]
    private static let danish: [Character: String] = [
        "æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe",
    ]
    /// Swedes and Finns leave the rings and dots away.
    private static let swedish: [Character: String] = [
        "å": "a", "ä": "a", "ö": "o", "æ": "ae", "ø": "o",
    ]
    /// `İ` in lower case is an `i` with a dot above.
    private static let turkish: [Character: String] = [
        "ı": "i", "i\u{307}": "i", "ğ": "g", "ş": "s", "ç": "c", "ö": "o", "ü": "u", "ə": "e",
    ]

    /// BGN/PCGN without apostrophes, with the letters of the neighbours.
    private static let russian: [Character: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
        "з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
        "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
        "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj",
        "њ": "nj", "ћ": "c", "џ": "dz", "ѓ": "gj", "ќ": "kj", "ѕ": "dz",
    ]
    /// Resolution 55 of Ukraine's Cabinet (2010).
    private static let ukrainian: [Character: String] = [
        "г": "h", "и": "y", "є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia", "ь": "", "’": "",
        "'": "", "ʼ": "",
    ]
    /// The same, where a word begins.
    private static let ukrainianBeginnings: [Character: String] = [
        "є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya",
    ]
    /// Bulgaria's Transliteration Act (2009).
    private static let bulgarian: [Character: String] = [
        "х": "h", "щ": "sht", "ъ": "a", "ь": "y", "й": "y", "ц": "ts",
    ]
    /// Gaj's alphabet without its marks.
    private static let serbian: [Character: String] = [
        "ж": "z", "ч": "c", "ш": "s", "ц": "c", "х": "h", "ђ": "dj", "đ": "dj", "ј": "j",
    ]
    private static let belarusian: [Character: String] = [
        "г": "h", "і": "i", "ў": "u", "х": "kh", "ё": "io", "ю": "iu", "я": "ia",
    ]

    /// ELOT 743, without accents.
    private static let greek: [Character: String] = [
        "α": "a", "ά": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "έ": "e", "ζ": "z", "η": "i",
        "ή": "i", "θ": "th", "ι": "i", "ί": "i", "ϊ": "i", "ΐ": "i", "κ": "k", "λ": "l", "μ": "m",
        "ν": "n", "ξ": "x", "ο": "o", "ό": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
        "υ": "y", "ύ": "y", "ϋ": "y", "ΰ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o", "ώ": "o",
    ]
    private static let greekPairs: [String: String] = [
        "ου": "ou", "ού": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch", "μπ": "mp", "αυ": "av",
        "αύ": "av", "ευ": "ev", "εύ": "ev",
    ]
    private static let greekBeginnings: [String: String] = ["μπ": "b"]
}
