public import Model

/// A file name that says what an image shows and where it is used, for people and search engines.
///
/// The name of a product leads, because an image of a product is searched by it; then come the words
/// that tell this image from others. The title of another page only helps out where the image's own
/// texts say little. Pure: whether a name is taken is asked of the caller.
public struct SEOFileName: Sendable {
    /// What a name is made of, the best first.
    public struct Sources: Hashable, Sendable {
        /// The file name that a provider proposes; untrusted.
        public var fileName: String
        /// The attachment's title.
        public var title: String
        /// The text alternative.
        public var alt: String
        /// Further texts, such as the caption.
        public var others: [String]
        /// Where the image is used.
        public var uses: [ImageUse]

        /// Creates sources.
        public init(
            fileName: String = "", title: String = "", alt: String = "", others: [String] = [],
            uses: [ImageUse] = []
        ) {
            self.fileName = fileName
            self.title = title
            self.alt = alt
            self.others = others
            self.uses = uses
        }

        /// The sources in a description, and in what is known of the image beside it.
        public init(description: ImageDescription, context: ImageContext) {
            self.init(
                fileName: description.fileName,
                title: description.texts[.title] ?? context.current[.title] ?? "",
                alt: description.texts[.alt] ?? context.current[.alt] ?? "",
                others: [
                    description.texts[.caption] ?? context.current[.caption] ?? "",
                    context.embedded.title ?? "", context.embedded.headline ?? "",
                ],
                uses: context.uses)
        }
    }

    /// The most characters of a name, without extension and WordPress's suffixes.
    public let longest: Int
    /// Whether function words (`the`, `und`, `de`) are left away where other words remain.
    public let removesFunctionWords: Bool

    private let transliteration: Transliteration
    private let language: String
    private let functionWords: Set<String>

    /// Fewer words than this leave room for the title of a page.
    private static let fewWords = 3

    /// A name is in the first characters of a text or nowhere.
    private static let mostCharacters = 2_000

    /// Creates a maker of names in a language.
    ///
    /// - Parameters:
    ///   - language: a BCP 47 tag or WordPress locale: that of the attachment or site, not of the
    ///     model. Without rules for it, ICU's apply and every word stays.
    ///   - longest: the most characters, between 8 and 180.
    public init(language: String, longest: Int = 60, removesFunctionWords: Bool = true) {
        self.language = LanguageTag(language).primary
        self.longest = min(max(longest, 8), TypedName.longestStem)
        self.removesFunctionWords = removesFunctionWords
        transliteration = Transliteration(language: self.language)
        let list = ["nb", "nn", "no"].contains(self.language) ? "da" : self.language
        let words = (FunctionWords.of(list) ?? []).sorted().joined(separator: " ")
        // Compared in ASCII, so that a name made once stays as it is: `dès` becomes `des`.
        functionWords = Set(
            Cleaning.latin(transliteration.applied(to: words)).split(separator: " ").map(
                String.init))
    }

    /// The stem of a name in `[a-z0-9-]`: words with single hyphens between them, cut at a word.
    ///
    /// Never only digits, a camera's name, a reserved name, nor one with a suffix that WordPress
    /// gives. The result as a source gives the same result. Linear in the length of the sources.
    ///
    /// - Returns: nil where no source leaves a name; the file then keeps its own.
    public func stem(from sources: Sources) -> [UInt8]? {
        let product = sources.uses.lazy.filter { $0.kind == .product || $0.kind == .productGallery }
            .compactMap { self.words(of: $0.title) }.first
        let pages = sources.uses.lazy.filter { $0.kind != .option }
        let texts = [sources.title, sources.alt] + sources.others
        let named = texts.lazy.compactMap { self.words(of: $0) }
        // A text that says enough by itself is better than a short one and the title of a page.
        let own =
            words(of: sources.fileName)
            ?? (product == nil ? named.first { cut($0).count >= Self.fewWords } : nil)
            ?? named.first ?? []
        var words = (product ?? []) + own
        // Cut first, so that a name made once is as long for this rule as it was then.
        if product == nil, cut(own).count < Self.fewWords {
            words = cut(own) + (pages.compactMap { self.words(of: $0.title) }.first ?? [])
        }
        // Two texts together can read as what neither is: `photo` and `12`.
        return usable(joined(withoutFunctionWords(words), limit: longest))
            ?? usable(joined(withoutFunctionWords(own), limit: longest))
    }

