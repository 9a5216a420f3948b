public import Model

/// How `verify` looks, and whether it mends.
public struct VerifyOptions: Hashable, Sendable {
    /// Whether the content of every original and every renamed file is hashed.
    public var readingData: Bool
    /// Whether names that are missing are added and leftovers moved into the trash.
    public var repairing: Bool
    /// The text files below uploads that may hold references.
    public var textFiles: [MediaPath]
    /// The attachments that the site has; nil where that is not known.
    ///
    /// A file whose attachment was
    /// deleted may be gone.
    public var attachments: Set<AttachmentID>?
    /// How long originals are kept, in nanoseconds.
    public var retention: Int64

    /// Ninety days, in nanoseconds.
    public static let defaultRetention: Int64 = 90 * 86_400 * 1_000_000_000

    /// Creates options.
    public init(
        readingData: Bool, repairing: Bool, textFiles: [MediaPath] = [],
        attachments: Set<AttachmentID>? = nil,
        retention: Int64 = Self.defaultRetention
    ) {
        self.readingData = readingData
        self.repairing = repairing
        self.textFiles = textFiles
        self.attachments = attachments
        self.retention = retention
    }
}
