/// What a long command is doing, for a progress bar.
public struct Progress: Hashable, Sendable {
    /// A stretch of work that is counted on its own.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// Reading the files that will be renamed.
        case examining
        /// Looking for references in the database.
        case scanning
        /// Backing up and linking files.
        case files
        /// Rewriting references in the database.
        case database
        /// Taking old names away.
        case retiring
    }

    /// The stretch of work.
    public var phase: Phase
    /// How much of it is done.
    public var done: Int
    /// How much of it there is; nil where that is not known.
    public var total: Int?

    /// Creates a report of progress.
    public init(phase: Phase, done: Int, total: Int?) {
        self.phase = phase
        self.done = done
        self.total = total
    }
}
