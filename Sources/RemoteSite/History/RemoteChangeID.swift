import Model

/// The id of a change set that was written over REST: `R` and 13 characters of Crockford's base 32,
/// made like a `JournalID`.
public struct RemoteChangeID: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let journal: JournalID

    /// Creates an id from a clock and a source of randomness.
    ///
    /// - Parameters:
    ///   - milliseconds: since 1970.
    ///   - random: 22 bits of it are used.
    public init(milliseconds: UInt64, random: UInt64) {
        journal = JournalID(milliseconds: milliseconds, random: random)
    }

    /// Creates an id from what somebody typed, in either letter case; nil if it is not one.
    public init?(_ text: String) {
        guard text.first == "R" || text.first == "r",
            let journal = JournalID("J" + text.dropFirst())
        else { return nil }
        self.journal = journal
    }

    /// The id as people type it.
    public var description: String { "R" + journal.description.dropFirst() }

    /// Whether the id is older than another.
    public static func < (left: RemoteChangeID, right: RemoteChangeID) -> Bool {
        left.journal < right.journal
    }
}
