import Foundation
import GRDB
import Glibc
import Model
import Rewriting
import WordPress

extension Refresher {
    private struct KnownFile {
        var id: Int64
        var path: MediaPath
        var version: String?
    }

    /// Looks at every folder with attachments: at the versions of the folder and of the attached
    /// files, and, where those or an attachment have changed, at all names and metadata.
    func readFolders() throws {
        let folders = try Data?.fetchAll(
            database,
            sql: "SELECT DISTINCT directory FROM attachment WHERE directory IS NOT NULL"
        ).compactMap { $0.map(Array.init) }
        var versions: [[UInt8]: String] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT path, version FROM folder") {
            versions[Array(row[0] as Data)] = row[1]
        }
        for (index, folder) in folders.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated()
        {
            step(.files, index, of: folders.count)
            try readFolder(folder, known: versions.removeValue(forKey: folder))
        }
        for folder in versions.keys {
            try database.execute(
                sql: "DELETE FROM folder WHERE path = ?", arguments: [Data(folder)])
        }
        step(.files, folders.count, of: folders.count)
    }

    private func readFolder(_ folder: [UInt8], known: String?) throws {
        let rows = try Row.fetchAll(
            database, sql: "SELECT id, path, version FROM attachment WHERE directory = ?",
            arguments: [Data(folder)])
        let files = try rows.map { row in
            KnownFile(
                id: row[0], path: try MediaPath(validating: row[1] as Data), version: row[2])
        }
        let directory = folder.isEmpty ? nil : try MediaPath(validating: folder)
        let found = try site.files.versions(of: files.map(\.path.name), in: directory)
        for (index, file) in files.enumerated() {
            let version = found?.files[index]
            let text = version.map(Self.text)
            guard text != file.version else { continue }
            try database.execute(
                sql: "UPDATE attachment SET version = ?, bytes = ?, sha256 = NULL WHERE id = ?",
                arguments: [text, version?.size, file.id])
        }
        let version = found.map { Self.text($0.folder) } ?? "none"
        guard version != known || changedFolders.contains(folder) else { return }
        outcome.foldersRead += 1
        try readFamilies(files)
        // A folder that has just changed can change again without a sign: its time has a grain.
        let isTrusted = found.map { isSettled($0.folder) } ?? true
        try database.execute(
            sql: "INSERT OR REPLACE INTO folder (path, version) VALUES (?, ?)",
            arguments: [Data(folder), isTrusted ? version : ""])
    }

    private static func text(_ version: EntryVersion) -> String {
        "\(version.identity.device):\(version.identity.inode):\(version.size):"
            + "\(version.modified):\(version.changed)"
    }

    private func isSettled(_ version: EntryVersion) -> Bool {
        var now = timespec()
        // SAFETY: the call writes the structure that it is given and keeps no pointer to it.
        guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return false }
        let nanoseconds = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
        return nanoseconds &- version.changed >= settling
    }

    /// Reads the metadata of all attachments of a folder and the names that are on disk.
    private func readFamilies(_ files: [KnownFile]) throws {
        var library = try MediaLibrary(
            database: site.database, files: site.files, prefix: site.prefix,
            uploads: site.uploads, selection: .only(Set(files.map { AttachmentID($0.id) })))
        for file in files {
            let id = AttachmentID(file.id)
            var paths: [MediaPath: Bool] = [:]
            if let family = try library.family(of: id) {
                for path in family.unrenamable { paths[path] = false }
                for member in family.members { paths[member.path] = member.isOnDisk }
            }
            try replaceFiles(of: file.id, by: paths)
            guard let attachment = library.attachment(id) else { continue }
            try database.execute(
                sql: """
                    UPDATE attachment SET width = ?, height = ?
                    WHERE id = ? AND (width IS NOT ? OR height IS NOT ?)
                    """,
                arguments: [
                    attachment.width, attachment.height, file.id, attachment.width,
                    attachment.height,
                ])
        }
    }

    /// Sets which paths lead to an attachment, and whether there is a file at each.
    func replaceFiles(of id: Int64, by paths: [MediaPath: Bool]) throws {
        var old: [Data: (hash: Int64, isOnDisk: Bool)] = [:]
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: "SELECT path, hash, on_disk FROM file WHERE attachment = ?"),
            arguments: [id])
        while let row = try rows.next() { old[row[0]] = (row[1], row[2]) }
        for (path, isOnDisk) in paths {
            let data = Data(path.bytes)
            let hash = Self.hash(path)
            if let known = old.removeValue(forKey: data) {
                guard known.isOnDisk != isOnDisk else { continue }
                try database.cachedStatement(
                    sql: """
                        UPDATE file SET on_disk = ? WHERE hash = ? AND attachment = ? AND path = ?
                        """
                ).execute(arguments: [isOnDisk, hash, id, data])
                continue
            }
            changedHashes.insert(hash)
            try database.cachedStatement(
                sql: "INSERT INTO file (hash, attachment, path, on_disk) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [hash, id, data, isOnDisk])
        }
        for (path, (hash, _)) in old {
            changedHashes.insert(hash)
            try database.cachedStatement(
                sql: "DELETE FROM file WHERE hash = ? AND attachment = ? AND path = ?"
            ).execute(arguments: [hash, id, path])
        }
    }

    /// The number under which names of a path are found; 0 for a path that no census looks for.
    private static func hash(_ path: MediaPath) -> Int64 {
        Int64(bitPattern: PathCensus.keys(of: path)?.first ?? 0)
    }

    // MARK: Hashes

    /// Hashes the files that need it and have no hash.
    func hashFiles(_ hashing: Inventory.Hashing) throws {
        let condition: String
        switch hashing {
        case .none: return
        case .all: condition = ""
        case .sameSize:
            condition = """
                AND bytes IN (SELECT bytes FROM attachment WHERE bytes > 0
                    GROUP BY bytes HAVING COUNT(DISTINCT path) > 1)
                """
        }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, path FROM attachment
                WHERE sha256 IS NULL AND bytes IS NOT NULL AND path IS NOT NULL \(condition)
                """)
        for (index, row) in rows.enumerated() {
            step(.hashes, index, of: rows.count)
            let path = try MediaPath(validating: row[1] as Data)
            guard let digest = try digest(of: path) else { continue }
            try database.execute(
                sql: "UPDATE attachment SET sha256 = ? WHERE id = ?",
                arguments: [Data(digest.bytes), row[0] as Int64])
            outcome.filesHashed += 1
        }
        if !rows.isEmpty { step(.hashes, rows.count, of: rows.count) }
    }

    /// The digest of a file; nil where it has gone or been closed since it was seen: the next refresh
    /// tells.
    private func digest(of path: MediaPath) throws(MonikerError) -> ContentDigest? {
        do {
            return try site.files.digest(of: path)
        } catch  where error.code == .fileMissing || error.code == .permissionDenied {
            return nil
        }
    }
}
