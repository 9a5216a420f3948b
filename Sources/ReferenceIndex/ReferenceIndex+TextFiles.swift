import Foundation
import GRDB
public import Model
import Rewriting

/// What is known of a folder below uploads and its text files.
struct KnownFolder {
    var version: String
    var folders: [[UInt8]]
    var texts: [[UInt8]]
}

extension ReferenceIndex {
    /// The text files below uploads that may name some paths; nil where every one has to be read.
    ///
    /// Folders and files whose version is the one that was read are not read again. Nothing about
    /// the index itself is thrown.
    ///
    /// - Parameters:
    ///   - isText: whether a file is one of those that are looked for.
    ///   - limit: the most bytes that are read of a file; larger ones are in every answer.
    ///   - now: the time, in nanoseconds since 1970.
    /// - Complexity: one look at each folder and each text file; reading only what has changed.
    public func textFiles(
        naming paths: [MediaPath], in files: any MediaFiles, limit: Int, now: Int64,
        isText: (MediaPath) -> Bool
    ) throws(MonikerError) -> [MediaPath]? {
        guard isOn else { return nil }
        var keys: Set<Int64> = [IndexStore.anyPath]
        for path in paths {
            guard let found = PathCensus.keys(of: path) else { return nil }
            for key in found { keys.insert(Int64(bitPattern: key)) }
        }
        do throws(MonikerError) {
            let (known, fingerprint) = try inStore { (try $0.folders(), try $0.state("census")) }
            guard fingerprint == census.fingerprint else { return nil }
            let texts = try inStore { try $0.texts(under: keys) }
            var walk = TextWalk(
                index: self, files: files, limit: limit, now: now, known: known, texts: texts)
            try walk.run(isText)
            if isWriting, walk.hasNews {
                let (folders, read) = (walk.newFolders, walk.newTexts)
                try inStore { try $0.write(folders: folders, texts: read) }
            }
            return walk.found.sorted()
        } catch {
            guard error.code == .indexUnusable else { throw error }
            return nil
        }
    }
}

/// One walk through the folders below uploads.
private struct TextWalk {
    let index: ReferenceIndex
    let files: any MediaFiles
    let limit: Int
    let now: Int64
    let known: [[UInt8]: KnownFolder]
    let texts: [[UInt8]: (version: String, isNamed: Bool)]
    var found: [MediaPath] = []
    var newFolders: [[UInt8]: KnownFolder] = [:]
    var newTexts: [[UInt8]: (version: String, names: Set<Int64>)] = [:]

    var hasNews: Bool { !newFolders.isEmpty || !newTexts.isEmpty }

    /// Times of change are exact to a few milliseconds; what was changed this recently may change
    /// again and look the same.
    private static let settling: Int64 = 2_000_000_000

    private func isSettled(_ version: EntryVersion) -> Bool {
        version.changed < now - Self.settling
    }

    mutating func run(_ isText: (MediaPath) -> Bool) throws(MonikerError) {
        var folders: [MediaPath?] = [nil]
        while let folder = folders.popLast() {
            let path = folder?.bytes ?? []
            let start = folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
            let old = known[path]
            guard var versions = try files.versions(of: old?.texts ?? [], in: folder) else {
                continue
            }
            var current = KnownFolder(version: versions.folder.text, folders: [], texts: [])
            if let old, old.version == current.version {
                current = old
            } else {
                for entry in try files.entries(of: folder) {
                    let path = try MediaPath(validating: start + entry.name)
                    guard !entry.name.starts(with: ".moniker".utf8) else { continue }
                    switch entry.kind {
                    case .directory: current.folders.append(entry.name)
                    case .file: if isText(path) { current.texts.append(entry.name) }
                    case .other: continue
                    }
                }
                if isSettled(versions.folder) { newFolders[path] = current }
                versions = try files.versions(of: current.texts, in: folder) ?? versions
            }
            for name in current.folders {
                folders.append(try MediaPath(validating: start + name))
            }
            for (name, version) in zip(current.texts, versions.files) {
                guard let version else { continue }
                try look(at: try MediaPath(validating: start + name), version)
            }
        }
    }

    private mutating func look(
        at path: MediaPath, _ version: EntryVersion
    ) throws(MonikerError) {
        if let text = texts[path.bytes], text.version == version.text {
            if text.isNamed { found.append(path) }
            return
        }
        found.append(path)
        guard index.isWriting, isSettled(version), version.size <= limit else { return }
        do throws(MonikerError) {
            let bytes = try files.contents(of: path, limit: limit)
            let names = index.census.read(bytes, role: .uploadedFile(directory: path.directory))
            newTexts[path.bytes] = (version.text, names.stored)
        } catch {
            // Gone, or not to be read: it is in the answer, and the next one tries again.
            newTexts[path.bytes] = nil
        }
    }
}

extension EntryVersion {
    /// The version as text.
    fileprivate var text: String {
        "\(identity.device) \(identity.inode) \(size) \(modified) \(changed)"
    }
}

extension IndexStore {
    /// The folders below uploads that were listed.
    fileprivate func folders() throws -> [[UInt8]: KnownFolder] {
        try read { database in
            var folders: [[UInt8]: KnownFolder] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT path, version, folders, texts FROM folder")
            while let row = try rows.next() {
                folders[row.bytes(0)] = KnownFolder(
                    version: row[1], folders: Self.list(row.bytes(2)),
                    texts: Self.list(row.bytes(3)))
            }
            return folders
        }
    }

    /// The text files that were read, and whether each is under one of some numbers.
    fileprivate func texts(
        under keys: Set<Int64>
    ) throws -> [[UInt8]: (version: String, isNamed: Bool)] {
        try read { database in
            var named: Set<Int64> = []
            let statement = try database.cachedStatement(
                sql: "SELECT text_file FROM text_name WHERE key = ?")
            for key in keys { named.formUnion(try Int64.fetchAll(statement, arguments: [key])) }
            var texts: [[UInt8]: (version: String, isNamed: Bool)] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT id, path, version FROM text_file")
            while let row = try rows.next() {
                texts[row.bytes(1)] = (row[2], named.contains(row[0]))
            }
            return texts
        }
    }

    /// Writes down what was listed and read.
    fileprivate func write(
        folders: [[UInt8]: KnownFolder],
        texts: [[UInt8]: (version: String, names: Set<Int64>)]
    ) throws {
        try write { database in
            for (path, folder) in folders {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?)",
                    arguments: [
                        Data(path), folder.version, Data(folder.folders.joined(separator: [0])),
                        Data(folder.texts.joined(separator: [0])),
                    ])
            }
            for (path, text) in texts {
                try database.execute(
                    sql: """
                        DELETE FROM text_name
                        WHERE text_file IN (SELECT id FROM text_file WHERE path = ?)
                        """, arguments: [Data(path)])
                try database.execute(
                    sql: "DELETE FROM text_file WHERE path = ?", arguments: [Data(path)])
                try database.execute(
                    sql: "INSERT INTO text_file (path, version) VALUES (?, ?)",
                    arguments: [Data(path), text.version])
                let id = database.lastInsertedRowID
                for name in text.names {
                    try database.execute(
                        sql: "INSERT INTO text_name VALUES (?, ?)", arguments: [name, id])
                }
            }
        }
    }

    /// Names, which no file system lets contain NUL.
    private static func list(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.isEmpty ? [] : bytes.split(separator: 0).map(Array.init)
    }
}
