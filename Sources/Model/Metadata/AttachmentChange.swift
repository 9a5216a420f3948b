/// Who wrote a text.
public enum TextSource: Hashable, Sendable {
    /// A person.
    case human
    /// A provider's model, such as `anthropic` and `claude-sonnet-4-6`, or `offline` and `offline`.
    case model(provider: String, model: String)
}

/// What is to become of one attachment: new texts, and a new name for its files.
public struct AttachmentChange: Hashable, Sendable {
    /// The attachment.
    public var attachment: AttachmentID
    /// The texts to write; an empty text alternative says that the image is decoration, any other
    /// empty text clears the field.
    public var texts: [MetadataField: String]
    /// Who wrote the texts.
    public var source: TextSource
    /// What each text replaces, as it was read.
    ///
    /// Where the site holds something else by now, a person was faster, and the text is left as it
    /// is. A field that is absent here is not checked.
    public var expected: [MetadataField: String]
    /// The new name of the files without its extension; nil where they keep theirs.
    public var stem: [UInt8]?

    /// Creates a change.
    public init(
        attachment: AttachmentID, texts: [MetadataField: String], source: TextSource,
        expected: [MetadataField: String] = [:], stem: [UInt8]? = nil
    ) {
        self.attachment = attachment
        self.texts = texts
        self.source = source
        self.expected = expected
        self.stem = stem
    }
}
