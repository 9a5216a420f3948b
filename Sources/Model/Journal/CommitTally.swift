/// How many change sets are committed, and the newest of them.
///
/// A journal and a database that agree on it have not lost track of each other: a dump that is
/// restored lacks the newest markers.
public struct CommitTally: Hashable, Sendable {
    /// How many.
    public var count: Int
    /// The newest; nil where there is none.
    public var newest: JournalID?

    /// Creates a tally, of nothing by default.
    public init(count: Int = 0, newest: JournalID? = nil) {
        self.count = count
        self.newest = newest
    }
}
