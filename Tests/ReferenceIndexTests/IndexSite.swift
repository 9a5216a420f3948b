import Foundation
import Model
import ReferenceIndex
import Rewriting
import SiteDatabase
import Synchronization
import TestSupport

/// A database engine that the tests run on.
enum SiteEngine: String, CaseIterable, Sendable {
    case mariadb
    case sqlite

    static var available: [SiteEngine] { TestServer.socket == nil ? [.sqlite] : allCases }
}

/// What a program said when it failed.
struct ProgramFailure: Error { let text: String }

/// Runs a program to its end.
func runProgram(_ arguments: [String], input: String = "") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "moniker-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
    try Data(input.utf8).write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw ProgramFailure(text: try String(contentsOf: files[2], encoding: .utf8))
    }
    let output = try String(contentsOf: files[1], encoding: .utf8)
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
}

/// A real MariaDB server, started once for the whole run; it ends with this process.
enum TestServer {
    static let socket: String? = {
        let process = ProcessInfo.processInfo.processIdentifier
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Support/mariadb.sh").path
        let folder = "/tmp/moniker-index-\(process)"
        do {
            return try runProgram(["bash", script, "start", folder, "--watch", "\(process)"])
        } catch {
            print("MariaDB tests are skipped: \(error)")
            return nil
        }
    }()

    private static let counter = Mutex(0)

    static func newName() -> String {
        "indexed\(counter.withLock { (count: inout Int) -> Int in count += 1; return count })"
    }
}

/// Whatever may hold references, read as ordinary text.
struct PlainPolicy: CellPolicy {
    func scannedTables(of tables: [TableSchema]) -> [TableSchema] { tables }

    func scannedColumns(of table: TableSchema) -> [ColumnSchema] {
        table.columns.filter { $0.kind != .other && !table.primaryKey.contains($0.name) }
    }

    func contextColumns(of table: TableSchema) -> [String] { [] }

    func role(table: TableSchema, column: String, context: [SQLValue]) -> ValueRole? {
        column == "title" ? .prose : .ordinary
    }
}

/// The rows of wp_posts, by their titles.
struct TitleGroups: RowGroups {
    var fingerprint: String { "titles" }

    func group(of row: [SQLValue], in layout: RowLayout) -> [UInt8]? {
        guard layout.table.name == "wp_posts",
            let title = layout.columns.firstIndex(of: "title")
        else { return nil }
        return row[title].bytes
    }
}

/// A site's database with an index beside it, and the engine's own client to change it with.
final class IndexSite {
    let engine: SiteEngine
    let folder: URL
    let name: String
    let database: any SiteDatabase
    var index: ReferenceIndex

    static let location = UploadsLocation(
        hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [],
        assumesUsualServerFolders: false)

    /// The tables that a storm goes over, in words that both engines know.
    private static let tables = """
        CREATE TABLE wp_posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
        CREATE TABLE wp_settings (id INTEGER PRIMARY KEY, name VARCHAR(40) UNIQUE, body TEXT);
        CREATE TABLE wp_text (k VARCHAR(40) NOT NULL PRIMARY KEY, body TEXT);
        CREATE TABLE wp_pair (a INTEGER NOT NULL, b VARCHAR(20) NOT NULL, body TEXT, PRIMARY KEY (a, b));
        CREATE TABLE wp_bytes (id INTEGER PRIMARY KEY, body BLOB);
        CREATE TABLE wp_nokey (id INTEGER, body TEXT);
        """

