public import Model

/// What the offline describer knows of a picture beside its context.
public struct OfflineFacts: Hashable, Sendable {
    /// What was measured; nil where the file could not be prepared.
    public var picture: PictureFacts?
    /// The text that was read in it; nil where nobody tried.
    public var text: RecognisedText?
    /// Which one it is among the pictures of its product or gallery, from 1; nil where it is alone.
    public var position: Int?
    /// How many pictures these are.
    public var count: Int?

    /// Creates facts.
    public init(
        picture: PictureFacts? = nil, text: RecognisedText? = nil, position: Int? = nil,
        count: Int? = nil
    ) {
        self.picture = picture
        self.text = text
        self.position = position
        self.count = count
    }
}
