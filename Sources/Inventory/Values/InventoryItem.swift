public import Model

/// Whether a text of an attachment is there.
public enum FieldState: String, CaseIterable, Codable, Hashable, Sendable {
    /// There is a text.
    case present
    /// There is none.
    case missing
    /// There is none on purpose: only of `alt`, where the row of the meta table exists and is empty.
    case decorative
}

/// What the inventory knows of one image attachment.
public struct InventoryItem: Codable, Hashable, Sendable {
    /// The id.
    public var id: Int64
    /// The file below uploads, for people; empty where it lies elsewhere.
    public var path: String
    /// The MIME type.
    public var mime: String
    /// The width in pixels; 0 where it is not known.
    public var width: Int
    /// The height in pixels; 0 where it is not known.
    public var height: Int
    /// The size of the file in bytes; nil where it is not on disk.
    public var bytes: Int64?
    /// The texts as stored; a field without a row is absent.
    public var texts: [MetadataField: String]
    /// Whether each text is there.
    public var states: [MetadataField: FieldState]
    /// Whether the file has a name that a camera, a phone or a program gave it.
    public var hasCameraName: Bool
    /// Whether the title is nothing but the name of the file, as WordPress makes it on upload.
    public var hasFileNameAsTitle: Bool
    /// At how many places it is used.
    public var uses: Int
    /// The language of its texts, as a BCP 47 tag.
    public var language: String
    /// The SHA-256 of the file, in hexadecimal digits; nil where it was not computed.
    public var sha256: String?

    /// Whether it is used anywhere.
    public var isUsed: Bool { uses > 0 }
    /// Whether all four texts are there; decoration needs no text alternative.
    public var isComplete: Bool { !states.values.contains(.missing) }
    /// The fields whose text is missing.
    public var missing: [MetadataField] {
        MetadataField.allCases.filter { states[$0] == .missing }
    }

    /// Creates an item.
    public init(
        id: Int64, path: String, mime: String, width: Int = 0, height: Int = 0,
        bytes: Int64? = nil, texts: [MetadataField: String] = [:],
        states: [MetadataField: FieldState] = [:], hasCameraName: Bool = false,
        hasFileNameAsTitle: Bool = false, uses: Int = 0, language: String = "en",
        sha256: String? = nil
    ) {
        self.id = id
        self.path = path
        self.mime = mime
        self.width = width
        self.height = height
        self.bytes = bytes
        self.texts = texts
        self.states = states
        self.hasCameraName = hasCameraName
        self.hasFileNameAsTitle = hasFileNameAsTitle
        self.uses = uses
        self.language = language
        self.sha256 = sha256
    }
}
