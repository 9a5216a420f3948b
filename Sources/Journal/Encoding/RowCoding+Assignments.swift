import Foundation
import GRDB
import Model

/// Assignments as rows of the table `assignment`.
///
/// A row to be added has no key; a row to be deleted has one and no text after it.
extension RowCoding {
    static func insert(
        _ assignment: CellAssignment, of id: JournalID, into database: Database
    ) throws {
        var key: String?
        var row: String?
        switch assignment.action {
        case .set(let address, _, _): key = try RowKeyCoding.encode(address.key)
        case .insert(_, _, let columns): row = try RowKeyCoding.encode(columns)
        case .delete(let address, let columns):
            key = try RowKeyCoding.encode(address.key)
            row = try RowKeyCoding.encode(columns)
        }
        var author: (provider: String, model: String)?
        if case .model(let provider, let model) = assignment.source { author = (provider, model) }
        var before: SQLValue?
        var after: SQLValue?
        if case .set(_, let old, let new) = assignment.action { (before, after) = (old, new) }
        try database.cachedStatement(
            sql: """
                INSERT INTO assignment (change_set, sequence, attachment, field, table_name,
                    row_key, column_name, row, before, after, is_text, provider, model, paths,
                    shown)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(
            arguments: [
                id.description, assignment.sequence, assignment.attachment.rawValue,
                assignment.field.rawValue, assignment.table, key, assignment.column, row,
                before?.bytes.map(blob), after?.bytes.map(blob), isText(after),
                author?.provider, author?.model, blob(encode(assignment.paths)),
                assignment.shown.isEmpty
                    ? nil : assignment.shown.map { "\($0)" }.joined(separator: ","),
            ])
    }

    private static func attachments(_ list: String) throws(MonikerError) -> [AttachmentID] {
        var attachments: [AttachmentID] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let id = Int64(part) else { throw damaged("assignment") }
            attachments.append(AttachmentID(id))
        }
        return attachments
    }

    private static func isText(_ value: SQLValue?) -> Bool {
        if case .blob? = value { false } else { true }
    }

    static func assignment(_ row: Row) throws(MonikerError) -> CellAssignment {
        guard let field = MetadataField(rawValue: row["field"]) else { throw damaged("assignment") }
        let key: String? = row["row_key"]
        let columns: String? = row["row"]
        let revertedBy: String? = row["reverted_by"]
        let shown: String? = row["shown"]
        return CellAssignment(
            sequence: row["sequence"], attachment: AttachmentID(row["attachment"]), field: field,
            source: source(provider: row["provider"], model: row["model"]),
            action: try action(
                row,
                key: try key.map { (text) throws(MonikerError) in try RowKeyCoding.decode(text) },
                columns: try columns.map { (text) throws(MonikerError) in
                    try RowKeyCoding.decode(text)
                }),
            paths: try decodePaths(row["paths"]),
            shown: try shown.map { (list) throws(MonikerError) in try attachments(list) } ?? [],
            revertedBy: try revertedBy.map { (text) throws(MonikerError) in try journalID(text) })
    }

    private static func source(provider: String?, model: String?) -> TextSource {
        guard let provider, let model else { return .human }
        return .model(provider: provider, model: model)
    }

    private static func action(
        _ row: Row, key: RowKey?, columns: RowKey?
    ) throws(MonikerError) -> CellAssignment.Action {
        let column: String = row["column_name"]
        guard let key else {
            guard let columns, columns[column] != nil else { throw damaged("assignment") }
            return .insert(table: row["table_name"], column: column, row: columns)
        }
        let address = CellAddress(table: row["table_name"], key: key, column: column)
        if let columns { return .delete(address, row: columns) }
        guard let old: Data = row["before"], let new: Data = row["after"] else {
            throw damaged("assignment")
        }
        let before = bytes(old)
        let after = bytes(new)
        let isText: Bool = row["is_text"]
        return isText
            ? .set(address, before: .text(before), after: .text(after))
            : .set(address, before: .blob(before), after: .blob(after))
    }
}
