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

    /// Paths one after the other, each without the beginning that it shares with the one before.
    ///
    /// At first a NUL, with which no path begins. No paths are nothing.
    static func encode(_ paths: [MediaPath]) -> [UInt8] {
        guard !paths.isEmpty else { return [] }
        var bytes: [UInt8] = [0]
        bytes.reserveCapacity(min(32 * paths.count, 1 << 12))
        var last: [UInt8] = []
        for path in paths {
            SharedBeginning.append(path.bytes, after: last, to: &bytes)
            last = path.bytes
        }
        return bytes
    }

    /// Reads what `encode` wrote, also in its first form: each path ended by a NUL.
    static func decodePaths(_ data: Data) throws(MonikerError) -> [MediaPath] {
        let bytes = bytes(data)
        guard bytes.first == 0 else { return try decodeEndedPaths(bytes) }
        guard bytes.count > 1 else { throw damaged("list of paths") }
        var reader = PackedReader(bytes: bytes, what: "edit", position: 1)
        var paths: [MediaPath] = []
        var last: [UInt8] = []
        while reader.position < bytes.count {
            last = try reader.run(after: last)
            guard let path = MediaPath(ifValid: last) else { throw damaged("path") }
            paths.append(path)
        }
        return paths
    }

    private static func decodeEndedPaths(_ bytes: [UInt8]) throws(MonikerError) -> [MediaPath] {
        guard let end = bytes.last else { return [] }
        guard end == 0 else { throw damaged("list of paths") }
        var paths: [MediaPath] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0 {
            guard let path = MediaPath(ifValid: bytes[start..<index]) else {
                throw damaged("path")
            }
            paths.append(path)
            start = index + 1
        }
        return paths
    }

    static func path(_ data: Data) throws(MonikerError) -> MediaPath {
        guard let path = MediaPath(ifValid: bytes(data)) else { throw damaged("path") }
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
        _ moves: [FileMoveRecord], of id: JournalID, into database: Database
    ) throws {
        var row = try RowInserter(
            database,
            sql: """
                INSERT INTO file_move (change_set, sequence, attachment, role, old, new, device,
                    inode, size, mode, owner, grp, modified, links, digest, new_name_existed,
                    old_name, keep_reason, reverted_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """)
        let text = id.description
        for move in moves {
            let status = move.status
            row.bind(text)
            row.bind(move.sequence)
            row.bind(move.attachment.rawValue)
            row.bind(move.role)
            row.bind(move.old.bytes)
            row.bind(move.new.bytes)
            row.bind(status?.identity.device)
            row.bind(status?.identity.inode)
            row.bind(status?.size)
            row.bind(status?.mode)
            row.bind(status?.owner)
            row.bind(status?.group)
            row.bind(status?.modified)
            row.bind(status?.links)
            row.bind(move.digest?.bytes)
            row.bind(move.newNameExisted ? 1 : 0)
            row.bind(move.oldName.rawValue)
            row.bind(move.keepReason?.rawValue)
            row.bind(move.revertedBy?.description)
            try row.run()
        }
    }

    static func insert(
        _ edits: [CellEditRecord], of id: JournalID, part: Int, into database: Database
    ) throws {
        var row = try RowInserter(
            database,
            sql: """
                INSERT INTO cell_edit (change_set, sequence, table_name, row_key, column_name,
                    transactional, reference_count, before, after, splices, paths, part, kind,
                    assignment, row)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """)
        let text = id.description
        for edit in edits {
            row.bind(text)
            row.bind(edit.sequence)
            row.bind(edit.address.table)
            row.bind(try RowKeyCoding.encode(edit.address.key))
            row.bind(edit.address.column)
            row.bind(edit.isTransactional ? 1 : 0)
            row.bind(edit.references)
            row.bind(edit.before.bytes)
            row.bind(edit.after.bytes)
            row.bind(SpliceCoding.encode(edit.splices))
            row.bind(encode(edit.paths))
            row.bind(part)
            row.bind(edit.kind.rawValue)
            row.bind(edit.assignment)
            row.bind(try edit.row.map { try RowKeyCoding.encode($0) })
            try row.run()
        }
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
