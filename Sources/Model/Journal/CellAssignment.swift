/// A text that a change set writes: into which cell, over what, and who wrote it.
///
/// It is written down with the intent, so that recovery can finish what a crash left.
public struct CellAssignment: Hashable, Sendable {
    /// What is done to the database.
    public enum Action: Hashable, Sendable {
        /// A cell of a row that is there gets another value, while it still holds `before`.
        case set(CellAddress, before: SQLValue, after: SQLValue)
        /// A row is added.
        ///
        /// `row` has the columns to write, and those of the primary key only where a row gets back
        /// the key that it had; `column` holds the text. Nothing is added while a row equals `row`
        /// in all columns but the key and the text.
        case insert(table: String, column: String, row: RowKey)
        /// A row goes, while it equals `row`, which has all of its columns; `column` holds the text.
        case delete(CellAddress, row: RowKey)
    }

    /// The position in the change set, from 0.
    public var sequence: Int
    /// The attachment whose text it is; the first of `shown` where a post shows it.
    public var attachment: AttachmentID
    /// Which of its texts.
    public var field: MetadataField
    /// Who wrote the text.
    public var source: TextSource
    /// What is done.
    public var action: Action
    /// The old paths of the same change set that the text named and that were rewritten in it.
    public var paths: [MediaPath]
    /// The attachments whose text alternatives the content of a post repeats, where the cell is one
    /// of a post; empty where it is a text of the attachment itself.
    public var shown: [AttachmentID]
    /// The change set that took it back.
    public var revertedBy: JournalID?

    /// Creates an assignment.
    public init(
        sequence: Int = 0, attachment: AttachmentID, field: MetadataField, source: TextSource,
        action: Action, paths: [MediaPath] = [], shown: [AttachmentID] = [],
        revertedBy: JournalID? = nil
    ) {
        self.sequence = sequence
        self.attachment = attachment
        self.field = field
        self.source = source
        self.action = action
        self.paths = paths
        self.shown = shown
        self.revertedBy = revertedBy
    }

    /// Whether it writes into the content of a post, and not a text of an attachment.
    public var isInContent: Bool { !shown.isEmpty }

    /// The attachments that it is about.
    public var attachments: [AttachmentID] { shown.isEmpty ? [attachment] : shown }

    /// Whether another one writes the same text: of the same attachment, or into the same content.
    public func isSameText(as other: CellAssignment) -> Bool {
        guard isInContent, other.isInContent else {
            return isInContent == other.isInContent && attachment == other.attachment
                && field == other.field
        }
        return address != nil && address == other.address
    }

    /// The cell; nil where a row is added.
    public var address: CellAddress? {
        switch action {
        case .set(let address, _, _), .delete(let address, _): address
        case .insert: nil
        }
    }

    /// The name of the table.
    public var table: String {
        switch action {
        case .set(let address, _, _), .delete(let address, _): address.table
        case .insert(let table, _, _): table
        }
    }

    /// The name of the column that holds the text.
    public var column: String {
        switch action {
        case .set(let address, _, _), .delete(let address, _): address.column
        case .insert(_, let column, _): column
        }
    }

    /// The text before; nil where there is no row yet.
    public var before: SQLValue? {
        switch action {
        case .set(_, let before, _): before
        case .insert: nil
        case .delete(let address, let row): row[address.column]
        }
    }

    /// The text after; nil where the row goes.
    public var after: SQLValue? {
        switch action {
        case .set(_, _, let after): after
        case .insert(_, let column, let row): row[column]
        case .delete: nil
        }
    }
}

extension RowKey {
    /// The value of a column; nil where there is no such part.
    public subscript(column: String) -> SQLValue? {
        parts.first { $0.column == column }?.value
    }

    /// The parts of some of the columns, in their order here.
    public func columns(where isWanted: (String) -> Bool) -> [Part] {
        parts.filter { isWanted($0.column) }
    }
}
