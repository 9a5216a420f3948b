public import Model

/// The text files that page builders generate below uploads.
public enum UploadedTextFiles {
    /// Lists every CSS and JSON file below uploads.
    ///
    /// - Complexity: one listing of every folder below uploads.
    public static func list(in files: any MediaFiles) throws(MonikerError) -> [MediaPath] {
        var found: [MediaPath] = []
        var folders: [MediaPath?] = [nil]
        while let folder = folders.popLast() {
            let start = folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
            for entry in try files.entries(of: folder) {
                guard !entry.name.starts(with: ".moniker".utf8) else { continue }
                let path = try MediaPath(validating: start + entry.name)
                switch entry.kind {
                case .directory: folders.append(path)
                case .file:
                    if isOne(path) { found.append(path) }
                case .other: continue
                }
            }
        }
        return found.sorted()
    }

    /// Whether a file is, by its name, one that a page builder may have generated.
    public static func isOne(_ path: MediaPath) -> Bool {
        let ending = path.pathExtension
        return ending.elementsEqual("css".utf8) || ending.elementsEqual("json".utf8)
    }
}
