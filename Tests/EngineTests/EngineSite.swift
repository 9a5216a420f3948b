import Engine
import Files
import Foundation
import Journal
import Model
import Rewriting
import SiteDatabase
import TestSupport

/// A tiny site in a temporary folder: one attachment with two files, three cells, a CSS file; on the
/// real drivers.
final class EngineSite {
    let root: URL
    let files: LocalMediaFiles
    let database: SQLiteDatabase
    var journal: any ChangeJournal

    static let names = ["2024/05/IMG_1.jpg", "2024/05/IMG_1-300x200.jpg"]
    static let css: MediaPath = path("css/post-1.css")

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent(
            "moniker-engine-\(UInt64.random(in: 0 ... .max))")
        for folder in ["uploads/2024/05", "uploads/css", "home"] {
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        for (index, name) in Self.names.enumerated() {
            try Data("picture \(index)".utf8).write(
                to: root.appendingPathComponent("uploads/" + name))
        }
        try Data("a{background:url(/wp-content/uploads/2024/05/IMG_1.jpg)}".utf8).write(
            to: root.appendingPathComponent("uploads/css/post-1.css"))
        let path = root.appendingPathComponent("site.sqlite").path
        try Self.sqlite(
            path,
            """
            CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_content TEXT);
            CREATE TABLE wp_log (line TEXT);
            INSERT INTO wp_posts VALUES
                (1, '<img src="/wp-content/uploads/2024/05/IMG_1-300x200.jpg">'),
                (2, 'a:1:{i:0;s:37:"/wp-content/uploads/2024/05/IMG_1.jpg";}'),
                (3, 'nothing here');
            INSERT INTO wp_log VALUES ('see /wp-content/uploads/2024/05/IMG_1.jpg');
            INSERT INTO wp_log VALUES ('see /wp-content/uploads/2024/05/IMG_1.jpg');
            """)
        files = try LocalMediaFiles(
            uploads: Array(root.appendingPathComponent("uploads").path.utf8),
            home: Array(root.appendingPathComponent("home").path.utf8))
        database = try SQLiteDatabase(path: path)
        journal = try JournalStore(path: root.appendingPathComponent("home/journal.sqlite").path)
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { print("left behind: \(root)") }
    }

    static func path(_ text: String) -> MediaPath {
        guard let path = MediaPath(ifValid: text.utf8) else { preconditionFailure(text) }
        return path
    }

    static func sqlite(_ path: String, _ sql: String) throws {
        // Others may be committing.
        _ = try run("/usr/bin/sqlite3", ["-cmd", ".timeout 10000", path, sql])
    }

    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    func sql(_ sql: String) throws {
        try Self.sqlite(root.appendingPathComponent("site.sqlite").path, sql)
    }

    /// Everything that a revert has to give back: rows by the sqlite3 shell, files by `find` and
    /// `sha256sum`.
    func snapshot() throws -> String {
        let site = root.appendingPathComponent("site.sqlite").path
        let rows = try Self.run(
            "/usr/bin/sqlite3",
            [site, "SELECT ID, quote(post_content) FROM wp_posts; SELECT quote(line) FROM wp_log;"])
        let tree = try Self.run(
            "/bin/sh",
            [
                "-c",
                "cd \"$0\" && find . -printf '%P %y %m %T@\\n' | sort && find . -type f -exec sha256sum {} + | sort",
                root.appendingPathComponent("uploads").path,
            ])
        return rows + tree
    }

    func ports(_ interruption: Interruption? = nil) -> EnginePorts {
        EnginePorts(
            database: interruption.map { InterruptedDatabase(database, $0) } ?? database,
            files: interruption.map { InterruptedFiles(files, $0) } ?? files, journal: journal,
            clock: SystemClock(), random: SystemRandom())
    }

    static let scope = SiteScope(
        tablePrefix: "wp_", markerPrefix: "wp_", uploadsFolder: [],
        location: UploadsLocation(
            hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [],
            assumesUsualServerFolders: false))

    func engine(_ interruption: Interruption? = nil) -> Engine {
        Engine(ports: ports(interruption), scope: Self.scope)
    }

    /// Renames from one stem to another.
    func rename(
        from old: String, to new: String, oldNames: OldNamePolicy = .none,
        interruption: Interruption? = nil
    ) throws -> ChangeOutcome {
        let moves = ["", "-300x200"].map {
            ProposedMove(
                attachment: AttachmentID(7), role: "attached",
                old: Self.path("2024/05/\(old)\($0).jpg"),
                new: Self.path("2024/05/\(new)\($0).jpg"))
        }
        let proposal = ChangeProposal(
            kind: .rename, moves: moves, policy: EverythingPolicy(), textFiles: [Self.css],
            oldNames: oldNames)
        let plan = try Planner(ports: ports(interruption), scope: Self.scope).plan(proposal)
        return try engine(interruption).apply(plan)
    }

    func revert(
        _ id: JournalID, interruption: Interruption? = nil
    ) throws -> ChangeOutcome {
        let revert = try RevertProposer(ports: ports()).proposal(reverting: id, only: nil)
        let proposal = ChangeProposal(
            kind: .revert, moves: revert.moves, policy: EverythingPolicy(),
            textFiles: [Self.css], oldNames: .none, findings: revert.findings,
            undoing: revert.undoing)
        let plan = try Planner(ports: ports(interruption), scope: Self.scope).plan(proposal)
        return try engine(interruption).apply(plan)
    }

    func recover(_ interruption: Interruption? = nil) throws -> [RecoveredChangeSet] {
        try engine(interruption).recover(policy: EverythingPolicy(), textFiles: [Self.css])
    }
}

/// Every text column of every table may hold references.
struct EverythingPolicy: CellPolicy {
    func scannedTables(of tables: [TableSchema]) -> [TableSchema] { tables }
    func scannedColumns(of table: TableSchema) -> [ColumnSchema] {
        table.columns.filter { $0.kind == .text && !table.primaryKey.contains($0.name) }
    }
    func contextColumns(of table: TableSchema) -> [String] { [] }
    func role(table: TableSchema, column: String, context: [SQLValue]) -> ValueRole? { .ordinary }
}