    init(_ engine: SiteEngine) throws {
        self.engine = engine
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "moniker-index-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        switch engine {
        case .sqlite:
            name = folder.appendingPathComponent("site.sqlite").path
            _ = try runProgram(["sqlite3", "-batch", "-bail", name], input: Self.tables)
            database = try SQLiteDatabase(path: name)
        case .mariadb:
            name = TestServer.newName()
            _ = try Self.client(nil, "CREATE DATABASE \(name)")
            _ = try Self.client(name, Self.tables)
            database = try MariaDBDatabase(Self.options(name))
        }
        index = try Self.index(database, folder)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: folder)
            if engine == .mariadb { _ = try Self.client(nil, "DROP DATABASE \(name)") }
        } catch { print("left behind: \(folder.path)") }
    }

    static func options(_ name: String, user: String = "root") -> MariaDBOptions {
        MariaDBOptions(
            socket: TestServer.socket, user: user, database: name, lockWaitSeconds: 5)
    }

    static func index(
        _ database: any SiteDatabase, _ folder: URL, location: UploadsLocation = location
    ) throws -> ReferenceIndex {
        guard
            let index = try ReferenceIndex(
                file: IndexFile(path: folder.appendingPathComponent("index.sqlite").path),
                database: database,
                policy: PlainPolicy(), location: location, tablePrefix: "wp_", notesPrefix: "wp_",
                random: SeededRandom(), groups: TitleGroups())
        else { throw ProgramFailure(text: "no change tracking") }
        index.upkeep = .withQuestions
        return index
    }

    /// The index as another process would open it, later.
    func reopenIndex() throws { index = try Self.index(database, folder) }

    var indexFile: String { folder.appendingPathComponent("index.sqlite").path }

    /// Runs SQL with the engine's own client.
    @discardableResult
    func sql(_ statements: String) throws -> String {
        switch engine {
        case .sqlite:
            try runProgram(
                ["sqlite3", "-batch", "-bail", "-cmd", ".timeout 5000", name], input: statements)
        case .mariadb: try Self.client(name, statements)
        }
    }

    /// - Parameter isStubborn: whether to go on after a statement that failed.
    static func client(
        _ name: String?, _ statements: String, isStubborn: Bool = false
    ) throws -> String {
        try runProgram(
            [
                "mariadb", "--no-defaults", "--socket=\(TestServer.socket ?? "")", "--user=root",
                "--batch", "--raw", "--skip-column-names", "--default-character-set=utf8mb4",
            ] + (isStubborn ? ["--force"] : []) + (name.map { [$0] } ?? []), input: statements)
    }

    // MARK: Answers

    /// A row in which a rewriter found something.
    struct Found: Hashable {
        var table: String
        var key: RowKey
    }

    private func rewriter(_ paths: [MediaPath]) throws -> Rewriter {
        try Rewriter(
            map: try RenameMap(paths.map { (old: $0, new: $0) }), location: Self.location)
    }

    func scannedTables() throws -> [TableSchema] { try database.tables(withPrefix: "wp_") }

    /// The rows that a full scan finds something in.
    func scan(_ paths: [MediaPath]) throws -> Set<Found> {
        let rewriter = try rewriter(paths)
        var found: Set<Found> = []
        for table in try scannedTables() {
            guard let layout = RowLayout(table, policy: PlainPolicy()) else { continue }
            let query = RowQuery(table: table.name, columns: layout.columns)
            try look(query, layout, rewriter, &found)
        }
        return found
    }

    /// The rows that are found by reading only what the index names; nil where it does not answer.
    func lookUp(_ paths: [MediaPath]) throws -> Set<Found>? {
        let tables = try scannedTables()
        guard let answer = try index.candidates(for: paths, in: tables) else { return nil }
        let rewriter = try rewriter(paths)
        var found: Set<Found> = []
        for table in tables {
            guard let layout = RowLayout(table, policy: PlainPolicy()) else { continue }
            if let keys = answer.rows[table.name] {
                guard !keys.isEmpty else { continue }
                try look(layout.query(for: keys), layout, rewriter, &found)
            } else {
                let query = RowQuery(table: table.name, columns: layout.columns)
                try look(query, layout, rewriter, &found)
            }
        }
        return found
    }

    private func look(
        _ query: RowQuery, _ layout: RowLayout, _ rewriter: Rewriter, _ found: inout Set<Found>
    ) throws {
        var here: Set<Found> = []
        try database.forEachRow(of: query) { (row) throws(MonikerError) -> Bool in
            for cell in layout.cells(of: row) {
                let rewrite = rewriter.rewrite(cell.bytes, role: cell.role)
                guard
                    !rewrite.occurrences.isEmpty || !rewrite.opaque.isEmpty
                        || !rewrite.foreign.isEmpty
                else { continue }
                here.insert(Found(table: layout.table.name, key: layout.key(of: row)))
            }
            return true
        }
        found.formUnion(here)
    }
}

/// Random numbers that differ from call to call and from site to site.
final class SeededRandom: RandomSource {
    private let generator = Mutex(SplitMix64(seed: UInt64.random(in: 0 ... .max)))

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
