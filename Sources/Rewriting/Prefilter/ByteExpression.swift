/// A regular expression that a value can be found by, and what has to stand in it besides.
///
/// The expression is in the language that PCRE 8 and PCRE2 share, for bytes as they are; every byte but
/// ASCII letters and digits is written as `\xHH`, so that no setting of a server gives it another
/// meaning, and every repetition is possessive, so that nothing is tried twice.
public struct ByteExpression: Hashable, Sendable {
    /// What the value matches somewhere; nil where the terms are the whole question.
    public let pattern: String?
    /// Terms of which the value contains at least one as well; empty where nothing more is asked.
    public let terms: [[UInt8]]

    init(_ pattern: String?, besides terms: [[UInt8]] = []) {
        self.pattern = pattern
        self.terms = terms
    }

    /// Matches exactly these bytes.
    static func quoted(_ literal: some Sequence<UInt8>) -> String {
        literal.map { byte in
            guard !PrefilterBuilder.isWordByte(byte) else { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16)
            return #"\x"# + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    /// Matches any of some texts.
    ///
    /// - Parameter texts: expressions.
    static func any(_ texts: [String]) -> String {
        texts.count == 1 ? texts[0] : "(?:\(texts.joined(separator: "|")))"
    }
}
