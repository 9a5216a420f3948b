internal import Model

/// What the describer can say in a language.
///
/// In a phrase, `%` stands for what is put in; a second `%` for the second thing.
struct PhraseBook {
    /// Colours as they stand in `mostly`.
    var colours: [NamedColour: String]
    /// Between the last two of a list, with its blanks.
    var and: String
    /// What colours take most of the picture.
    var mostly: String
    /// Which of several pictures it is.
    var position: String
    /// Which picture it is where nobody knows of how many.
    var number: String
    /// A picture of which nothing but its format is known.
    var shapes: [PictureFacts.Orientation: String]
    /// A picture that belongs to a page.
    var forPage: String
    /// The text in the picture.
    var text: String
    /// The pages that use it.
    var usedOn: String
    /// Its size in pixels.
    var size: String

    /// The book of a language; nil where there is none.
    ///
    /// Nothing is ever said in the language of others instead.
    static func book(for language: String) -> PhraseBook? {
        let primary = language.split { $0 == "-" || $0 == "_" }.first.map { $0.lowercased() }
        return primary.flatMap { books[$0] }
    }

    /// The languages that it knows, as BCP 47 tags.
    static var languages: [String] { books.keys.sorted() }

    private static let books: [String: PhraseBook] = [
        "en": english, "de": german, "fr": french, "es": spanish, "it": italian,
        "pt": portuguese, "nl": dutch,
    ]

    /// A phrase with what stands for its `%`.
    static func filled(_ phrase: String, _ values: String...) -> String {
        var parts = phrase.split(separator: "%", omittingEmptySubsequences: false)[...]
        var result = String(parts.removeFirst())
        for (part, value) in zip(parts, values) { result += value + part }
        return result
    }

    /// Colours in a row.
    func list(_ names: [NamedColour]) -> String {
        let words = names.compactMap { colours[$0] }
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + and + last
    }
}
