import Foundation
import GRDB
import Model
import Synchronization

extension IndexStore {
    /// What is known of folders and text files.
    ///
    /// It is kept in memory for as long as no other process writes: reading it takes longer than
    /// looking at all of those files.
    func knownTexts() throws -> KnownTexts {
        try read { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
            if let kept = keptTexts.withLock({ $0 }), kept.version == version { return kept.texts }
            let texts = try Self.knownTexts(database)
            keptTexts.withLock { $0 = (version, texts) }
            return texts
        }
    }

    private static func knownTexts(_ database: Database) throws -> KnownTexts {
        var known = KnownTexts()
        let folders = try Row.fetchCursor(
            database, sql: "SELECT path, version, folders, texts FROM folder")
        while let row = try folders.next() {
            let bytes = row.bytes(0)
            // What cannot be read is listed again.
            guard let version = EntryVersion(text: row[1]) else { continue }
            let path = bytes.isEmpty ? nil : try MediaPath(validating: bytes)
            known.folders[path] = try KnownTexts.Folder(
                path, version: version, folders: list(row.bytes(2)), texts: list(row.bytes(3)))
        }
        let files = try Row.fetchCursor(database, sql: "SELECT id, path, version FROM text_file")
        while let row = try files.next() {
            guard let version = EntryVersion(text: row[2]) else { continue }
            known.files[try MediaPath(validating: row.bytes(1))] = KnownTexts.File(
                id: row[0], version: version)
        }
        return known
    }

    /// The numbers of the text files under any of some numbers.
    func texts(under keys: Set<Int64>) throws -> Set<Int64> {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT text_file FROM text_name WHERE key = ?")
            var named: Set<Int64> = []
            for key in keys { named.formUnion(try Int64.fetchAll(statement, arguments: [key])) }
            return named
        }
    }

    /// Writes down what was listed and read.
    func write(
        folders: [MediaPath?: KnownTexts.Folder],
        texts: [MediaPath: (version: EntryVersion, names: Set<Int64>)]
    ) throws {
        let files = try write { database in
            for (path, folder) in folders {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?)",
                    arguments: [
                        Data(path?.bytes ?? []), folder.version.text,
                        Data(Self.joined(folder.folders.map(\.name))),
                        Data(Self.joined(folder.textNames)),
                    ])
            }
            var files: [MediaPath: KnownTexts.File] = [:]
            for (path, text) in texts {
                let data = Data(path.bytes)
                try database.execute(
                    sql: """
                        DELETE FROM text_name
                        WHERE text_file IN (SELECT id FROM text_file WHERE path = ?)
                        """, arguments: [data])
                try database.execute(
                    sql: "DELETE FROM text_file WHERE path = ?", arguments: [data])
                try database.execute(
                    sql: "INSERT INTO text_file (path, version) VALUES (?, ?)",
                    arguments: [data, text.version.text])
                let id = database.lastInsertedRowID
                for name in text.names {
                    try database.execute(
                        sql: "INSERT INTO text_name VALUES (?, ?)", arguments: [name, id])
                }
                files[path] = KnownTexts.File(id: id, version: text.version)
            }
            return files
        }
        keptTexts.withLock { kept in
            kept?.texts.folders.merge(folders) { $1 }
            kept?.texts.files.merge(files) { $1 }
        }
    }

    /// Names, which no file system lets contain NUL.
    private static func list(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.isEmpty ? [] : bytes.split(separator: 0).map(Array.init)
    }

    private static func joined(_ names: [[UInt8]]) -> [UInt8] {
        Array(names.joined(separator: [0]))
    }
}
