import Foundation
import GRDB
import Model

extension RowCoding {
    static func changeSet(_ row: Row) throws(MonikerError) -> ChangeSetRecord {
        guard let kind = ChangeSetRecord.Kind(rawValue: row["kind"]),
            let state = ChangeSetRecord.State(rawValue: row["state"])
        else { throw damaged("change set") }
        let reverts: String? = row["reverts"]
        return ChangeSetRecord(
            id: try journalID(row["id"]), kind: kind, state: state, created: row["created"],
            incarnation: row["incarnation"], prefix: row["prefix"], uploads: bytes(row["uploads"]),
            reverts: reverts == nil ? nil : try journalID(row["reverts"]),
            keepOldUntil: row["keep_old_until"], references: row["reference_count"],
            isLost: row["is_lost"])
    }

    /// The columns of a move in the order in which `move` reads them: by position, because looking
    /// names up takes longer than everything else where there are tens of thousands of rows.
    static let moveColumns = """
        sequence, attachment, role, old, new, digest, new_name_existed, old_name, keep_reason,
        reverted_by, inode, device, size, mode, owner, grp, modified, links
        """

    static func move(_ row: Row) throws(MonikerError) -> FileMoveRecord {
        guard let oldName = FileMoveRecord.OldName(rawValue: row[7]) else {
            throw damaged("file move")
        }
        var keepReason: FileMoveRecord.KeepReason?
        if let reason: String = row[8] {
            guard let known = FileMoveRecord.KeepReason(rawValue: reason) else {
                throw damaged("file move")
            }
            keepReason = known
        }
        let revertedBy: String? = row[9]
        let digestData: Data? = row[5]
        var fileDigest: ContentDigest?
        if let digestData { fileDigest = try digest(digestData) }
        return FileMoveRecord(
            sequence: row[0], attachment: AttachmentID(row[1]),
            role: row[2], old: try path(row[3]), new: try path(row[4]),
            status: try status(row),
            digest: fileDigest, newNameExisted: row[6], oldName: oldName,
            keepReason: keepReason,
            revertedBy: revertedBy == nil ? nil : try journalID(row[9]))
    }

    private static func status(_ row: Row) throws(MonikerError) -> FileStatus? {
        guard let inode: Int64 = row[10], let device: Int64 = row[11],
            let size: Int64 = row[12], let mode: Int64 = row[13],
            let owner: Int64 = row[14], let group: Int64 = row[15],
            let modified: Int64 = row[16], let links: Int64 = row[17]
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

    /// The columns of a cell edit in the order in which `cellEdit` reads them.
    static let cellEditColumns = """
        sequence, table_name, row_key, column_name, transactional, before, after, splices, paths,
        reference_count
        """

    static func cellEdit(_ row: Row) throws(MonikerError) -> CellEditRecord {
        CellEditRecord(
            sequence: row[0],
            address: CellAddress(
                table: row[1], key: try RowKeyCoding.decode(row[2]), column: row[3]),
            isTransactional: row[4], before: try digest(row[5]), after: try digest(row[6]),
            splices: try SpliceCoding.decode(bytes(row[7])), paths: try decodePaths(row[8]),
            references: row[9])
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
            address: address, detail: row["detail"], count: row["count"])
    }
}
