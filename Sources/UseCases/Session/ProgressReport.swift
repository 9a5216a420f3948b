import Engine

/// How far a command has come, in words for people.
public struct ProgressReport: Hashable, Sendable {
    /// What is being done.
    public var phase: String
    /// How much of it is done.
    public var done: Int
    /// How much of it there is; nil where that is not known.
    public var total: Int?
    /// The part of the whole command's time that usually has passed by now, from 0 to 1; nil where
    /// that is not known.
    public var share: Double?

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
        guard let total, total > 0 else { return }
        let step = Double(done) / Double(total)
        share =
            switch progress.phase {
            // A dry run does little else, and an index nothing at all.
            case .scanning: step
            case .examining: 0.1 * step
            case .files: 0.1 + 0.2 * step
            case .database: 0.3 + 0.55 * step
            case .retiring: 0.85 + 0.15 * step
            }
    }
}
