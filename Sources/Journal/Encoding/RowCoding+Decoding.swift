import Foundation
import GRDB
import Model

extension RowCoding {
    static func changeSets(_ rows: RowCursor) throws -> [ChangeSetRecord] {
        var records: [ChangeSetRecord] = []
        var positions: Positions?
        while let row = try rows.next() {
            let known = positions ?? .changeSet(in: row)
            positions = known
            records.append(try changeSet(row, known))
        }
        return records
    }

    static func changeSet(_ row: Row) throws(MonikerError) -> ChangeSetRecord {
        try changeSet(row, .changeSet(in: row))
    }

    private static func changeSet(
        _ row: Row, _ positions: Positions
    ) throws(MonikerError) -> ChangeSetRecord {
        let at = positions.indices
        guard let kind = ChangeSetRecord.Kind(rawValue: row[at[1]]),
            let state = ChangeSetRecord.State(rawValue: row[at[2]])
        else { throw damaged("change set") }
        let reverts: String? = row[at[7]]
        return ChangeSetRecord(
            id: try journalID(row[at[0]]), kind: kind, state: state, created: row[at[3]],
            incarnation: row[at[4]], prefix: row[at[5]], uploads: bytes(row[at[6]]),
            reverts: try reverts.map { (text) throws(MonikerError) in try journalID(text) },
            keepOldUntil: row[at[8]], references: row[at[9]], isLost: row[at[10]])
    }

    /// Where the columns that a record is read from are in the rows of one query.
    ///
    /// Looked up once, because looking names up for each row takes longer than everything else
    /// where there are tens of thousands of rows.
    struct Positions {
        fileprivate let indices: [Int]

        private init(_ columns: [String], in row: Row) {
            let known = Array(row.columnNames)
            // A column that is missing has no value at an index that no row has.
            indices = columns.map { known.firstIndex(of: $0) ?? known.count }
        }

        /// The columns of a change set.
        static func changeSet(in row: Row) -> Positions {
            Positions(
                [
                    "id", "kind", "state", "created", "incarnation", "prefix", "uploads", "reverts",
                    "keep_old_until", "reference_count", "is_lost",
                ], in: row)
        }

        /// The columns of a move.
        static func move(in row: Row) -> Positions {
            Positions(
                [
                    "sequence", "attachment", "role", "old", "new", "digest", "new_name_existed",
                    "old_name", "keep_reason", "reverted_by", "inode", "device", "size", "mode",
                    "owner", "grp", "modified", "links",
                ], in: row)
        }

        /// The columns of a cell edit.
        static func cellEdit(in row: Row) -> Positions {
            Positions(
                [
                    "sequence", "table_name", "row_key", "column_name", "transactional", "before",
                    "after", "splices", "paths", "reference_count", "kind", "assignment", "row",
                ], in: row)
        }
    }

    static func moves(_ rows: RowCursor) throws -> [FileMoveRecord] {
        var moves: [FileMoveRecord] = []
        var positions: Positions?
        while let row = try rows.next() {
            let known = positions ?? .move(in: row)
            positions = known
            moves.append(try move(row, known))
        }
        return moves
    }

    static func cellEdits(_ rows: RowCursor) throws -> [CellEditRecord] {
        var edits: [CellEditRecord] = []
        var positions: Positions?
        while let row = try rows.next() {
            let known = positions ?? .cellEdit(in: row)
            positions = known
            edits.append(try cellEdit(row, known))
        }
        return edits
    }

    static func move(_ row: Row) throws(MonikerError) -> FileMoveRecord {
        try move(row, .move(in: row))
    }

    static func cellEdit(_ row: Row) throws(MonikerError) -> CellEditRecord {
        try cellEdit(row, .cellEdit(in: row))
    }

