public import Model

/// What the gate says of a description.
public struct Verdict: Codable, Hashable, Sendable {
    /// Where a description goes.
    public enum Outcome: String, CaseIterable, Codable, Hashable, Sendable {
        /// Its texts may go to the site.
        case accepted
        /// It is decoration: an empty text alternative is right and may go to the site.
        case decorative
        /// It goes to people.
        case rejected
    }

    /// Where the description goes.
    public let outcome: Outcome
    /// The wanted texts, normalized; those that are held back too, so that people can edit them.
    ///
    /// The text alternative of a decoration is there and empty.
    public let texts: [MetadataField: String]
    /// What is wrong or worth a look, in the order of the fields.
    public let findings: [QualityFinding]

    /// The texts that nothing holds back; empty where the whole description is held back.
    ///
    /// Of a rejected description some may be good; whether to write them alone is up to the caller.
    public var acceptedTexts: [MetadataField: String] {
        let held = findings.filter { $0.severity == .reject }
        if held.contains(where: { $0.field == nil }) { return [:] }
        let fields = Set(held.compactMap(\.field))
        return texts.filter { !fields.contains($0.key) }
    }

    /// What is worth a look.
    public var warnings: [QualityFinding] { findings.filter { $0.severity == .warn } }
    /// What holds the description back.
    public var rejections: [QualityFinding] { findings.filter { $0.severity == .reject } }
}
