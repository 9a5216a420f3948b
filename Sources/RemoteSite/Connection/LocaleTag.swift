/// BCP 47 tags of WordPress's locales.
enum LocaleTag {
    /// The tag of a locale such as `de_DE_formal`, or of a `lang` attribute; nil for what is none.
    ///
    /// Language and region are kept; WordPress's variants are no subtags of the registry.
    static func of(_ locale: some StringProtocol) -> String? {
        let parts = locale.split { $0 == "_" || $0 == "-" }
        guard let language = parts.first, (2...3).contains(language.utf8.count),
            language.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) })
        else { return nil }
        guard let region = parts.dropFirst().first, region.utf8.count == 2,
            region.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) })
        else { return language.lowercased() }
        return language.lowercased() + "-" + region.uppercased()
    }

    /// The language that a page says it is in, by the `lang` of its root element.
    static func ofPage(_ html: [UInt8]) -> String? {
        let text = String(decoding: html.prefix(16384), as: UTF8.self)
        guard let tag = text.lowercased().firstRange(of: "<html") else { return nil }
        let lowercased = text.lowercased()[tag.upperBound...].prefix { $0 != ">" }
        guard let start = lowercased.firstRange(of: " lang=")?.upperBound else { return nil }
        let value = lowercased[start...].drop { $0 == "\"" || $0 == "'" }
        return of(value.prefix { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == "_") })
    }
}
