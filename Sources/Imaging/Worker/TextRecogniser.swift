internal import CTesseract
internal import Model

/// Reads text in pictures, by tesseract; inside the worker only.
struct TextRecogniser {
    /// The longest side that is read: enough for the text of a banner, and not too slow.
    static let edge = 1600
    /// Words that tesseract is less sure of are mostly patterns that are no text.
    private static let leastConfidence: Float = 60

    /// Whether the library was found; nil before it was looked for.
    private var isAvailable: Bool?
    /// A reader for each language, nil where its data is not installed.
    private var readers: [String: TextReader?] = [:]

    /// Reads the text of a picture of three bands; whatever is missing becomes a note.
    mutating func text(in pixels: Pixels, language: String) -> RecognisedText {
        let isAvailable = isAvailable ?? (CTesseract_start() == 0)
        self.isAvailable = isAvailable
        guard isAvailable else {
            return .none("text in pictures is not read: apt-get install tesseract-ocr")
        }
        let wanted = Self.name(of: language)
        var note: String?
        var languages = [wanted]
        var reader = reader(wanted)
        if reader == nil, wanted != "eng" {
            note = "text was read as English: apt-get install tesseract-ocr-\(Self.package(wanted))"
            languages = ["eng"]
            reader = self.reader("eng")
        }
        guard let reader else {
            return .none(
                "text in pictures is not read: apt-get install tesseract-ocr-\(Self.package(wanted))"
            )
        }
        guard let words = reader.words(in: pixels) else {
            return .none("the text in the picture could not be read")
        }
        return RecognisedText(
            text: words.text,
            confidence: words.count == 0 ? 0 : Int(words.confidence / Float(words.count)),
            languages: languages, note: note)
    }

    private mutating func reader(_ languages: String) -> TextReader? {
        if let known = readers[languages] { return known }
        let reader = TextReader(languages)
        readers[languages] = .some(reader)
        return reader
    }

    /// The words that were understood.
    struct Words {
        var text = ""
        var count = 0
        var confidence: Float = 0

        mutating func add(_ word: String, confidence: Float, startsLine: Bool) {
            // A single mark is a border or a bullet.
            guard confidence >= TextRecogniser.leastConfidence,
                word.contains(where: { $0.isLetter || $0.isNumber })
            else { return }
            if !text.isEmpty { text += startsLine ? "\n" : " " }
            text += word
            count += 1
            self.confidence += confidence
        }
    }

    /// The name of a language's data (ISO 639-2/T and some of tesseract's own).
    static func name(of language: String) -> String {
        let parts = language.lowercased().split { $0 == "-" || $0 == "_" }.map(String.init)
        switch parts.first ?? "" {
        case "de": return "deu"
        case "fr": return "fra"
        case "es": return "spa"
        case "it": return "ita"
        case "pt": return "por"
        case "nl": return "nld"
        case "pl": return "pol"
        case "ru": return "rus"
        case "uk": return "ukr"
        case "cs": return "ces"
        case "sv": return "swe"
        case "da": return "dan"
        case "nb", "no", "nn": return "nor"
        case "fi": return "fin"
        case "hu": return "hun"
        case "ro": return "ron"
        case "el": return "ell"
        case "tr": return "tur"
        case "ja": return "jpn"
        case "ko": return "kor"
        case "ar": return "ara"
        case "he": return "heb"
        case "zh":
            return parts.contains { ["tw", "hk", "hant"].contains($0) } ? "chi_tra" : "chi_sim"
        default: return "eng"
        }
    }

    /// How Debian spells a language in the name of a package.
    private static func package(_ language: String) -> String {
        language.replacing("_", with: "-")
    }
}

extension RecognisedText {
    /// No text, and why.
    fileprivate static func none(_ note: String) -> RecognisedText {
        RecognisedText(text: "", confidence: 0, languages: [], note: note)
    }
}
