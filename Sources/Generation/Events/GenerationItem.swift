public import Model

/// What became of one image; each image of a run ends as exactly one.
public struct GenerationItem: Codable, Hashable, Sendable {
    /// How an image ended.
    public enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// Its texts, or its name, are to be written.
        case applied
        /// It waits for a person.
        case review
        /// It was left out.
        case skipped
        /// There is no usable answer.
        case failed
    }

    /// The attachment.
    public var attachment: Int64
    /// The file below uploads, for people.
    public var path: String
    /// How it ended.
    public var state: State
    /// Why, as a code: of a skip rule, the quality gate, or a failure; nil where it is applied.
    public var reason: String?
    /// One sentence about the reason; empty where the code says all.
    public var detail: String
    /// The texts that are written or proposed; for a skipped image those that it has.
    public var texts: [MetadataField: String]
    /// The new name without extension; nil where the file keeps its own.
    public var name: String?
    /// Whether an answer was used that was there already.
    public var isFromStore: Bool

    init(
        _ attachment: Int64, path: String, _ state: State, reason: String? = nil,
        detail: String = "", texts: [MetadataField: String] = [:], name: String? = nil,
        isFromStore: Bool = false
    ) {
        self.attachment = attachment
        self.path = path
        self.state = state
        self.reason = reason
        self.detail = detail
        self.texts = texts
        self.name = name
        self.isFromStore = isFromStore
    }

    /// The line of the log: `[done] 12: A red boat`, `[skip] 13: too-small → …`.
    ///
    /// Texts of strangers cannot disturb a terminal.
    public var line: String {
        let alt = texts[.alt] ?? texts[.title] ?? texts[.caption] ?? texts[.description] ?? ""
        let shown = displayText((alt.isEmpty ? name ?? "" : alt).utf8)
        let because = reason.map { shown.isEmpty ? $0 : "\($0) → \(shown)" } ?? shown
        switch state {
        case .applied: return "[done] \(attachment): \(shown)"
        case .skipped: return "[skip] \(attachment): \(because)"
        case .review: return "[review] \(attachment): \(because)"
        case .failed:
            let detail = detail.isEmpty ? "" : " (\(displayText(detail.utf8)))"
            return "[fail] \(attachment): \(reason ?? "")\(detail)"
        }
    }
}
