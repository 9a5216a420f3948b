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

    static func move(_ row: Row) throws(MonikerError) -> FileMoveRecord {
        guard let oldName = FileMoveRecord.OldName(rawValue: row["old_name"]) else {
            throw damaged("file move")
        }
        var keepReason: FileMoveRecord.KeepReason?
        if let reason: String = row["keep_reason"] {
            guard let known = FileMoveRecord.KeepReason(rawValue: reason) else {
                throw damaged("file move")
            }
            keepReason = known
        }
        let revertedBy: String? = row["reverted_by"]
        let digestData: Data? = row["digest"]
        var fileDigest: ContentDigest?
        if let digestData { fileDigest = try digest(digestData) }
        return FileMoveRecord(
            sequence: row["sequence"], attachment: AttachmentID(row["attachment"]),
            role: row["role"], old: try path(row["old"]), new: try path(row["new"]),
            status: try status(row),
            digest: fileDigest, newNameExisted: row["new_name_existed"], oldName: oldName,
            keepReason: keepReason,
            revertedBy: revertedBy == nil ? nil : try journalID(row["reverted_by"]))
    }

    private static func status(_ row: Row) throws(MonikerError) -> FileStatus? {
        guard let inode: Int64 = row["inode"], let device: Int64 = row["device"],
            let size: Int64 = row["size"], let mode: Int64 = row["mode"],
            let owner: Int64 = row["owner"], let group: Int64 = row["grp"],
            let modified: Int64 = row["modified"], let links: Int64 = row["links"]
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

    static func cellEdit(_ row: Row) throws(MonikerError) -> CellEditRecord {
        CellEditRecord(
            sequence: row["sequence"],
            address: CellAddress(
                table: row["table_name"], key: try RowKeyCoding.decode(row["row_key"]),
                column: row["column_name"]),
            isTransactional: row["transactional"], before: try digest(row["before"]),
            after: try digest(row["after"]),
            splices: try SpliceCoding.decode(bytes(row["splices"])),
            paths: try decodePaths(row["paths"]), references: row["reference_count"])
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
