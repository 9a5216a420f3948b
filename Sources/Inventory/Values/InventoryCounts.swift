public import Model

/// How many images have their texts, and how many are used.
public struct InventoryCoverage: Codable, Hashable, Sendable {
    /// All images.
    public var images = 0
    /// How many have the text of a field, by field.
    public var present: [MetadataField: Int] = [:]
    /// How many lack it, by field.
    public var missing: [MetadataField: Int] = [:]
    /// How many have an empty text alternative on purpose.
    public var decorative = 0
    /// How many are used.
    public var used = 0
    /// The size in bytes of the attached files of those that are not used.
    public var unusedBytes: Int64 = 0
    /// How many have a camera's name.
    public var cameraNames = 0
    /// How many have no file on disk.
    public var missingFiles = 0
    /// How many are copies of another file.
    public var duplicates = 0
    /// Files of their families on disk: originals, sizes, sidecars.
    public var files = 0

    /// Creates counts of nothing.
    public init() {}
}

/// Images whose files are different and have the same content.
public struct DuplicateGroup: Codable, Hashable, Sendable {
    /// The SHA-256, in hexadecimal digits.
    public var sha256: String
    /// The attachments, by id.
    public var attachments: [Int64]
    /// The size of one of the files.
    public var bytes: Int64
}

/// What a refresh did.
public struct RefreshReport: Codable, Hashable, Sendable {
    /// Whether everything was read anew.
    public var isFull = false
    /// Image attachments on the site.
    public var attachments = 0
    /// Attachments that are new, changed or gone.
    public var changedAttachments = 0
    /// Folders whose files were listed and whose attachments' metadata was read.
    public var foldersRead = 0
    /// Posts that count as use.
    public var posts = 0
    /// Contents of posts that were read.
    public var contentsRead = 0
    /// Long values of meta data that were read.
    public var valuesRead = 0
    /// Files whose content was hashed.
    public var filesHashed = 0
}

/// How far a refresh is.
public struct RefreshProgress: Hashable, Sendable {
    /// What is being done.
    public enum Step: String, CaseIterable, Hashable, Sendable {
        case attachments, files, posts, contents, metadata, options, hashes
    }

    /// What is being done.
    public var step: Step
    /// How many have been done.
    public var done: Int
    /// How many there are; nil where it is not known.
    public var total: Int?
}
