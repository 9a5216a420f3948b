import Foundation
import GRDB
import Model

/// The records of the journal as rows of its tables.
enum RowCoding {
    /// Findings of the plan are numbered from 0, those of the cells from here, so that a second
    /// attempt at the cells replaces its own only.
    static let firstCellFinding = 1_000_000

    static func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

    static func bytes(_ data: Data) -> [UInt8] { Array(data) }

    /// Paths one after the other, each ended by NUL, which no path contains.
    static func encode(_ paths: [MediaPath]) -> [UInt8] { paths.flatMap { $0.bytes + [0] } }

    static func decodePaths(_ data: Data) throws(MonikerError) -> [MediaPath] {
        guard let end = data.last else { return [] }
        guard end == 0 else { throw damaged("list of paths") }
        var paths: [MediaPath] = []
        for bytes in data.dropLast().split(separator: 0, omittingEmptySubsequences: false) {
            paths.append(try path(bytes))
        }
        return paths
    }

    static func path(_ data: Data) throws(MonikerError) -> MediaPath {
        guard let path = MediaPath(ifValid: data) else { throw damaged("path") }
        return path
    }

    static func journalID(_ text: String) throws(MonikerError) -> JournalID {
        guard let id = JournalID(text) else { throw damaged("id of a change set") }
        return id
    }

    static func digest(_ data: Data) throws(MonikerError) -> ContentDigest {
        guard let digest = ContentDigest(bytes: Array(data)) else { throw damaged("digest") }
        return digest
    }

    static func insert(
        _ move: FileMoveRecord, of id: JournalID, into database: Database
    ) throws {
        let status = move.status
        try database.cachedStatement(
            sql: """
                INSERT INTO file_move (change_set, sequence, attachment, role, old, new, device,
                    inode, size, mode, owner, grp, modified, links, digest, new_name_existed,
                    old_name, keep_reason, reverted_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(
            arguments: [
                id.description, move.sequence, move.attachment.rawValue, move.role,
                blob(move.old.bytes), blob(move.new.bytes),
                status.map { Int64(bitPattern: $0.identity.device) },
                status.map { Int64(bitPattern: $0.identity.inode) }, status?.size,
                status.map { Int64($0.mode) }, status.map { Int64($0.owner) },
                status.map { Int64($0.group) }, status?.modified,
                status.map { Int64(bitPattern: $0.links) }, move.digest.map { blob($0.bytes) },
                move.newNameExisted, move.oldName.rawValue, move.keepReason?.rawValue,
                move.revertedBy?.description,
            ])
    }

    static func insert(
        _ edit: CellEditRecord, of id: JournalID, part: Int, into database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO cell_edit (change_set, sequence, table_name, row_key, column_name,
                    transactional, reference_count, before, after, splices, paths, part, kind,
                    assignment, row)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """
        ).execute(
            arguments: [
                id.description, edit.sequence, edit.address.table,
                try RowKeyCoding.encode(edit.address.key), edit.address.column,
                edit.isTransactional, edit.references, blob(edit.before.bytes),
                blob(edit.after.bytes),
                blob(SpliceCoding.encode(edit.splices)), blob(encode(edit.paths)), part,
                edit.kind.rawValue, edit.assignment,
                try edit.row.map { try RowKeyCoding.encode($0) },
            ])
    }

    static func insert(
        _ findings: [FindingRecord], of id: JournalID, from first: Int, part: Int = 1,
        into database: Database
    ) throws {
        for (index, finding) in findings.enumerated() {
            try database.execute(
                sql: """
                    INSERT INTO finding (change_set, sequence, kind, reason, attachment, table_name,
                        row_key, column_name, detail, count, part, assignment)
                    VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
                    """,
                arguments: [
                    id.description, first + index, finding.kind.rawValue, finding.reason,
                    finding.attachment?.rawValue, finding.address?.table,
                    try finding.address.map { try RowKeyCoding.encode($0.key) },
                    finding.address?.column, finding.detail, finding.count, part,
                    finding.assignment,
                ])
        }
    }

    static func update(
        _ directories: [DirectoryTimeRecord], of id: JournalID, in database: Database
    ) throws {
        for directory in directories {
            try database.execute(
                sql: "UPDATE directory_time SET after = ? WHERE change_set = ? AND directory = ?",
                arguments: [
                    directory.after, id.description, blob(directory.directory?.bytes ?? []),
                ])
        }
    }

    static func damaged(_ what: String) -> MonikerError {
        MonikerError(
            .journalUnusable,
            "the journal holds a damaged \(what): restore journal.sqlite from a backup")
    }
}
