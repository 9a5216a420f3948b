public import Model

/// A picture as it may leave the machine, and what was found in its file.
public struct PreparedPicture: Hashable, Sendable {
    /// A baseline JPEG in sRGB, upright, without any metadata.
    public var jpeg: [UInt8]
    /// What was measured.
    public var facts: PictureFacts
    /// What the file says of itself.
    public var embedded: EmbeddedTexts
    /// Why the file's own texts could not be read; nil where they could.
    public var note: String?

    /// Creates a picture.
    public init(jpeg: [UInt8], facts: PictureFacts, embedded: EmbeddedTexts, note: String? = nil) {
        self.jpeg = jpeg
        self.facts = facts
        self.embedded = embedded
        self.note = note
    }
}
