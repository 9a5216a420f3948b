/// What a site is to everybody but us: its rows and its uploads folder.
struct SiteState: Hashable {
    var rows: [String: [Int: [UInt8]]]
    var files: [String: ModelFileSystem.File]
    /// When each folder last changed.
    var folders: [String: Int64]

    init(_ world: World) {
        rows = world.database.committed.rows
        let tree = world.files.tree(at: "/site/uploads")
        folders = tree.folders
        files = tree.files.mapValues {
            var file = $0
            file.durable = nil
            return file
        }
    }

    /// The state but for when folders changed.
    var withoutTimes: SiteState {
        var state = self
        state.folders = [:]
        return state
    }

    private static func text(of file: ModelFileSystem.File) -> String {
        "\"\(String(decoding: file.content, as: UTF8.self))\" \(file.mode) \(file.modified)"
    }

    /// Where a state differs from another, for people.
    func difference(from other: SiteState) -> String {
        var lines: [String] = []
        for (table, rows) in rows {
            for (id, value) in rows where other.rows[table]?[id] != value {
                lines.append("\(table)#\(id) is \(String(decoding: value, as: UTF8.self))")
            }
        }
        for (path, file) in files where other.files[path] != file {
            lines.append(
                other.files[path].map {
                    "\(path) is \(Self.text(of: file)), not \(Self.text(of: $0))"
                } ?? "\(path) should not be there")
        }
        for path in other.files.keys where files[path] == nil { lines.append("\(path) is missing") }
        if folders != other.folders { lines.append("folders \(folders), not \(other.folders)") }
        return lines.joined(separator: "; ")
    }
}
