/// The prefilter as regular expressions.
///
/// Each begins with one certain byte, which a search finds many bytes at a time, so that text without
/// it costs next to nothing; that is why there is one for each way to begin an escape.
extension PrefilterBuilder {
    static func expressions(
        for words: [NameWord]?, places: [[UInt8]],
        base64: (terms: [[UInt8]], cores: [[[UInt8]]])
    ) -> [ByteExpression] {
        let references =
            words.map { $0.map(expression) + escapedLetters.map { .init($0, besides: places) } }
            ?? byFirstByte(places.map { ($0, []) })
        return references
            + byFirstByte(base64.terms.map { ($0, continuations(of: $0, in: base64.cores)) })
    }

    // MARK: Words of names

    /// Matches a word with what stands around it in all names, or as much of that as stands there
    /// before the first dressed character, on either side.
    private static func expression(_ word: NameWord) -> ByteExpression {
        let quotedWord = ByteExpression.quoted(word.word)
        var pattern = quotedWord
        if !word.right.isEmpty {
            let whole = ByteExpression.quoted(word.right)
            let parts = word.right.indices.reversed().map {
                ByteExpression.quoted(word.right[..<$0]) + escapeStart
            }
            pattern += ByteExpression.any([whole] + parts)
        }
        if !word.left.isEmpty {
            // Looked at from the word's end, so that the search is for the word.
            let whole = ByteExpression.quoted(word.left)
            let parts = word.left.indices.map { start in
                escapeEnd + ByteExpression.quoted(word.left[(start + 1)...])
            }
            let behind = ([whole] + parts).map { $0 + quotedWord }
            pattern =
                quotedWord + "(?<=\(behind.joined(separator: "|")))"
                + pattern.dropFirst(quotedWord.count)
        }
        return ByteExpression(pattern)
    }

    /// What every escape begins with: `%`, a backslash, `&`.
    private static let escapeStart = #"[\x25\x5c\x26]"#

    /// What an escape ends with, or in front of the character that a backslash escapes: a hexadecimal
    /// digit, `;`, a backslash.
    private static let escapeEnd = #"[0-9A-Fa-f\x3b\x5c]"#

    // MARK: Escaped letters

    /// Hexadecimal digits of an ASCII letter or digit, or of `#`, `%` or the backslash, which can
    /// begin or be part of another escape of one.
    private static let hexadecimal =
        "2[35]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaCc]|6[1-9A-Fa-f]|7[0-9Aa]"

    /// The same in decimal digits.
    private static let decimal =
        "3[57]|4[89]|5[0-7]|6[5-9]|[78][0-9]|9[02789]|1[01][0-9]|12[0-2]"

    /// What stands behind an ampersand, itself escaped or not, that begins an entity of one of
    /// these; most ampersands are in URLs and begin none.
    private static let entityInside =
        #"\x3b?(?:amp\x3b)*+(?:\x23|\x5c|\x25|percnt\x3b|bsol\x3b)"#

    /// Entities that nearly every text has and that escape no letter, told apart first because they
    /// are so many: four digits of a typographic character, and a plain ampersand.
    private static let harmlessEntities =
        #"(?!\x23[1-9][0-9]{3}|nbsp\x3b|amp\x3b(?![a\x23\x25\x5cpb])|[gl]t\x3b|quot\x3b)"#

    /// What a value matches in which a letter or digit of a word is escaped, so that the word does not
    /// stand there: nobody has to write `%49MG_1.jpg`, but it names the file.
    ///
    /// Whatever the encodings are nested in, the outermost escape matches one of these.
    private static let escapedLetters = [
        #"\x25(?:"# + hexadecimal + "|26" + entityInside + ")",
        #"\x5cu00(?:"# + hexadecimal + "|26" + entityInside + ")",
        #"\x26"# + harmlessEntities + #"(?:amp\x3b)*+(?:\x23(?:0*+(?:(?:"# + decimal
            + ")(?![0-9])|38" + entityInside + ")|[Xx]0*+(?:(?:" + hexadecimal
            + ")(?![0-9A-Fa-f])|26" + entityInside + #"))|\x5c|\x25|percnt\x3b|bsol\x3b)"#,
    ]

    // MARK: Base64

    /// What can follow a term, in each way in which the text that it was taken from can lie: the rest
    /// of its letters, where a line can end after each four of them.
    ///
    /// - Returns: expressions; none where a term says all there is to say.
    private static func continuations(of term: [UInt8], in cores: [[[UInt8]]]) -> [String] {
        var continuations: Set<String> = []
        for groups in cores {
            for (index, group) in groups.enumerated() {
                for start in group.indices where group[start...].starts(with: term) {
                    let rest = ByteExpression.quoted(group[(start + term.count)...])
                    let next = index + 1 < groups.count ? groups[index + 1] : []
                    continuations.insert(
                        rest
                            + (next.isEmpty
                                ? "" : "(?:\(ByteExpression.quoted(next))|[^0-9A-Za-z])"))
                }
            }
        }
        return continuations.contains("") ? [] : continuations.sorted()
    }

    /// One expression for all terms that begin with the same byte.
    private static func byFirstByte(
        _ terms: [(term: [UInt8], continuations: [String])]
    ) -> [ByteExpression] {
        var rests: [(first: UInt8, rests: [String])] = []
        for (term, continuations) in terms {
            guard let first = term.first else { continue }
            let rest =
                ByteExpression.quoted(term.dropFirst())
                + (continuations.isEmpty ? "" : ByteExpression.any(continuations))
            if let known = rests.firstIndex(where: { $0.first == first }) {
                rests[known].rests.append(rest)
            } else {
                rests.append((first, [rest]))
            }
        }
        return rests.map {
            ByteExpression(ByteExpression.quoted([$0.first]) + ByteExpression.any($0.rests))
        }
    }
}
