import Engine

/// How far a command has come, in words for people.
public struct ProgressReport: Hashable, Sendable {
    /// What is being done.
    public var phase: String
    /// How much of it is done.
    public var done: Int
    /// How much of it there is; nil where that is not known.
    public var total: Int?

    init(phase: String, done: Int, total: Int?) {
        self.phase = phase
        self.done = done
        self.total = total
    }

    init(_ progress: Progress) {
        phase =
            switch progress.phase {
            case .examining: "Examining files"
            case .scanning: "Looking for references"
            case .files: "Backing up files"
            case .database: "Rewriting references"
            case .retiring: "Retiring old names"
            }
        done = progress.done
        total = progress.total
    }
}
