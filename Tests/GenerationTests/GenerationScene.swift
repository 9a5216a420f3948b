import Files
import Foundation
import Inventory
import Model
import Rewriting
import SiteDatabase
import WordPress

@testable import Generation

/// A site in a temporary folder: SQLite tables as WordPress makes them, files, a home.
///
/// Edited with sqlite3, as a program of its own; read through the ports.
final class GenerationScene {
    let root: URL
    var uploads: String { root.appendingPathComponent("uploads").path }
    var home: String { root.appendingPathComponent("home").path }
    private var path: String { root.appendingPathComponent("site.sqlite").path }

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent(
            "moniker-generation-\(UInt64.random(in: 0 ... .max))")
        for folder in ["uploads/2024/05", "home"] {
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        try sql(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_title TEXT DEFAULT '',
                post_excerpt TEXT DEFAULT '', post_content TEXT DEFAULT '',
                post_mime_type TEXT DEFAULT '', post_parent INTEGER DEFAULT 0, post_type TEXT,
                post_status TEXT DEFAULT 'publish',
                post_modified_gmt TEXT DEFAULT '2024-01-01 00:00:00');
            CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY AUTOINCREMENT, post_id INTEGER,
                meta_key TEXT, meta_value TEXT);
            CREATE TABLE wp_options (option_id INTEGER PRIMARY KEY, option_name TEXT UNIQUE,
                option_value TEXT);
            CREATE TABLE wp_terms (term_id INTEGER PRIMARY KEY, name TEXT, slug TEXT);
            CREATE TABLE wp_term_taxonomy (term_taxonomy_id INTEGER PRIMARY KEY, term_id INTEGER,
                taxonomy TEXT, description TEXT DEFAULT '');
            CREATE TABLE wp_term_relationships (object_id INTEGER, term_taxonomy_id INTEGER,
                PRIMARY KEY (object_id, term_taxonomy_id));
            CREATE TABLE wp_termmeta (meta_id INTEGER PRIMARY KEY, term_id INTEGER, meta_key TEXT,
                meta_value TEXT);
            INSERT INTO wp_options (option_name, option_value) VALUES ('siteurl', 'https://example.com')
            """)
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { print("left: \(root)") }
    }

    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SceneFailure(text: "\(program) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    struct SceneFailure: Error { let text: String }

    @discardableResult
    func sql(_ statements: String) throws -> String {
        try run("sqlite3", ["-batch", "-bail", path, statements])
    }

    /// What generation.sqlite says.
    func kept(_ statement: String) throws -> String {
        try run("sqlite3", ["-batch", home + "/generation.sqlite", statement])
    }

    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// The SQL that adds an image as WordPress does on upload.
    func image(
        _ id: Int, _ name: String, alt: String? = nil, title: String = "", caption: String = "",
        description: String = "", mime: String = "image/jpeg", width: Int = 1200,
        content: String? = nil
    ) throws -> String {
        try Data((content ?? "content of \(name)").utf8).write(
            to: root.appendingPathComponent("uploads/2024/05/" + name))
        let file = "2024/05/" + name
        let metadata =
            "a:3:{s:5:\"width\";i:\(width);s:6:\"height\";i:900;s:4:\"file\";s:\(file.utf8.count):\"\(file)\";}"
        let values =
            [("_wp_attached_file", file), ("_wp_attachment_metadata", metadata)]
            + (alt.map { [("_wp_attachment_image_alt", $0)] } ?? [])
        return """
            INSERT INTO wp_posts (ID, post_type, post_status, post_title, post_excerpt,
                post_content, post_mime_type) VALUES (\(id), 'attachment', 'inherit',
                \(Self.quoted(title)), \(Self.quoted(caption)), \(Self.quoted(description)), '\(mime)');
            """
                + values.map {
                    "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (\(id), '\($0.0)', \(Self.quoted($0.1)));"
                }.joined()
    }

    func add(
        _ id: Int, _ name: String, alt: String? = nil, title: String = "", caption: String = "",
        description: String = "", mime: String = "image/jpeg", width: Int = 1200,
        content: String? = nil
    ) throws {
        try sql(
            try image(
                id, name, alt: alt, title: title, caption: caption, description: description,
                mime: mime, width: width, content: content))
    }

    /// Adds many images without texts, `img-1.jpg` and so on.
    func add(images: ClosedRange<Int>) throws {
        try sql("BEGIN;" + (try images.map { try image($0, "img-\($0).jpg") }.joined()) + "COMMIT")
    }

    func post(_ id: Int, title: String, content: String, type: String = "post") throws {
        try sql(
            "INSERT INTO wp_posts (ID, post_type, post_title, post_content) VALUES (\(id), '\(type)', \(Self.quoted(title)), \(Self.quoted(content)))"
        )
    }

    var site: InventorySite {
        get throws {
            let directory = Array(root.appendingPathComponent("uploads").path.utf8)
            return InventorySite(
                database: try SQLiteDatabase(path: path),
                files: try LocalMediaFiles(uploads: directory, home: Array(home.utf8)),
                prefix: "wp_",
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

    /// A generator as a new process would make it: inventory refreshed, store opened.
    func generator(
        _ describing: Describing, _ options: GenerationOptions = GenerationOptions(fields: [.alt]),
        pictures: (any PictureSource)? = nil
    ) throws -> Generator {
        let site = try site
        let inventory = try Inventory.open(home: home)
        _ = try inventory.refresh(site)
        return Generator(
            inventory: inventory, site: site, store: try GenerationStore(home: home),
            pictures: pictures ?? FakePictures(), describing: describing, options: options)
    }
}
