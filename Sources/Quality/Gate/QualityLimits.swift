public import Model

/// The numbers of the gate, which a site may set otherwise.
///
/// Characters are extended grapheme clusters (what a reader takes for one character), so an `é` of
/// two code points or a Devanagari syllable counts once. Words are counted as `docs/quality-gate.md`
/// says.
public struct QualityLimits: Codable, Hashable, Sendable {
    /// The limits of a text that is no text alternative.
    public struct Field: Codable, Hashable, Sendable {
        /// More characters than this are remarked on.
        public var longAbove: Int
        /// More characters than this hold the text back.
        public var mostCharacters: Int

        /// Creates limits of a field.
        public init(longAbove: Int, mostCharacters: Int) {
            self.longAbove = longAbove
            self.mostCharacters = mostCharacters
        }
    }

    /// The fewest words of a text alternative.
    public var fewestAltWords = 3
    /// The most words of a text alternative, text in the image that it quotes not counted.
    public var mostAltWords = 20
    /// Text alternatives with more characters than this are remarked on.
    public var longAltAbove = 125
    /// The most characters of a text alternative.
    public var mostAltCharacters = 140
    /// The most characters of a text alternative that quotes text in the image; without the quoted
    /// text it must keep `mostAltCharacters`.
    public var mostAltCharactersWithText = 250
    /// Limits of titles.
    public var title = Field(longAbove: 70, mostCharacters: 120)
    /// Limits of captions.
    public var caption = Field(longAbove: 200, mostCharacters: 300)
    /// Limits of descriptions.
    public var description = Field(longAbove: 500, mostCharacters: 1_500)
    /// Descriptions that are less sure than this are held back.
    public var leastConfidence = ImageDescription.Confidence.medium
    /// Rules that hold texts back, but here shall only remark on them.
    public var onlyWarnings: Set<QualityCode> = []

    /// The limits of the documentation.
    public init() {}

    /// The limits of a field that is no text alternative.
    func limits(of field: MetadataField) -> Field {
        switch field {
        case .alt: Field(longAbove: longAltAbove, mostCharacters: mostAltCharacters)
        case .title: title
        case .caption: caption
        case .description: description
        }
    }
}
