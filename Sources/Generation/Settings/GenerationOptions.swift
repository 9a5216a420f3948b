import Hashing
public import Inventory
public import Model
public import Quality

/// Which images are described, and what becomes of the answers.
public struct GenerationOptions: Sendable {
    /// Which images are looked at.
    public enum Selection: Hashable, Sendable {
        /// All of the inventory.
        case all
        /// These, in this order, each once.
        case some([AttachmentID])
    }

    /// Which images are looked at.
    public var selection: Selection
    /// Only images that lack this text; nil for all.
    public var missing: MetadataField?
    /// Only images that are used somewhere.
    public var onlyUsed = false
    /// The most images that are judged or asked about; skipped ones do not count.
    public var limit: Int?
    /// The texts that are wanted.
    public var fields: Set<MetadataField>
    /// Whether texts that are there are made anew; else only those that are missing are written.
    public var overwrites = false
    /// Whether files get names that say what they show.
    public var renames = false
    /// What the texts are to be best at.
    public var mode = DescriptionMode.balanced
    /// The language of all texts, as a BCP 47 tag; nil for that of each image.
    public var language: String?
    /// What the owner says of the whole site.
    public var website = ""
    /// Which images are left out.
    public var rules = SkipRules()
    /// The numbers of the quality gate.
    public var limits = QualityLimits()
    /// Phrases that a text may have once.
    public var keywords: [String] = []
    /// How many images are worked on at once.
    public var concurrency = 8
    /// Whether images that were answered in an earlier run are asked about again, for money.
    public var asksAgain = false
    /// Whether anybody is asked; else only answers are used that are there already.
    public var asks = true

    /// Creates options with the usual values.
    ///
    /// - Parameter fields: nil for all four, or for `missing` alone where it is given.
    public init(
        _ selection: Selection = .all, missing: MetadataField? = nil,
        fields: Set<MetadataField>? = nil
    ) {
        self.selection = selection
        self.missing = missing
        self.fields = fields ?? missing.map { [$0] } ?? Set(MetadataField.allCases)
    }

    /// Names the job: a run that was killed is the same job as one with the same options.
    func digest(provider: String, model: String) -> [UInt8] {
        var text = "\(selection)\u{0}\(missing?.rawValue ?? "")\u{0}\(onlyUsed)\u{0}\(limit ?? -1)"
        text += "\u{0}\(fields.map(\.rawValue).sorted())\u{0}\(overwrites)\u{0}\(renames)"
        text += "\u{0}\(mode.rawValue)\u{0}\(language ?? "")\u{0}\(website)\u{0}\(asksAgain)"
        text += "\u{0}\(provider)\u{0}\(model)"
        return SHA256.digest(of: Array(text.utf8)).bytes
    }
}
