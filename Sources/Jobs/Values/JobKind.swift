/// What a job does.
public enum JobKind: String, CaseIterable, Codable, Hashable, Sendable {
    /// Describes images that have no text alternative.
    case missingAlt = "missing-alt"
    /// Fills every empty text of all images.
    case completeMetadata = "complete-metadata"
    /// "Generate ALL + SEO filename": fills every empty text, and gives files names that say what
    /// they show.
    case metadataAndFilename = "metadata-and-filename"
    /// Gives many attachments other file names.
    case renameMap = "rename-map"
    /// Takes a change set back.
    case revert
    /// Takes the inventory.
    case scan
    /// Looks for copies and poor texts.
    case analyze
    /// Empties texts.
    case clear

    /// Whether it changes the site; at most one such job runs at a time.
    public var writes: Bool { self != .scan && self != .analyze }

    /// Whether it asks a describer about images.
    public var describes: Bool {
        self == .missingAlt || self == .completeMetadata || self == .metadataAndFilename
    }
}
