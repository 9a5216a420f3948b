/// A job in a list.
public struct JobLine: Sendable {
    let id: String
    let name: String
    let state: String
    let phase: String
    let done: Int
    let total: Int
    let hasTotal: Bool
    let progress: String
    /// How long it will still take; nil while nothing is known.
    let remaining: String?

    /// Describes a job.
    ///
    /// - Parameter kind: as the API calls it.
    public init(
        id: String, kind: String, state: String, phase: String, done: Int, total: Int,
        etaSeconds: Int?
    ) {
        self.id = id
        name = Self.name(kind)
        self.state = state
        self.phase = phase
        self.done = done
        self.total = max(total, 1)
        hasTotal = total > 0
        progress = total > 0 ? "\(Wording.count(done)) of \(Wording.count(total))" : phase
        remaining = etaSeconds.map { "about \(Wording.duration(seconds: $0)) left" }
    }

    /// What people call a kind of job.
    public static func name(_ kind: String) -> String {
        switch kind {
        case "missing-alt": "Generate missing ALT"
        case "complete-metadata": "Complete all metadata"
        case "metadata-and-filename": "Generate ALL + SEO filename"
        case "rename-map": "Rename many"
        case "revert": "Take a change back"
        case "scan": "Scan images"
        case "analyze": "Analyze duplicates and quality"
        case "clear": "Empty texts"
        default: kind
        }
    }
}
