/// The English names of languages, because models follow a name better than a tag.
enum LanguageNames {
    private static let names = [
        "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
        "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
        "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
        "fr": "French", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hi": "Hindi",
        "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
        "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
        "ms": "Malay", "nb": "Norwegian Bokmål", "nl": "Dutch", "nn": "Norwegian Nynorsk",
        "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
        "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai",
        "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
    ]

    /// What variants are called where the tag alone would be read as the larger language.
    private static let variants = [
        "pt-br": "Brazilian Portuguese", "pt-pt": "European Portuguese",
        "zh-hans": "Simplified Chinese", "zh-cn": "Simplified Chinese",
        "zh-sg": "Simplified Chinese", "zh-hant": "Traditional Chinese",
        "zh-tw": "Traditional Chinese", "zh-hk": "Traditional Chinese",
        "en-gb": "British English", "en-us": "American English",
        "de-ch": "Swiss Standard German", "fr-ca": "Canadian French",
    ]

    /// The name and the tag, such as `German (de)`; English for what is no tag.
    static func describe(_ tag: String) -> String {
        let isTag =
            (2...35).contains(tag.utf8.count)
            && tag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        guard isTag else { return "English (en)" }
        // WordPress spells locales `pt_BR`, plugins also `de_DE_formal`.
        let tag = tag.split(separator: "_").prefix(2).joined(separator: "-")
        let lowercased = tag.lowercased()
        let language = String(lowercased.prefix { $0 != "-" })
        guard let name = variants[lowercased] ?? names[language] else { return tag }
        return "\(name) (\(tag))"
    }
}
