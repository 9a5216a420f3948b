import Foundation
import Model
import Rewriting
import ReferenceIndex
import Rewriting
import SiteDatabase
import Testing

/// What triggers note, what they leave alone and what is left of them.
@Suite(.serialized) struct TrackingTests {
    private func notes(_ site: IndexSite) throws -> [String] {
        let tracking = try #require(site.database.changeTracking)
        let noted = try tracking.notedChanges(
            of: try site.scannedTables(), limit: 1_000, prefix: "wp_")
        return try #require(noted).changes.map { change in
            change.table + " " + change.key.parts.map { "\($0.value)" }.joined(separator: ",")
        }
    }

    @Test(
        "every row that is changed is noted by its key, old and new",
        arguments: SiteEngine.available)
    func keys(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.sql("INSERT INTO wp_posts VALUES (1, 'a', 'b');")
        try site.index.turnOn()
        try site.sql(
            """
            INSERT INTO wp_posts VALUES (2, 'a', 'b');
            UPDATE wp_posts SET body = 'B' WHERE id = 1;
            UPDATE wp_posts SET id = 3 WHERE id = 2;
            UPDATE wp_posts SET body = body;
            DELETE FROM wp_posts WHERE id = 3;
            INSERT INTO wp_text VALUES ('O''Neil, ü', 'x');
            INSERT INTO wp_pair VALUES (7, 'b,c', 'x');
            """)
        #expect(
            try notes(site) == [
                "wp_posts 2", "wp_posts 1", "wp_posts 3", "wp_posts 2", "wp_posts 3",
                "wp_text O'Neil, ü", "wp_pair 7,b,c",
            ])
    }

    @Test("letter case alone is a change", arguments: SiteEngine.available)
    func letterCase(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.sql("INSERT INTO wp_posts VALUES (1, 'a', 'img_1.jpg');")
        try site.index.turnOn()
        try site.sql("UPDATE wp_posts SET body = 'IMG_1.jpg' WHERE id = 1;")
        #expect(try notes(site) == ["wp_posts 1"])
    }

    @Test(
        "the id that an insertion returns is the row's, not the note's",
        arguments: SiteEngine.available)
    func insertedID(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.sql(
            engine == .sqlite
                ? "CREATE TABLE wp_auto (id INTEGER PRIMARY KEY, body TEXT);"
                : "CREATE TABLE wp_auto (id INTEGER PRIMARY KEY AUTO_INCREMENT, body TEXT);")
        try site.index.turnOn()
        let last = engine == .sqlite ? "last_insert_rowid()" : "LAST_INSERT_ID()"
        let answer = try site.sql(
            """
            INSERT INTO wp_posts VALUES (1, 'a', 'b'), (2, 'a', 'b');
            INSERT INTO wp_auto (body) VALUES ('x'); SELECT \(last);
            """)
        #expect(answer == "1")
    }

    @Test("tables that triggers cannot follow are scanned, and it says why")
    func reasons() throws {
        guard TestServer.socket != nil else { return }
        let site = try IndexSite(.mariadb)
        try site.sql(
            """
            CREATE TABLE wp_isam (id INTEGER PRIMARY KEY, body TEXT) ENGINE=MyISAM;
            CREATE TABLE wp_day (id DATE PRIMARY KEY, body TEXT);
            CREATE TABLE wp_parent (k VARCHAR(40) PRIMARY KEY);
            CREATE TABLE wp_child (id INTEGER PRIMARY KEY, k VARCHAR(40), body TEXT,
                FOREIGN KEY (k) REFERENCES wp_parent (k) ON UPDATE CASCADE ON DELETE CASCADE);
            """)
        try site.index.turnOn()
        let status = try site.index.status()
        let reasons = Dictionary(
            uniqueKeysWithValues: status.tables.filter { !$0.indexed }.map {
                ($0.table, $0.reason)
            })
        #expect(
            reasons == [
                "wp_nokey": "no-primary-key", "wp_isam": "no-transactions",
                "wp_day": "unsuitable-key", "wp_child": "foreign-keys",
            ])
        let path = Storm.paths[0]
        try site.sql(
            """
            INSERT INTO wp_parent VALUES ('a');
            INSERT INTO wp_child VALUES (1, 'a', '');
            UPDATE wp_parent SET k = '\(path)';
            INSERT INTO wp_isam VALUES (1, '\(path)'); INSERT INTO wp_day VALUES ('2024-01-01', '\(path)');
            INSERT INTO wp_nokey VALUES (1, '\(path)');
            """)
        let answer = try #require(try site.lookUp([path]))
        #expect(answer.count == 5)
        #expect(answer == (try site.scan([path])))
    }

    @Test(
        "a new table is scanned, a table that was altered or made again is not trusted",
        arguments: SiteEngine.available)
    func schema(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.index.turnOn()
        let path = Storm.paths[0]
        try site.sql(
            """
            CREATE TABLE wp_new (id INTEGER PRIMARY KEY, body TEXT);
            INSERT INTO wp_new VALUES (1, '\(path)');
            ALTER TABLE wp_posts ADD COLUMN extra TEXT;
            UPDATE wp_posts SET extra = '\(path)';
            INSERT INTO wp_posts VALUES (1, '', '', '\(path)');
            DROP TABLE wp_settings;
            CREATE TABLE wp_settings (id INTEGER PRIMARY KEY, name VARCHAR(40), body TEXT);
            INSERT INTO wp_settings VALUES (1, '', '\(path)');
            """)
        let answer = try #require(try site.lookUp([path]))
        #expect(answer.count == 3)
        #expect(answer == (try site.scan([path])))
        try site.index.turnOn()
        try site.reopenIndex()
        #expect(try site.lookUp([path])?.count == 3)
        #expect(try site.index.status().tables.filter { !$0.indexed }.map(\.table) == ["wp_nokey"])
    }

    @Test("a plugin's triggers stay, ours go without trace", arguments: SiteEngine.available)
    func removal(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.sql(
            engine == .sqlite
                ? "CREATE TRIGGER plugin AFTER INSERT ON wp_posts BEGIN INSERT INTO wp_nokey VALUES (NEW.id, 'x'); END;"
                : "CREATE TRIGGER plugin AFTER INSERT ON wp_posts FOR EACH ROW INSERT INTO wp_nokey VALUES (NEW.id, 'x');"
        )
        let objects =
            engine == .sqlite
            ? "SELECT type, name FROM sqlite_schema ORDER BY 1, 2;"
            : "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() UNION ALL SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1;"
        let before = try site.sql(objects)
        try site.index.turnOn()
        #expect(try site.sql(objects) != before)
        try site.sql("INSERT INTO wp_posts VALUES (1, '', '');")
        #expect(try notes(site) == ["wp_posts 1"])
        try site.index.turnOff()
        #expect(try site.sql(objects) == before)
        #expect(!FileManager.default.fileExists(atPath: site.indexFile))
        try site.index.turnOn()
        try site.database.removeTraces(prefix: "wp_")
        #expect(try site.sql(objects) == before)
    }

    @Test("a site's write goes on when the table of notes is gone")
    func lostTable() throws {
        guard TestServer.socket != nil else { return }
        let site = try IndexSite(.mariadb)
        try site.index.turnOn()
        try site.sql("DROP TABLE wp_moniker_changes;")
        try site.sql("INSERT INTO wp_posts VALUES (1, '', ''); UPDATE wp_posts SET body = 'x';")
        #expect(try site.lookUp([Storm.paths[0]]) == nil)
        #expect(site.index.needsRepair)
    }

    @Test("an index made for another uploads folder is not used", arguments: SiteEngine.available)
    func otherFolder(engine: SiteEngine) throws {
        let site = try IndexSite(engine)
        try site.index.turnOn()
        #expect(try site.lookUp([Storm.paths[0]]) != nil)
        let other = UploadsLocation(
            hosts: ["example.com"], urlPaths: ["/media"], directories: [],
            assumesUsualServerFolders: false)
        site.index = try IndexSite.index(site.database, site.folder, location: other)
        #expect(try site.lookUp([Storm.paths[0]]) == nil)
        try site.index.repair()
        #expect(try site.lookUp([Storm.paths[0]]) != nil)
    }
}
