import Files
import Foundation
import Inventory
import Model
import Rewriting
import SiteDatabase
import WordPress

/// A site in a temporary folder, with the tables that WordPress makes and a home.
///
/// The tests edit it with sqlite3 and the file system, as WordPress would; only the inventory goes
/// through the program's ports.
final class InventoryScene {
    let root: URL
    let database: SQLiteDatabase
    let files: LocalMediaFiles
    let home: URL
    private let path: String
    private let editor: Process
    private let statements: Pipe
    private let answers: Pipe

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent(
            "moniker-inventory-\(UInt64.random(in: 0 ... .max))")
        home = root.appendingPathComponent("home")
        for folder in ["uploads/2024/05", "uploads/2024/06", "home"] {
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        path = root.appendingPathComponent("site.sqlite").path
        // One sqlite3 for all statements: a process for each would take the time of the tests.
        (editor, statements, answers) = (Process(), Pipe(), Pipe())
        editor.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        editor.arguments = ["-batch", "-bail", path]
        editor.standardInput = statements
        editor.standardOutput = answers
        try editor.run()
        try Self.execute(Self.tables, statements, answers)
        files = try LocalMediaFiles(
            uploads: Array(root.appendingPathComponent("uploads").path.utf8),
            home: Array(home.path.utf8))
        database = try SQLiteDatabase(path: path)
        try option("siteurl", "https://example.com")
    }

    deinit {
        do {
            try statements.fileHandleForWriting.close()
            editor.waitUntilExit()
            try FileManager.default.removeItem(at: root)
        } catch { print("left behind: \(root) (\(error))") }
    }

    private static let tables = """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
        CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_title TEXT DEFAULT '',
            post_excerpt TEXT DEFAULT '', post_content TEXT DEFAULT '',
            post_mime_type TEXT DEFAULT '', post_parent INTEGER DEFAULT 0, post_type TEXT,
            post_status TEXT DEFAULT 'publish', post_modified_gmt TEXT DEFAULT '2024-01-01 00:00:00');
        CREATE INDEX type_status ON wp_posts (post_type, post_status);
        CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER,
            meta_key TEXT, meta_value TEXT);
        CREATE INDEX meta_post ON wp_postmeta (post_id);
        CREATE INDEX meta_key ON wp_postmeta (meta_key);
        CREATE TABLE wp_options (option_id INTEGER PRIMARY KEY, option_name TEXT UNIQUE,
            option_value TEXT);
        CREATE TABLE wp_terms (term_id INTEGER PRIMARY KEY, name TEXT, slug TEXT);
        CREATE TABLE wp_term_taxonomy (term_taxonomy_id INTEGER PRIMARY KEY, term_id INTEGER,
            taxonomy TEXT, description TEXT DEFAULT '');
        CREATE TABLE wp_term_relationships (object_id INTEGER, term_taxonomy_id INTEGER,
            PRIMARY KEY (object_id, term_taxonomy_id));
        CREATE TABLE wp_termmeta (meta_id INTEGER PRIMARY KEY, term_id INTEGER, meta_key TEXT,
            meta_value TEXT);
        """

    /// What sqlite3 prints when it has done everything before.
    private static let end = "-- end --\n"

