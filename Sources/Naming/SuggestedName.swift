/// A new name made of an attachment's texts.
public enum SuggestedName {
    /// The longest suggestion, in characters.
    static let longestStem = 60

    /// The stem that the first usable text makes: lower-case `[a-z0-9-]`, at most 60 characters,
    /// cut at a word.
    ///
    /// The texts may be what a language model answered: of several lines the first with a name
    /// counts; markup, code fences, list numbers, folders and a file extension are taken away. The
    /// result is never a reserved name, but it may be taken.
    ///
    /// - Parameter texts: for example title, alternative text and caption, the best first.
    /// - Returns: nil when no text leaves a name. Linear in the length of the texts.
    public static func stem(from texts: [String]) -> [UInt8]? {
        for text in texts {
            for line in lines(of: text) {
                if let stem = stem(fromLine: line) { return stem }
            }
        }
        return nil
    }

    /// The lines of a text without markup, list numbers, folders and a file extension.
    static func lines(of text: String) -> [String] {
        withoutMarkup(text).split(whereSeparator: \.isNewline).map {
            withoutExtension(withoutFolders(withoutNumber(String($0))))
        }
    }

    /// The stem that one line makes.
    private static func stem(fromLine line: String) -> [UInt8]? {
        // "don't" is one word; WordPress's own slugs drop the apostrophe too.
        let text = Cleaning.latin(line)
            .filter { $0 != "'" && $0 != "’" }
        let words = Cleaning.hyphenated(String(text.map { $0 == "_" ? "-" : $0 }))
            .map(lowercased).split(separator: UInt8(ascii: "-"))
        var stem: [UInt8] = []
        for word in words {
            let longer = stem.isEmpty ? Array(word) : stem + [UInt8(ascii: "-")] + word
            guard longer.count <= longestStem else { break }
            stem = longer
        }
        // A single word that is too long has no better place to be cut.
        if stem.isEmpty, let word = words.first { stem = Array(word.prefix(longestStem)) }
        while let suffix = ReservedName.suffix(of: stem) {
            stem = Cleaning.trimmed(stem.dropLast(suffix.count))
        }
        return stem.isEmpty || ReservedName.isDevice(stem) ? nil : stem
    }

    /// The text without scripts, tags and code fences.
    private static func withoutMarkup(_ text: String) -> String {
        text.replacing(#/(?is)<(script|style)\b.*?(?:</\1\s*>|$)/#, with: "\n")
            .replacing(#/<[A-Za-z/!][^<>]*>/#, with: " ")
            .replacing(#/```[A-Za-z]*/#, with: "\n")
    }

    /// The line without a list's number or bullet.
    private static func withoutNumber(_ line: String) -> String {
        line.replacing(#/^\s*(?:[0-9]{1,2}[.)]\s+|[-*•]\s+)/#, with: "")
    }

    /// What follows the last slash of a URL or path; a slash between words is no path.
    private static func withoutFolders(_ line: String) -> String {
        let trimmed = line.trimmingPrefix { $0.isWhitespace || $0 == "\"" || $0 == "`" }
        guard !trimmed.contains(where: \.isWhitespace), trimmed.contains("/") else { return line }
        let path = trimmed.prefix { $0 != "?" && $0 != "#" }
        return path.split(separator: "/").last.map(String.init) ?? line
    }

    /// The line without a known file extension at its end.
    private static func withoutExtension(_ line: String) -> String {
        let isQuote: (Character) -> Bool = { $0.isWhitespace || "\"'`”’.".contains($0) }
        let text = String(line.reversed().drop(while: isQuote).reversed())
        guard let dot = text.lastIndex(of: "."),
            FileExtension.isKnown(text[text.index(after: dot)...].utf8)
        else { return text }
        return String(text[..<dot])
    }
}
