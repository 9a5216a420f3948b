public import Model

/// One thing that is wrong with a text, or worth a look.
public struct QualityFinding: Codable, Hashable, Sendable {
    /// Whether a finding holds the text back.
    public enum Severity: String, CaseIterable, Codable, Hashable, Sendable {
        /// The text goes to people, not to the site.
        case reject
        /// The text may go to the site.
        case warn
    }

    /// What it is.
    public let code: QualityCode
    /// Whose text it is about; nil for the description as a whole.
    public let field: MetadataField?
    /// Whether it holds the text back.
    public let severity: Severity
    /// One sentence that says what is wrong and what to do, without quoting unsafe characters.
    public let sentence: String

    /// Creates a finding.
    public init(
        code: QualityCode, field: MetadataField?, severity: Severity, sentence: String
    ) {
        self.code = code
        self.field = field
        self.severity = severity
        self.sentence = sentence
    }
}