    @discardableResult
    private static func execute(_ sql: String, _ input: Pipe, _ output: Pipe) throws -> String {
        try input.fileHandleForWriting.write(
            contentsOf: Data((sql + ";\n.print \(end)").utf8))
        var answer = ""
        while !answer.hasSuffix(end) {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw SceneFailure(text: "sqlite3 ended: \(sql)") }
            answer += String(decoding: data, as: UTF8.self)
        }
        return String(answer.dropLast(end.count))
    }

    struct SceneFailure: Error { let text: String }

    /// Runs SQL in another process, and returns the rows.
    @discardableResult
    func sql(_ statements: String) throws -> String {
        try Self.execute(statements, self.statements, answers)
    }

    static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    // MARK: What WordPress does

    func option(_ name: String, _ value: String) throws {
        try sql(
            """
            INSERT OR REPLACE INTO wp_options (option_name, option_value)
            VALUES (\(Self.quoted(name)), \(Self.quoted(value)))
            """)
    }

    func meta(_ post: Int, _ key: String, _ value: String) throws {
        try sql(
            """
            DELETE FROM wp_postmeta WHERE post_id = \(post) AND meta_key = \(Self.quoted(key));
            INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
            VALUES (\(post), \(Self.quoted(key)), \(Self.quoted(value)))
            """)
    }

    func post(
        _ id: Int, _ content: String, type: String = "post", status: String = "publish",
        title: String? = nil, excerpt: String = "", modified: Int = 0
    ) throws {
        try sql(
            """
            INSERT OR REPLACE INTO wp_posts (ID, post_type, post_status, post_title, post_content,
                post_excerpt, post_modified_gmt)
            VALUES (\(id), '\(type)', '\(status)', \(Self.quoted(title ?? "Post \(id)")),
                \(Self.quoted(content)), \(Self.quoted(excerpt)), 't\(modified)')
            """)
    }

    /// Adds an image with its metadata and a file for each name.
    func attach(
        _ id: Int, _ file: String, sizes: [String] = [], mime: String = "image/jpeg",
        alt: String? = nil, title: String? = nil, caption: String = "", description: String = "",
        parent: Int = 0, width: Int = 1200, height: Int = 900, content: String? = nil
    ) throws {
        try sql(
            """
            INSERT OR REPLACE INTO wp_posts (ID, post_type, post_status, post_title, post_excerpt,
                post_content, post_mime_type, post_parent)
            VALUES (\(id), 'attachment', 'inherit', \(Self.quoted(title ?? "Title \(id)")),
                \(Self.quoted(caption)), \(Self.quoted(description)), '\(mime)', \(parent))
            """)
        try describeFiles(id, file, sizes: sizes, width: width, height: height)
        if let alt { try meta(id, "_wp_attachment_image_alt", alt) }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().relativePath
        for name in [file] + sizes.map({ folder + "/" + $0 }) {
            try write(name, content ?? "content of \(name)")
        }
    }

    func describeFiles(
        _ id: Int, _ file: String, sizes: [String], width: Int = 1200, height: Int = 900
    ) throws {
        func s(_ text: String) -> String { "s:\(text.utf8.count):\"\(text)\";" }
        let list = sizes.enumerated().map {
            "\(s("size\($0.offset)"))a:1:{\(s("file"))\(s($0.element))}"
        }.joined()
        try meta(id, "_wp_attached_file", file)
        try meta(
            id, "_wp_attachment_metadata",
            "a:4:{\(s("width"))i:\(width);\(s("height"))i:\(height);\(s("file"))\(s(file))\(s("sizes"))a:\(sizes.count):{\(list)}}"
        )
    }

    func write(_ name: String, _ content: String) throws {
        try Data(content.utf8).write(to: root.appendingPathComponent("uploads/" + name))
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: root.appendingPathComponent("uploads/" + name))
    }

    /// Returns when the file system gives later times than before.
    func waitForNextGrain() throws {
        let probe = root.appendingPathComponent("probe")
        func time() throws -> timespec {
            try Data("x".utf8).write(to: probe)
            var status = stat()
            guard unsafe stat(probe.path, &status) == 0 else {
                throw SceneFailure(text: "stat: \(errno)")
            }
            return status.st_ctim
        }
        let before = try time()
        var now = before
        while now.tv_sec == before.tv_sec, now.tv_nsec == before.tv_nsec { now = try time() }
    }

    // MARK: The inventory

    var site: InventorySite {
        get throws {
            let directory = Array(root.appendingPathComponent("uploads").path.utf8)
            return InventorySite(
                database: database, files: files, prefix: "wp_",
                uploads: UploadsFolder(
                    directory: directory, spellings: [directory],
                    url: "https://example.com/wp-content/uploads",
                    urlPaths: ["/wp-content/uploads"], hosts: ["example.com"],
                    usesYearMonthFolders: true),
                location: UploadsLocation(
                    hosts: ["example.com"], urlPaths: ["/wp-content/uploads"],
                    directories: [directory], assumesUsualServerFolders: false))
        }
    }

    /// An inventory in a home of its own.
    func inventory(_ name: String = "home") throws -> Inventory {
        let folder = root.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try Inventory.open(home: folder.path)
    }
}

/// The address of an upload.
func url(_ path: String) -> String { "https://example.com/wp-content/uploads/" + path }
