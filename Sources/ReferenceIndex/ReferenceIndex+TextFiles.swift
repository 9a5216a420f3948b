public import Model
import Rewriting

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
            let (known, named, fingerprint) = try inStore {
                (try $0.knownTexts(), try $0.texts(under: keys), try $0.state("census"))
            }
            guard fingerprint == self.fingerprint else { return nil }
            var walk = TextWalk(
                index: self, files: files, limit: limit, now: now, known: known, named: named)
            try walk.run(isText)
            if upkeep != .none, walk.hasNews {
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
    let known: KnownTexts
    /// The numbers of the text files that are known to name one of the paths.
    let named: Set<Int64>
    var found: [MediaPath] = []
    var newFolders: [MediaPath?: KnownTexts.Folder] = [:]
    var newTexts: [MediaPath: (version: EntryVersion, names: Set<Int64>)] = [:]

    var hasNews: Bool { !newFolders.isEmpty || !newTexts.isEmpty }

    /// Times of change are exact to a few milliseconds; what was changed this recently may change
    /// again and look the same.
    private static let settling: Int64 = 2_000_000_000

    private func isSettled(_ version: EntryVersion) -> Bool {
        version.changed < now - Self.settling
    }

    mutating func run(_ isText: (MediaPath) -> Bool) throws(MonikerError) {
        var folders: [MediaPath?] = [nil]
        while let path = folders.popLast() {
            let old = known.folders[path]
            guard var versions = try files.versions(of: old?.textNames ?? [], in: path) else {
                continue
            }
            let current: KnownTexts.Folder
            if let old, old.version == versions.folder {
                current = old
            } else {
                current = try listed(path, version: versions.folder, isText)
                if isSettled(versions.folder) { newFolders[path] = current }
                versions = try files.versions(of: current.textNames, in: path) ?? versions
            }
            for folder in current.folders { folders.append(folder) }
            for (text, version) in zip(current.texts, versions.files) {
                guard let version else { continue }
                try look(at: text, version)
            }
        }
    }

    private func listed(
        _ path: MediaPath?, version: EntryVersion, _ isText: (MediaPath) -> Bool
    ) throws(MonikerError) -> KnownTexts.Folder {
        var folders: [[UInt8]] = []
        var texts: [[UInt8]] = []
        let start = KnownTexts.Folder.start(of: path)
        for entry in try files.entries(of: path) {
            let path = try MediaPath(validating: start + entry.name)
            guard !entry.name.starts(with: ".moniker".utf8) else { continue }
            switch entry.kind {
            case .directory: folders.append(entry.name)
            case .file: if isText(path) { texts.append(entry.name) }
            case .other: continue
            }
        }
        return try KnownTexts.Folder(path, version: version, folders: folders, texts: texts)
    }

    private mutating func look(
        at path: MediaPath, _ version: EntryVersion
    ) throws(MonikerError) {
        if let text = known.files[path], text.version == version {
            if named.contains(text.id) { found.append(path) }
            return
        }
        found.append(path)
        guard index.upkeep != .none, isSettled(version), version.size <= limit else { return }
        do throws(MonikerError) {
            let bytes = try files.contents(of: path, limit: limit)
            let names = index.census.read(bytes, role: .uploadedFile(directory: path.directory))
            newTexts[path] = (version, names.stored)
        } catch {
            // Gone, or not to be read: it is in the answer, and the next one tries again.
            newTexts[path] = nil
        }
    }
}
