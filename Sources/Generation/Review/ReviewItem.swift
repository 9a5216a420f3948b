public import Model
public import Quality

/// An image whose texts wait for a person.
public struct ReviewItem: Codable, Hashable, Sendable {
    /// The attachment.
    public var attachment: Int64
    /// The file below uploads when it was described, for people.
    public var path: String
    /// The code of the first finding that holds the texts back.
    public var reason: String
    /// What is wrong or worth a look.
    public var findings: [QualityFinding]
    /// The proposed texts.
    public var texts: [MetadataField: String]
    /// What they would replace, as it was read.
    public var expected: [MetadataField: String]
    /// What the provider said.
    public var description: ImageDescription
    /// What the gate knew of the image.
    public var context: ImageContext
    /// The text that was read in the image.
    public var recognised: String
    /// The provider.
    public var provider: String
    /// The model that answered.
    public var model: String
    /// Whether the file is to get a new name with the texts.
    public var renames: Bool
    /// When it was put on the list, in seconds since 1970.
    public var stored: Int64

    /// The proposed text alternative; empty where there is none.
    public var alt: String { texts[.alt] ?? "" }
}
