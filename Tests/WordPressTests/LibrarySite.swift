import Files
import Foundation
import Model
import SiteDatabase
import WordPress

/// A site in a temporary folder: an uploads folder with real files and a SQLite database with the
/// tables that WordPress keeps attachments in.
final class LibrarySite {
    let root: URL
    let files: LocalMediaFiles
    let database: SQLiteDatabase
    private let path: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent(
            "moniker-library-\(UInt64.random(in: 0 ... .max))")
        for folder in ["wp-content/uploads/2024/05", "wp-content/uploads/2024/06", "home"] {
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        path = root.appendingPathComponent("site.sqlite").path
        try Self.sqlite(
            path,
            """
            CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_title TEXT, post_excerpt TEXT,
                post_content TEXT, post_mime_type TEXT, post_parent INTEGER, post_type TEXT);
            CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY, post_id INTEGER, meta_key TEXT,
                meta_value TEXT);
            CREATE TABLE wp_options (option_id INTEGER PRIMARY KEY, option_name TEXT,
                option_value TEXT);
            """)
        files = try LocalMediaFiles(
            uploads: Array(root.appendingPathComponent("wp-content/uploads").path.utf8),
            home: Array(root.appendingPathComponent("home").path.utf8))
        database = try SQLiteDatabase(path: path)
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { print("left behind: \(root)") }
    }

    private static func sqlite(_ path: String, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        process.arguments = [path, sql]
        try process.run()
        process.waitUntilExit()
    }

    func sql(_ sql: String) throws { try Self.sqlite(path, sql) }

    /// Writes empty files.
    func write(_ names: String...) throws {
        for name in names {
            try Data(name.utf8).write(
                to: root.appendingPathComponent("wp-content/uploads/" + name))
        }
    }

    /// Adds an attachment with its sizes' file names and further metadata.
    func attach(
        _ id: Int, _ file: String, sizes: [String] = [], original: String? = nil,
        backups: [String] = [], mime: String = "image/jpeg"
    ) throws {
        func s(_ text: String) -> String { "s:\(text.utf8.count):\"\(text)\";" }
        let list = sizes.enumerated().map {
            "\(s("size\($0.offset)"))a:1:{\(s("file"))\(s($0.element))}"
        }.joined()
        var metadata = "\(s("file"))\(s(file))\(s("sizes"))a:\(sizes.count):{\(list)}"
        if let original { metadata += s("original_image") + s(original) }
        let values = backups.enumerated().map {
            let key = $0.offset == 0 ? "full-orig" : "size\($0.offset)-orig"
            return "\(s(key))a:1:{\(s("file"))\(s($0.element))}"
        }.joined()
        try sql(
            """
            INSERT INTO wp_posts VALUES (\(id), 'Title \(id)', '', '', '\(mime)', 0, 'attachment');
            INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES
                (\(id), '_wp_attached_file', '\(file)'),
                (\(id), '_wp_attachment_metadata',
                    'a:\(original == nil ? 2 : 3):{\(metadata)}'),
                (\(id), '_wp_attachment_backup_sizes', 'a:\(backups.count):{\(values)}');
            """)
    }

    func library(
        _ selection: MediaLibrary.Selection = .all, lookup: (any AttachedFileLookup)? = nil
    ) throws -> MediaLibrary {
        try MediaLibrary(
            database: database, files: files, prefix: "wp_", uploads: uploads,
            selection: selection, lookup: lookup)
    }

    var uploads: UploadsFolder {
        let directory = Array(root.appendingPathComponent("wp-content/uploads").path.utf8)
        return UploadsFolder(
            directory: directory, spellings: [directory], url: "", urlPaths: [], hosts: [],
            usesYearMonthFolders: true)
    }

    /// The names of a family after a rename, old to new, without the folder.
    func renamed(_ id: Int64, to stem: String) throws -> [String: String] {
        var library = try library()
        guard let family = try library.family(of: AttachmentID(id)) else { return [:] }
        var names: [String: String] = [:]
        for (member, new) in try family.renamed(to: Array(stem.utf8)) {
            names[displayText(member.path.name)] = displayText(new.name)
        }
        return names
    }
}
