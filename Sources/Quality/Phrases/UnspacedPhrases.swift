/// Phrases of scripts that put no spaces between words, which may stand anywhere in a text.
struct UnspacedPhrases: ExpressibleByArrayLiteral {
    private let phrases: [String]

    /// The first scalar of the blocks that such scripts have: CJK radicals, kana, ideographs.
    private static let first: UInt32 = 0x2E80

    init(arrayLiteral phrases: String...) {
        precondition(phrases.allSatisfy(Self.hasScript), "a phrase is of another script")
        self.phrases = phrases
    }

    /// Whether the text has one of the phrases.
    ///
    /// Linear in the text where it has none of the scripts, as most texts.
    func isIn(_ text: String) -> Bool {
        Self.hasScript(text) && phrases.contains(where: text.contains)
    }

    /// Whether one of the phrases ends the text.
    func end(_ text: String) -> Bool {
        Self.hasScript(text) && phrases.contains(where: text.hasSuffix)
    }

    private static func hasScript(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value >= first }
    }
}
