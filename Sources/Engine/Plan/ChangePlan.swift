public import Model
import Rewriting

/// A change set before it happens: everything that was found out, nothing done.
public struct ChangePlan: Sendable {
    /// A change for people to look at before it happens.
    public struct Preview: Hashable, Sendable {
        /// Whose text it is, and which; nil for references.
        public var text: Text?
        /// The cell, or nil for a text file.
        public var address: CellAddress?
        /// The text file, or nil for a cell.
        public var file: MediaPath?
        /// The part of the value that changes, with a little around it.
        public var before: [UInt8]
        /// The same part afterwards.
        public var after: [UInt8]
    }

    /// A text of an attachment.
    public struct Text: Hashable, Sendable {
        /// The attachment.
        public var attachment: AttachmentID
        /// Which of its texts.
        public var field: MetadataField
    }

    /// What was asked for.
    public var proposal: ChangeProposal
    /// Rewrites references to the files of the proposal; made once, because of many files that takes
    /// as long as thousands of rows.
    let rewriter: Rewriter
    /// The files, examined.
    public var moves: [FileMoveRecord]
    /// For each of `moves`, when anything of its file had last been changed as it was hashed.
    ///
    /// In nanoseconds since 1970; nil where that must not be relied on. Empty where nobody will ask.
    var lastChanges: [Int64?] = []
    /// The texts to be written, with the new names in them.
    public var assignments: [CellAssignment]
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

    /// The attachments of which something is to change.
    public var attachments: Set<AttachmentID> {
        Set(moves.map(\.attachment)).union(assignments.flatMap(\.attachments))
    }

    /// The moves of files that are on disk, without a copy of the list.
    var files: some Collection<FileMoveRecord> { moves.lazy.filter { $0.status != nil } }
}
