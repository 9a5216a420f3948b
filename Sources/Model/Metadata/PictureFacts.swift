/// A colour that everybody has a name for.
public enum NamedColour: String, CaseIterable, Codable, Hashable, Sendable {
    case black, white, grey, red, orange, brown, beige, yellow, green, turquoise, blue, purple, pink
}

/// What can be measured of a picture without knowing what it shows.
public struct PictureFacts: Codable, Hashable, Sendable {
    /// Which side is the longer one.
    public enum Orientation: String, CaseIterable, Codable, Hashable, Sendable {
        case landscape, portrait, square
    }

    /// What its pixels are like, by statistics alone.
    public enum Kind: String, CaseIterable, Codable, Hashable, Sendable {
        /// One colour, or nearly.
        case flat
        /// Few colours in even areas: a drawing, a logo, a chart, a screenshot.
        case graphic
        /// Many shades, as photographs have.
        case continuous
    }

    /// Width of the full picture in pixels, once it is upright.
    public var width: Int
    /// Height of the full picture in pixels, once it is upright.
    public var height: Int
    /// How many frames it has; 1 for a still.
    public var frames: Int
    /// The colours that take most of it, most of it first, without the background; at most 3.
    public var colours: [NamedColour]
    /// The colour that its edges have in common; nil where they have none.
    public var background: NamedColour?
    /// Whether a part of it can be seen through.
    public var isTransparent: Bool
    /// Bits of information in the brightness of a pixel: 0 for one shade, up to 8.
    public var entropy: Double
    /// What its pixels are like.
    public var kind: Kind

    /// Creates facts.
    public init(
        width: Int, height: Int, frames: Int = 1, colours: [NamedColour] = [],
        background: NamedColour? = nil, isTransparent: Bool = false, entropy: Double = 8,
        kind: Kind = .continuous
    ) {
        self.width = width
        self.height = height
        self.frames = frames
        self.colours = colours
        self.background = background
        self.isTransparent = isTransparent
        self.entropy = entropy
        self.kind = kind
    }

    /// Which side is the longer one; within 5 percent it is square.
    public var orientation: Orientation {
        if width * 100 > height * 105 { return .landscape }
        return height * 100 > width * 105 ? .portrait : .square
    }
}

/// The text that a machine read in a picture; data, never instructions.
public struct RecognisedText: Codable, Hashable, Sendable {
    /// The words that it was sure of, line by line.
    public var text: String
    /// How sure it was of them on average, from 0 to 100.
    public var confidence: Int
    /// The languages it knew, as tesseract names them, such as `deu`.
    public var languages: [String]
    /// Why nothing could be read, or not in the language that was asked for; nil else.
    public var note: String?

    /// Creates a text.
    public init(text: String, confidence: Int, languages: [String], note: String? = nil) {
        self.text = text
        self.confidence = confidence
        self.languages = languages
        self.note = note
    }
}
