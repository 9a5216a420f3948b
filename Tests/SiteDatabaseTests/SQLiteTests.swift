import Foundation
import Model
import SiteDatabase
import Testing

/// What only SQLite can do to us, in the layout of WordPress's SQLite plugin.
@Suite struct SQLiteTests {
    private let key = RowKey.primary("id", .integer(1))

    @Test("text that is not UTF-8 round-trips, and storage classes stay")
    func storageClasses() throws {
        let site = try Fixture(.sqlite)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v);
            INSERT INTO t VALUES (1, CAST(x'41FF00C3' AS TEXT)), (2, x'41FF00C3'), (3, 5), (4, '5'),
            (5, 1.5), (6, '');
            """)
        let database = try site.open()
        let table = try database.table("t")
        #expect(table.column(named: "v")?.kind == .text)
        let bytes = [0x41, 0xFF, 0x00, 0xC3] as [UInt8]
        let rows = try database.rows(RowQuery(table: "t", columns: ["v"], order: ["id"]))
        #expect(
            rows.map { $0[0] } == [
                .text(bytes), .blob(bytes), .integer(5), .string("5"), .real(1.5), .text([]),
            ])
        let changed = [0x00, 0xFE, 0x42] as [UInt8]
        #expect(try database.swap(table, key, "v", from: bytes, to: .text(changed)))
        #expect(
            try database.swap(
                table, .primary("id", .integer(2)), "v", from: bytes, to: .blob(changed)))
        #expect(
            try database.swap(
                table, .primary("id", .integer(3)), "v", from: [UInt8]("5"), to: .integer(6)))
        #expect(
            try site.sql("SELECT typeof(v), hex(v) FROM t WHERE id <= 3 ORDER BY id")
                == "text\t00FE42\nblob\t00FE42\ninteger\t36")
    }

    @Test(
        "keys: composite, WITHOUT ROWID, case-insensitive, NULL, and columns that hide the row id")
    func keys() throws {
        let site = try Fixture(.sqlite)
        try site.sql(
            """
            CREATE TABLE a (x TEXT COLLATE NOCASE, y INTEGER, v TEXT, PRIMARY KEY (y, x))
            WITHOUT ROWID;
            INSERT INTO a VALUES ('k', 1, 'old'), ('k', 2, 'old');
            CREATE TABLE b (rowid TEXT, v TEXT); INSERT INTO b VALUES ('r', 'old'), ('r', 'old');
            CREATE TABLE c (k TEXT COLLATE NOCASE PRIMARY KEY, v TEXT);
            INSERT INTO c VALUES ('Key', 'old'), (NULL, 'none');
            CREATE TABLE d (id INTEGER PRIMARY KEY, v VARCHAR(9)); INSERT INTO d VALUES (7, 'old');
            """)
        let database = try site.open()
        for (name, count) in [("a", 2), ("b", 2), ("c", 2), ("d", 1)] {
            let table = try database.table(name)
            let keys = try database.keys(of: table)
            #expect(keys.count == count)
            let old = [UInt8]("old")
            let first = try #require(
                keys.first { $0.parts[0].value != .null }, "a key of table \(name)")
            #expect(try database.swap(table, first, "v", from: old, to: .string("new")), "\(name)")
            #expect(try site.sql("SELECT COUNT(*) FROM \(name) WHERE v = 'new'") == "1", "\(name)")
        }
        #expect(try database.table("a").primaryKey == ["y", "x"])
        let table = try database.table("c")
        #expect(
            try !database.swap(
                table, .primary("k", .string("key")), "v", from: [UInt8]("new"), to: .string("x")),
            "another letter case is another key")
        #expect(
            try database.swap(
                table, .primary("k", .null), "v", from: [UInt8]("none"), to: .string("x")))
    }

    @Test("the plugin's own tables, virtual tables and SQLite's are not the site's")
    func bookkeeping() throws {
        let site = try Fixture(.sqlite)
        try site.sql(
            """
            CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY AUTOINCREMENT, post_content TEXT);
            INSERT INTO wp_posts (post_content) VALUES ('x'); ANALYZE;
            CREATE TABLE _wp_sqlite_mysql_information_schema_tables (x TEXT);
            CREATE TABLE _mysql_data_types_cache (x TEXT);
            CREATE VIRTUAL TABLE wp_search USING fts5(body);
            """)
        #expect(try site.open().tables(withPrefix: "").map(\.name) == ["wp_posts"])
    }

    @Test("the plugin's ON UPDATE triggers do not run for our writes, and stay (D08)")
    func onUpdateTriggers() throws {
        let site = try Fixture(.sqlite)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, ts TEXT);
            CREATE TABLE log (x TEXT);
            CREATE TRIGGER "__t_ts_on_update__" AFTER UPDATE ON t FOR EACH ROW
            BEGIN UPDATE t SET ts = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid; END;
            CREATE TRIGGER other AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (NEW.v); END;
            INSERT INTO t VALUES (1, 'old', '2001-02-03 04:05:06');
            """)
        let before = try site.sql("SELECT name, sql FROM sqlite_schema ORDER BY name")
        let database = try site.open()
        let table = try database.table("t")
        #expect(table.columns.filter(\.updatesItself).map(\.name) == ["ts"])
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
        #expect(try site.sql("SELECT v, ts FROM t") == "new\t2001-02-03 04:05:06")
        #expect(try site.sql("SELECT x FROM log") == "new", "other triggers run")
        #expect(try site.sql("SELECT name, sql FROM sqlite_schema ORDER BY name") == before)
    }

    @Test("commits are on disk when they return; the journal mode stays")
    func durability() throws {
        let site = try Fixture(.sqlite)
        try site.sql("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);")
        let database = try site.open()
        #expect(try database.describe().commitsAreDurable)
        #expect(try site.sql("PRAGMA journal_mode") == "wal")
    }

    @Test("no file, a folder, not a database: database-unreachable; nothing is created")
    func unusableFiles() throws {
        let site = try Fixture(.sqlite)
        let folder = URL(fileURLWithPath: site.name).deletingLastPathComponent().path
        let missing = folder + "/missing.sqlite"
        #expect(code { _ = try SQLiteDatabase(path: missing) } == .databaseUnreachable)
        #expect(!FileManager.default.fileExists(atPath: missing))
        #expect(code { _ = try SQLiteDatabase(path: folder) } == .databaseUnreachable)
        let text = folder + "/text.sqlite"
        try String(repeating: "not a database ", count: 100).write(
            toFile: text, atomically: true, encoding: .utf8)
        #expect(code { _ = try SQLiteDatabase(path: text) } == .databaseUnreachable)
    }

    @Test("a database that only takes reads: database-read-only")
    func readOnly() throws {
        // Permissions do not stop root, so this uses the one lock that stops everybody: a file
        // that says it was written by a newer, incompatible version of SQLite (write version 3).
        let site = try Fixture(.sqlite)
        try site.sql(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'old');")
        var file = try Data(contentsOf: URL(fileURLWithPath: site.name))
        file[18] = 3
        try file.write(to: URL(fileURLWithPath: site.name))
        let database = try site.open()
        let table = try database.table("t")
        let thrown = code {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new"))
        }
        #expect(thrown == .databaseReadOnly)
        #expect(try database.describe().isReadOnly)
        #expect(try database.rows(RowQuery(table: "t", columns: ["v"])) == [[.string("old")]])
    }
}
