/// BCP 47 tags of what WordPress and its plugins call languages.
enum LanguageTag {
    /// The tag of a locale such as `de_DE_formal` or a code such as `pt-br`.
    ///
    /// Language, script and region are kept; WordPress's variants (`formal`, `ao90`) are no subtags
    /// of the registry and are dropped. Empty for what is no locale; WordPress's empty locale is
    /// `en-US`, which the caller knows.
    static func of(_ locale: some StringProtocol) -> String {
        let parts = locale.split { $0 == "_" || $0 == "-" }
        guard let first = parts.first, (2...3).contains(first.count),
            first.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return "" }
        var tag = first.lowercased()
        for part in parts.dropFirst() {
            guard part.allSatisfy(\.isASCII) else { break }
            if part.count == 4, part.allSatisfy(\.isLetter) {
                tag += "-" + part.prefix(1).uppercased() + part.dropFirst().lowercased()
            } else if part.count == 2 && part.allSatisfy(\.isLetter)
                || part.count == 3 && part.allSatisfy(\.isNumber)
            {
                tag += "-" + part.uppercased()
            } else {
                break
            }
        }
        return tag
    }
}
