/// How a text is tidied before it is judged; nothing in it is ever cut off.
enum NormalizedText {
    /// The text without white space and quotation marks around it, and with single spaces in it.
    ///
    /// Line breaks stay: whether they are right is for a rule. Of quotation marks only a pair
    /// around the whole text goes, because models answer in quotes.
    static func of(_ text: String) -> String {
        var result = collapsed(text)
        while let inner = unquoted(result) { result = collapsed(inner) }
        return result
    }

    /// The text for comparisons: letters and digits in lower case, single spaces between words.
    static func key(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    /// White space, also in lines, as single spaces; more than one empty line as one.
    private static func collapsed(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            $0.split(whereSeparator: isSpace).joined(separator: " ")
        }
        var result = ""
        var breaks = 0
        for line in lines {
            if !line.isEmpty {
                result += result.isEmpty ? "" : String(repeating: "\n", count: min(breaks, 2))
                result += line
                breaks = 0
            }
            breaks += 1
        }
        return result
    }

    /// Whether the character is white space alone: a hidden mark on a space must not go with it
    /// before the rules have seen it.
    private static func isSpace(_ character: Character) -> Bool {
        character.isWhitespace && character.unicodeScalars.count == 1
    }

    /// What a pair of quotation marks around the whole text encloses; nil where there is none.
    private static func unquoted(_ text: String) -> String? {
        guard text.count >= 2, let first = text.first, let last = text.last,
            let closing = closings[first], closing.contains(last)
        else { return nil }
        let inner = text.dropFirst().dropLast()
        // `"Open" and "Closed"` is not quoted as a whole.
        guard !inner.contains(where: { $0 == first || closing.contains($0) }) else { return nil }
        return String(inner)
    }

    private static let closings: [Character: String] = [
        "\"": "\"", "“": "”", "„": "“”", "«": "»", "»": "«", "'": "'", "‘": "’", "‚": "‘", "`": "`",
        "「": "」", "『": "』", "＂": "＂",
    ]
}

extension String {
    /// The text with full-width ASCII (`＜`, `：`) as ASCII, which some programs take for the same.
    var withoutFullWidth: String {
        guard unicodeScalars.contains(where: { 0xFF01...0xFF5E ~= $0.value }) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isFullWidth = 0xFF01...0xFF5E ~= scalar.value
            result.append(
                isFullWidth ? Unicode.Scalar(UInt8(scalar.value - 0xFEE0)) : scalar)
        }
        return String(result)
    }
}
