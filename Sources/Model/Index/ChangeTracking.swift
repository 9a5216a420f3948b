/// A table whose changes are to be noted.
public struct TrackedTable: Hashable, Sendable {
    /// The table.
    public var table: TableSchema
    /// The columns whose change counts.
    public var watchedColumns: [String]

    /// Creates a description.
    public init(table: TableSchema, watchedColumns: [String]) {
        self.table = table
        self.watchedColumns = watchedColumns
    }
}

/// Why changes of a table cannot be noted, so that it has to be scanned.
public enum UntrackedReason: String, Hashable, Sendable {
    /// It has no primary key.
    case noPrimaryKey = "no-primary-key"
    /// A note and the change would not be committed together.
    case noTransactions = "no-transactions"
    /// Foreign keys change it, which fires no trigger.
    case foreignKeys = "foreign-keys"
    /// Its primary key has a type or length that is not noted.
    case unsuitableKey = "unsuitable-key"
    /// The server takes no further trigger on it.
    case triggerRefused = "trigger-refused"
    /// It has no triggers of ours: it is new, was restored or made again, or they were removed.
    case notTracked = "not-tracked"
    /// Its columns or its triggers are not the ones that the index was made with.
    case changed = "changed"
}

/// What is known of the noting of a table's changes at a moment.
public enum TrackingState: Hashable, Sendable {
    /// Every change is noted. The text is another one after the table or its triggers have been
    /// made again.
    case tracked(fingerprint: String)
    /// Changes are not noted.
    case untracked(UntrackedReason)
}

/// A change that was noted.
public struct NotedChange: Hashable, Sendable {
    /// The note's number: by it, and by it alone, a note is forgotten.
    ///
    /// Numbers say nothing about order: a transaction with a lower one can be committed later.
    public var number: Int64
    /// The table's name.
    public var table: String
    /// The row, before or after the change.
    public var key: RowKey

    /// Creates a note.
    public init(number: Int64, table: String, key: RowKey) {
        self.number = number
        self.table = table
        self.key = key
    }
}

/// Port: notes of which rows of a site's tables were changed, kept by triggers in
/// `{prefix}moniker_changes`.
///
/// A note is part of the transaction that makes the change: whoever sees the change and reads notes
/// afterwards sees the note.
public protocol ChangeTracking: AnyObject {
    /// Makes the table of notes and the triggers, from nothing, and stores an epoch.
    ///
    /// - Returns: the tables that cannot be tracked, and why. That is no error.
    /// - Throws: `triggers-denied` where the right is missing; nothing of ours is left then.
    func installTracking(
        of tables: [TrackedTable], epoch: String, prefix: String
    ) throws(MonikerError) -> [String: UntrackedReason]

    /// For each table, whether its changes are noted.
    func trackingStates(
        of tables: [TrackedTable], prefix: String
    ) throws(MonikerError) -> [String: TrackingState]

    /// The epoch and the notes as committed at one moment; nil where there is no table of notes.
    ///
    /// - Parameter limit: the most notes to read.
    /// - Complexity: memory holds the notes.
    func notedChanges(
        of tables: [TableSchema], limit: Int, prefix: String
    ) throws(MonikerError) -> (epoch: String, changes: [NotedChange])?

    /// Forgets notes, by their numbers, and stores another epoch, in one transaction.
    func forgetChanges(
        _ numbers: [Int64], epoch: String, prefix: String
    ) throws(MonikerError)

    /// Whether there is anything of this port's in the database.
    func hasTrackingTraces(prefix: String) throws(MonikerError) -> Bool

    /// Removes triggers and table.
    func removeTracking(prefix: String) throws(MonikerError)
}
