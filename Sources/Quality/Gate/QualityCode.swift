/// Why a text is held back or remarked on; stable, also in JSON.
public enum QualityCode: String, CaseIterable, Codable, Hashable, Sendable {
    // The whole description.
    case lowConfidence = "low-confidence"
    case decorativeWithAlt = "decorative-with-alt"
    case decorativeInLink = "decorative-in-link"

    // How much of it there is.
    case empty
    case tooShort = "too-short"
    case tooManyWords = "too-many-words"
    case long
    case tooLong = "too-long"
    case newline

    // What must never reach a page.
    case controlCharacters = "control-characters"
    case bidi
    case invisibleCharacters = "invisible-characters"
    case mixedScripts = "mixed-scripts"
    case markup
    case url
    case emoji
    case promptLeftover = "prompt-leftover"

    // What it says.
    case cannotSee = "cannot-see"
    case hedge
    case filler
    case generic
    case fileName = "file-name"
    case keywordStuffing = "keyword-stuffing"
    case repeatedWords = "repeated-words"
    case wrongLanguage = "wrong-language"
    case textNotSeen = "text-not-seen"

    // What other texts say.
    case duplicate
    case sameAsTitle = "same-as-title"
    case sameAsCaption = "same-as-caption"
    case sameAsPageTitle = "same-as-page-title"
}
