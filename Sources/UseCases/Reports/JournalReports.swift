/// One change set in a list.
public struct JournalEntry: Encodable, Sendable {
    /// The journal id.
    public var journal: String
    /// What made it.
    public var kind: String
    /// `done`, `reverted`, `partly-reverted`, `aborted` or `unfinished`.
    public var state: String
    /// When: seconds since 1970.
    public var created: Int64
    /// The change set that it takes back.
    public var reverts: String?
    /// Attachments.
    public var attachments: Int
    /// Files.
    public var files: Int
    /// Changed cells.
    public var cells: Int
    /// Rewritten references.
    public var references: Int
    /// How many texts of attachments it has written.
    public var texts: Int
    /// A file or a text of it, before and after, to recognise it by.
    public var example: String?
}

/// One change set, whole.
public struct JournalDetail: Encodable, Sendable {
    /// A renamed file.
    public struct File: Encodable, Sendable {
        /// The attachment.
        public var attachment: Int64
        /// What it is in its family.
        public var role: String
        /// The path before.
        public var old: String
        /// The path after.
        public var new: String
        /// The SHA-256 of the stored original.
        public var sha256: String?
        /// `alive` or `retired`.
        public var oldName: String
        /// Why the old name stays.
        public var keptBecause: String?
        /// The change set that took it back.
        public var revertedBy: String?

        private enum CodingKeys: String, CodingKey {
            case attachment, role, old, new, sha256
            case oldName = "old_name"
            case keptBecause = "kept_because"
            case revertedBy = "reverted_by"
        }
    }

    /// A text that was written.
    public struct Text: Encodable, Sendable {
        /// The attachment.
        public var attachment: Int64
        /// Which of its texts: `alt`, `title`, `caption` or `description`.
        public var field: String
        /// The beginning of the text before; nil where there was none.
        public var before: String?
        /// The beginning of the text after; nil where its row went.
        public var after: String?
        /// `human` or `model`.
        public var source: String
        /// Whose model; nil for a person.
        public var provider: String?
        /// Which model; nil for a person.
        public var model: String?
        /// Whether it was written; false where it was left because somebody was faster.
        public var isWritten: Bool
        /// The change set that took it back.
        public var revertedBy: String?
        /// The post whose content repeats text alternatives; nil for a text of the attachment itself.
        public var post: KeyJSON?
        /// The attachments whose text alternatives were written into that content.
        public var shown: [Int64]?

        private enum CodingKeys: String, CodingKey {
            case attachment, field, before, after, source, provider, model, post, shown
            case isWritten = "written"
            case revertedBy = "reverted_by"
        }
    }

    /// A changed cell.
    public struct Cell: Encodable, Sendable {
        /// The table.
        public var table: String
        /// The row.
        public var key: KeyJSON
        /// The column.
        public var column: String
        /// The SHA-256 of the value before.
        public var sha256Before: String
        /// The SHA-256 of the value after.
        public var sha256After: String
        /// References rewritten.
        public var references: Int
        /// What was replaced, where references were rewritten: the first few places.
        public var excerpts: [Excerpt]

        /// A place of a value, before and after.
        public struct Excerpt: Encodable, Hashable, Sendable {
            /// What was there.
            public var before: String
            /// What is there now.
            public var after: String
        }

        private enum CodingKeys: String, CodingKey {
            case table, key, column, references, excerpts
            case sha256Before = "sha256_before"
            case sha256After = "sha256_after"
        }
    }

    /// The change set in short.
    public var entry: JournalEntry
    /// Until when old names go on working: seconds since 1970; nil for ever.
    public var keepOldUntil: Int64?
    /// The renamed files.
    public var files: [File]
    /// The texts that were written.
    public var texts: [Text]
    /// The changed cells, with those of the texts.
    public var cells: [Cell]
    /// The changed text files.
    public var textFiles: [String]
    /// Cells that were left because somebody changed them at the same moment.
    public var conflicts: [ChangeReport.LeftCell]
    /// Values that could not be rewritten.
    public var opaque: [ChangeReport.LeftCell]
    /// Attachments that were left out.
    public var skipped: [ChangeReport.Skipped]
    /// Later change sets that renamed the same files again.
    public var dependants: [String]

    private enum CodingKeys: String, CodingKey {
        case entry, files, texts, cells, conflicts, opaque, skipped, dependants
        case keepOldUntil = "keep_old_until"
        case textFiles = "text_files"
    }
}

/// An old address and where it leads now.
public struct Redirect: Encodable, Hashable, Sendable {
    /// The path of the old URL, decoded, with a leading slash.
    public var old: String
    /// The path of the new URL, decoded, with a leading slash.
    public var new: String
}

/// What `recover` did with one change set.
public struct RecoveryEntry: Encodable, Sendable {
    /// The journal id.
    public var journal: String
    /// `done`, `aborted`, `reverted`, or `lost` where a restored database no longer knows the change set.
    public var state: String
}
