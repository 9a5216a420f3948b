/// What a BCP 47 tag or a WordPress locale says of a language.
public struct LanguageTag: Hashable, Sendable {
    /// The language alone, in lower case: `pt` of `pt-BR`, `zh` of `zh_TW`.
    public let primary: String
    /// Whether the language is written from right to left.
    public var isRightToLeft: Bool {
        ["ar", "dv", "fa", "he", "iw", "ps", "ug", "ur", "yi", "ckb"].contains(primary)
    }

    /// Reads a tag, with `-` or `_`, in any letter case; an empty one is no language.
    public init(_ tag: String) {
        primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
    }
}