    private static func move(
        _ row: Row, _ positions: Positions
    ) throws(MonikerError) -> FileMoveRecord {
        let at = positions.indices
        guard let oldName = FileMoveRecord.OldName(rawValue: row[at[7]]) else {
            throw damaged("file move")
        }
        var keepReason: FileMoveRecord.KeepReason?
        if let reason: String = row[at[8]] {
            guard let known = FileMoveRecord.KeepReason(rawValue: reason) else {
                throw damaged("file move")
            }
            keepReason = known
        }
        let revertedBy: String? = row[at[9]]
        let digestData: Data? = row[at[5]]
        var fileDigest: ContentDigest?
        if let digestData { fileDigest = try digest(digestData) }
        return FileMoveRecord(
            sequence: row[at[0]], attachment: AttachmentID(row[at[1]]),
            role: row[at[2]], old: try path(row[at[3]]), new: try path(row[at[4]]),
            status: try status(row, at),
            digest: fileDigest, newNameExisted: row[at[6]], oldName: oldName,
            keepReason: keepReason,
            revertedBy: revertedBy == nil ? nil : try journalID(row[at[9]]))
    }

    private static func status(_ row: Row, _ at: [Int]) throws(MonikerError) -> FileStatus? {
        guard let inode: Int64 = row[at[10]], let device: Int64 = row[at[11]],
            let size: Int64 = row[at[12]], let mode: Int64 = row[at[13]],
            let owner: Int64 = row[at[14]], let group: Int64 = row[at[15]],
            let modified: Int64 = row[at[16]], let links: Int64 = row[at[17]]
        else { return nil }
        guard let mode = UInt32(exactly: mode), let owner = UInt32(exactly: owner),
            let group = UInt32(exactly: group)
        else { throw damaged("file status") }
        return FileStatus(
            identity: FileIdentity(
                device: UInt64(bitPattern: device), inode: UInt64(bitPattern: inode)),
            size: size, mode: mode, owner: owner, group: group, modified: modified,
            links: UInt64(bitPattern: links))
    }

    private static func cellEdit(
        _ row: Row, _ positions: Positions
    ) throws(MonikerError) -> CellEditRecord {
        let at = positions.indices
        guard let kind = CellEditRecord.Kind(rawValue: row[at[10]]) else {
            throw damaged("cell edit")
        }
        var columns: RowKey?
        if let text: String = row[at[12]] { columns = try RowKeyCoding.decode(text) }
        return CellEditRecord(
            sequence: row[at[0]],
            address: CellAddress(
                table: row[at[1]], key: try RowKeyCoding.decode(row[at[2]]), column: row[at[3]]),
            isTransactional: row[at[4]], before: try digest(row[at[5]]),
            after: try digest(row[at[6]]),
            splices: try SpliceCoding.decode(bytes(row[at[7]])), paths: try decodePaths(row[at[8]]),
            references: row[at[9]], kind: kind, assignment: row[at[11]], row: columns)
    }

    static func fileEdit(_ row: Row) throws(MonikerError) -> FileEditRecord {
        FileEditRecord(
            sequence: row["sequence"], path: try path(row["path"]),
            before: try digest(row["before"]), after: try digest(row["after"]),
            modified: row["modified"], splices: try SpliceCoding.decode(bytes(row["splices"])),
            paths: try decodePaths(row["paths"]))
    }

    static func finding(_ row: Row) throws(MonikerError) -> FindingRecord {
        guard let kind = FindingRecord.Kind(rawValue: row["kind"]) else {
            throw damaged("finding")
        }
        var address: CellAddress?
        if let table: String = row["table_name"], let key: String = row["row_key"],
            let column: String = row["column_name"]
        {
            address = CellAddress(
                table: table, key: try RowKeyCoding.decode(key), column: column)
        }
        let attachment: Int64? = row["attachment"]
        return FindingRecord(
            kind: kind, reason: row["reason"], attachment: attachment.map { AttachmentID($0) },
            address: address, detail: row["detail"], count: row["count"],
            assignment: row["assignment"])
    }
}
