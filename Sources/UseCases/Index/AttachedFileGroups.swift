import Model
import ReferenceIndex
import WordPress

/// Keeps the rows that attach files together by their folders.
struct AttachedFileGroups: RowGroups {
    /// The table of the blog's postmeta.
    let table: String

    func group(of row: [SQLValue], in layout: RowLayout) -> [UInt8]? {
        guard layout.table.name == table,
            let key = layout.columns.firstIndex(of: "meta_key"),
            let value = layout.columns.firstIndex(of: "meta_value"),
            row[key].bytes == AttachedFolder.key
        else { return nil }
        return row[value].bytes.map { AttachedFolder.name(of: $0) }
    }

    var fingerprint: String { "attached files of \(table) by folder 1" }
}

/// Answers from the reference index which rows attach files of a folder.
struct IndexedAttachedFiles: AttachedFileLookup {
    let index: ReferenceIndex
    let groups: AttachedFileGroups

    func rows(attachingFilesIn folders: [[UInt8]]) throws(MonikerError) -> [Int64]? {
        guard let keys = try index.rows(inGroups: folders, of: groups.table) else { return nil }
        var rows: [Int64] = []
        for key in keys {
            guard key.parts.count == 1, key.parts[0].column.lowercased() == "meta_id",
                case .integer(let number) = key.parts[0].value
            else { return nil }
            rows.append(number)
        }
        return rows
    }
}
