public import Model

/// A change set before it happens: everything that was found out, nothing done.
public struct ChangePlan: Sendable {
    /// A change for people to look at before it happens.
    public struct Preview: Hashable, Sendable {
        /// The cell, or nil for a text file.
        public var address: CellAddress?
        /// The text file, or nil for a cell.
        public var file: MediaPath?
        /// The part of the value that changes, with a little around it.
        public var before: [UInt8]
        /// The same part afterwards.
        public var after: [UInt8]
    }

    /// What was asked for.
    public var proposal: ChangeProposal
    /// The files, examined.
    public var moves: [FileMoveRecord]
    /// When each folder that will change was last changed.
    public var directories: [DirectoryTimeRecord]
    /// The text files to be rewritten.
    public var textFiles: [MediaPath]
    /// What stays as it is.
    public var findings: [FindingRecord]
    /// References that will be rewritten, as far as the plan can know.
    public var references: Int
    /// Cells that will be rewritten, as far as the plan can know.
    public var cells: Int
    /// The changes, if they were asked for.
    public var previews: [Preview]
    /// How long planning took, in nanoseconds.
    public var nanoseconds: Int64

    /// The old paths of files that are on disk.
    var files: [FileMoveRecord] { moves.filter { $0.status != nil } }
}
