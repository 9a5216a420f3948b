import Quality

extension QualityCode {
    /// What a text with this finding is like, for reports.
    var meaning: String {
        switch self {
        case .lowConfidence: "the provider was not sure"
        case .decorativeWithAlt: "called decorative, with a text"
        case .decorativeInLink: "called decorative, within a link"
        case .empty: "there is no text"
        case .tooShort: "too short to describe anything"
        case .tooManyWords: "too many words"
        case .long: "longer than screen readers like"
        case .tooLong: "too long"
        case .newline: "broken into lines"
        case .controlCharacters: "control characters"
        case .bidi: "characters that turn the direction of text"
        case .invisibleCharacters: "invisible characters"
        case .mixedScripts: "letters of several scripts in one word"
        case .markup: "HTML or other markup"
        case .url: "a web address"
        case .emoji: "emoji"
        case .promptLeftover: "left over from a prompt"
        case .cannotSee: "an excuse instead of a description"
        case .hedge: "not sure of itself"
        case .filler: "begins with filler such as \u{201C}image of\u{201D}"
        case .generic: "says nothing of the picture"
        case .fileName: "a file name, not a text"
        case .keywordStuffing: "a keyword more than once"
        case .repeatedWords: "repeated words"
        case .wrongLanguage: "in another language than the page"
        case .textNotSeen: "quotes text that is not in the image"
        case .duplicate: "the same as another picture's alt text"
        case .sameAsTitle: "the same as the title"
        case .sameAsCaption: "the same as the caption"
        case .sameAsPageTitle: "the same as the page's title"
        }
    }
}
