/// A text of XMP in several languages, as exiv2 writes it: `lang="x-default" One, lang="de" Eins`.
enum LanguageAlternative {
    /// The text of the default language, which comes first.
    static func text(of value: String) -> String {
        guard value.hasPrefix("lang=\""), let end = value.firstIndex(of: " ") else { return value }
        let text = value[value.index(after: end)...]
        guard let next = text.firstRange(of: ", lang=\"") else { return String(text) }
        return String(text[..<next.lowerBound])
    }
}