    /// The stem, or where it is taken, one with the first free number behind it, still short enough.
    ///
    /// - Parameter isTaken: whether a family on disk, in the database, in this batch or among the
    ///   redirects has the name; asked once for each candidate.
    /// - Throws: what `isTaken` throws.
    /// - Returns: nil where no source leaves a name.
    public func stem(
        from sources: Sources, isTaken: ([UInt8]) throws(MonikerError) -> Bool
    ) throws(MonikerError) -> [UInt8]? {
        guard let stem = stem(from: sources) else { return nil }
        guard try isTaken(stem) else { return stem }
        var number = 2
        while true {
            let suffix = Array("-\(number)".utf8)
            let words = stem.split(separator: UInt8(ascii: "-")).map(Array.init)
            let candidate = joined(words, limit: longest - suffix.count) + suffix
            if try !isTaken(candidate) { return candidate }
            number += 1
        }
    }

    /// The words that the first usable line of a text makes; nil where it makes none.
    private func words(of text: String) -> [[UInt8]]? {
        for line in SuggestedName.lines(of: String(text.prefix(Self.mostCharacters))) {
            // In its own script too: a screenshot's name is known in the language of its system.
            guard !CameraName.matches(line) else { continue }
            let words = words(ofLine: line)
            if usable(joined(withoutFunctionWords(words), limit: longest)) != nil { return words }
        }
        return nil
    }

    private func words(ofLine line: String) -> [[UInt8]] {
        let named = ProductTerms.spelledOut(line)
        let separated = language == "ja" ? Particles.separated(named) : named
        let latin = Cleaning.latin(transliteration.applied(to: separated))
        return Cleaning.hyphenated(withoutApostrophes(latin).replacing("_", with: "-"))
            .map(lowercased).split(separator: UInt8(ascii: "-")).map(Array.init)
    }

    /// `don't` is one word, as in WordPress's own slugs, and `l'été` an article and a word.
    private func withoutApostrophes(_ text: String) -> String {
        guard text.contains(where: Self.isApostrophe) else { return text }
        guard ["fr", "it", "ca"].contains(language) else {
            return text.filter { !Self.isApostrophe($0) }
        }
        return text.split(separator: " ").map { word in
            let parts = word.split(whereSeparator: Self.isApostrophe)
            let isElided = parts.first.map { functionWords.contains(String($0)) } ?? false
            return parts.joined(separator: isElided ? " " : "")
        }.joined(separator: " ")
    }

    private static func isApostrophe(_ character: Character) -> Bool {
        "'’‘ʼʹ`".contains(character)
    }

    /// The words that say something; all of them where none does.
    private func withoutFunctionWords(_ words: [[UInt8]]) -> [[UInt8]] {
        guard removesFunctionWords else { return words }
        let rest = words.filter { !functionWords.contains(String(decoding: $0, as: UTF8.self)) }
        return rest.isEmpty ? words : rest
    }

    /// The words that a name of its own would have.
    private func cut(_ words: [[UInt8]]) -> [[UInt8]] {
        joined(withoutFunctionWords(words), limit: longest).split(separator: UInt8(ascii: "-"))
            .map(Array.init)
    }

    /// As many whole words as fit, each once, without a suffix that has a meaning.
    private func joined(_ words: [[UInt8]], limit: Int) -> [UInt8] {
        var seen: Set<[UInt8]> = []
        var stem: [UInt8] = []
        for word in words where seen.insert(word).inserted {
            let length = stem.isEmpty ? word.count : stem.count + 1 + word.count
            guard length <= limit else { break }
            stem += stem.isEmpty ? word : [UInt8(ascii: "-")] + word
        }
        // A single word that is too long has no better place to be cut.
        if stem.isEmpty, let word = words.first { stem = Array(word.prefix(limit)) }
        while let suffix = ReservedName.suffix(of: stem) {
            stem = Cleaning.trimmed(stem.dropLast(suffix.count))
        }
        return stem
    }

    /// The stem, if it can be the name of a file that says something.
    private func usable(_ stem: [UInt8]) -> [UInt8]? {
        let text = String(decoding: stem, as: UTF8.self)
        return stem.isEmpty || ReservedName.isDevice(stem) || CameraName.matches(text) ? nil : stem
    }
}
