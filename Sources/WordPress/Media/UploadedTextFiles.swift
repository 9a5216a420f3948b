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
                switch entry.kind {
                case .directory where !entry.name.starts(with: ".moniker".utf8):
                    folders.append(try MediaPath(validating: start + entry.name))
                case .file where isOne(entry.name) && !entry.name.starts(with: ".moniker".utf8):
                    found.append(try MediaPath(validating: start + entry.name))
                case .directory, .file, .other: continue
                }
            }
        }
        return found.sorted()
    }

    /// Whether a file is, by its name, one that a page builder may have generated.
    public static func isOne(_ path: MediaPath) -> Bool { isOne(path.name) }

    /// Nothing is made of the name: nearly all of a site's files are images.
    private static func isOne(_ name: [UInt8]) -> Bool {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return false }
        let ending = name[(dot + 1)...]
        return ending.elementsEqual("css".utf8) || ending.elementsEqual("json".utf8)
    }
}
