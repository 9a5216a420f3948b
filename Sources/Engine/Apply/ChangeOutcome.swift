public import Model

/// What applying a change set came to.
public struct ChangeOutcome: Hashable, Sendable {
    /// The journal id.
    public var id: JournalID
    /// The attachments whose files have other names now.
    public var attachments: Int
    /// The files that have other names now.
    public var files: Int
    /// The references rewritten.
    public var references: Int
    /// The cells and text files rewritten.
    public var cells: Int
    /// What stayed as it was, and why.
    public var findings: [FindingRecord]
    /// Until when old names go on working, in nanoseconds since 1970.
    public var keepOldUntil: Int64
    /// How long the files took, in nanoseconds.
    public var filesNanoseconds: Int64
    /// How long the database took, in nanoseconds.
    public var databaseNanoseconds: Int64
}
