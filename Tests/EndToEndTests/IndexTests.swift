import Foundation
import Testing

extension EndToEnd {
    @Suite("The reference index") struct IndexTests {
        /// What `index …` prints, decoded strictly.
        struct Status: Decodable {
            struct Table: Decodable {
                var table: String
                var indexed: Bool
                var reason: String?
            }

            var state: String
            var rows: Int
            var names: Int
            var always: Int
            var pending: Int
            var bytes: Int
            var tables: [Table]
        }

        /// The part of a writing command's JSON that is about the index.
        struct Use: Decodable { var index: String? }

        @discardableResult
        private func index(
            _ action: String, _ site: TestSite, sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Status {
            let result = try site.moniker(["--json", "index", action])
            try #require(
                result.status == 0, "index \(action): \(result.errors)",
                sourceLocation: sourceLocation)
            return try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
        }

        /// Renames a picture and says what became of the index.
        private func rename(_ alias: String, _ name: String, _ site: TestSite) throws -> String? {
            let result = try site.moniker(
                ["--json", "rename", "\(site.id(alias))", name, "--keep-old", "none"])
            try #require(result.status == 0, "\(result.errors)")
            return try JSONDecoder().decode(Use.self, from: Data(result.output.utf8)).index
        }

        /// A tree without the times of its folders, which tell when a test ran.
        private func timeless(_ snapshot: Snapshot) -> Snapshot {
            Snapshot(
                tables: snapshot.tables,
                tree: snapshot.tree.split(separator: "\n").map { line in
                    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                    return fields.count == 7 && fields[1] == "d"
                        ? fields.dropLast().joined(separator: "\t") : String(line)
                }.joined(separator: "\n"))
        }

        private func traces(_ site: TestSite) throws -> String {
            let names =
                site.engine == .sqlite
                ? "SELECT name FROM sqlite_schema WHERE name LIKE '%moniker!_%' ESCAPE '!' AND name NOT LIKE '%moniker_tx%';"
                : """
                SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_NAME LIKE 'moniker%'
                UNION ALL SELECT TABLE_NAME FROM information_schema.TABLES
                WHERE TABLE_NAME LIKE '%moniker_changes';
                """
            let files = try FileManager.default.contentsOfDirectory(atPath: site.home.path)
                .filter { $0.hasPrefix("index.sqlite") }
            return (try site.sql(names).split(separator: "\n").map(String.init) + files)
                .joined(separator: "\n")
        }

        /// Edits that a site sees, by its own SQL: references come, go and move to other keys.
        private static let edits = """
            INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
                VALUES (1, 'edited', '/wp-content/uploads/2024/05/IMG_1.jpg');
            UPDATE wp_posts SET post_content = REPLACE(post_content, 'IMG_10', 'IMG_1') WHERE ID % 3 = 0;
            REPLACE INTO wp_options (option_name, option_value, autoload)
                VALUES ('edited', '{"u":"\\/wp-content\\/uploads\\/2024\\/05\\/IMG_1-300x200.jpg"}', 'no');
            DELETE FROM wp_postmeta WHERE meta_id % 11 = 0 AND meta_key NOT LIKE '!_wp%' ESCAPE '!';
            """

        @Test(
            "A rename with the index writes what one without writes, and off leaves no trace",
            arguments: Engine.allCases)
        func sameAsWithout(_ engine: Engine) throws {
            var snapshots: [Snapshot] = []
            for isIndexed in [false, true] {
                try TestSite.with(engine) { site in
                    if isIndexed {
                        let status = try index("on", site)
                        #expect(status.state == "on")
                        #expect(status.tables.contains { $0.table == "wp_posts" && $0.indexed })
                        #expect(
                            status.tables.contains {
                                $0.table == "wp_acme_nokey" && $0.reason == "no-primary-key"
                            })
                        #expect(try !traces(site).isEmpty)
                    }
                    try site.sql(Self.edits)
                    let used = isIndexed ? "used" : nil
                    #expect(try rename("photo", "first-name", site) == used)
                    // The index has followed the rename: the new name is found by it.
                    #expect(try rename("photo", "second-name", site) == used)
                    #expect(try rename("photo10", "tenth", site) == used)
                    if isIndexed {
                        #expect(try index("off", site).state == "off")
                        #expect(try traces(site) == "")
                    }
                    snapshots.append(timeless(try site.snapshot()))
                }
            }
            let differences = snapshots[1].differences(from: snapshots[0])
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            #expect(snapshots[0] == snapshots[1])
        }

        @Test(
            "Attachments that share a file are found by the index, known ones and new ones",
            arguments: Engine.allCases)
        func sharedFiles(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try index("on", site)
                let photo = try site.id("photo")
                let shared = try site.id("shared")
                func file(_ id: Int) throws -> String {
                    try site.sql(
                        """
                        SELECT meta_value FROM wp_postmeta
                        WHERE meta_key = '_wp_attached_file' AND post_id = \(id);
                        """
                    ).trimmingCharacters(in: .newlines)
                }
                #expect(try rename("photo", "first-name", site) == "used")
                let first = try file(photo)
                #expect(first.contains("first-name"))
                #expect(try file(shared) == first)
                // Another one, by somebody else: a note in the table of changes.
                let other = try site.id("photo10")
                try site.sql(
                    """
                    UPDATE wp_postmeta SET meta_value = '\(first)'
                        WHERE meta_key = '_wp_attached_file' AND post_id = \(other);
                    """)
                #expect(try rename("photo", "second-name", site) == "used")
                let second = try file(photo)
                #expect(second.contains("second-name"))
                #expect(try file(shared) == second)
                #expect(try file(other) == second)
            }
        }

        @Test("Edits by WordPress itself are followed, and a revert gives every byte back")
        func wordPressEdits() throws {
            try TestSite.with(.mariadb) { site in
                try index("on", site)
                let edit = try site.php(
                    "edit-post.php",
                    ["classic", "", "<img src=\"/wp-content/uploads/2024/05/IMG_1.jpg\">"])
                #expect(edit.status == 0, "\(edit.errors)")
                let upload = try site.php("upload.php", ["fresh.jpg"])
                let id = try #require(upload.output.split(separator: " ").first)
                let before = timeless(try site.snapshot())
                let result = try site.change(
                    ["rename", "\(id)", "fresher", "--keep-old", "none"])
                #expect(result.files > 0)
                let journal = try site.rename([NewName(try site.id("photo"), "by-index")])
                try site.expectWordPressIsContent()
                let left = try site.sql(
                    "SELECT COUNT(*) FROM wp_posts WHERE post_content LIKE '%2024/05/IMG_1.jpg\"%';"
                )
                #expect(left == "0\n" || left == "0")
                try site.change(["revert", journal])
                try site.change(["revert", try #require(result.journal)])
                #expect(try index("status", site).state == "on")
                try index("off", site)
                // The notes were in the table before, too; everything else is as it was.
                let after = timeless(try site.snapshot())
                #expect(after.tree == before.tree)
            }
        }

        @Test("site --forget removes the index", arguments: Engine.allCases)
        func forget(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                try index("on", site)
                #expect(try site.moniker(["site", "--forget"]).status == 0)
                #expect(try traces(site) == "")
                try site.expectUnchanged(since: before)
                #expect(try index("status", site).state == "off")
            }
        }

        @Test("Without the right to make triggers there is a clear refusal and nothing is left")
        func missingRight() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                try site.sql(
                    "REVOKE TRIGGER ON wordpress.* FROM 'wordpress'@'localhost'; FLUSH PRIVILEGES;")
                let result = try site.moniker(["--json", "index", "on"])
                #expect(result.status == 1)
                #expect(result.output.contains("\"code\":\"triggers-denied\""))
                #expect(result.errors.contains("grant TRIGGER on database 'wordpress'"))
                #expect(try traces(site) == "")
                try site.expectUnchanged(since: before)
                // A plugin's trigger on this site needs its right back.
                try site.sql("GRANT ALL ON wordpress.* TO 'wordpress'@'localhost';")
                #expect(try rename("photo", "no-index", site) == nil)
            }
        }

        @Test("A table whose triggers somebody removed is scanned")
        func lostTriggers() throws {
            try TestSite.with(.mariadb) { site in
                try index("on", site)
                try site.sql("DROP TRIGGER \(try anyTrigger(site));" + Self.edits)
                #expect(try rename("photo", "found-by-scan", site) == "used")
                let left = try site.sql(
                    """
                    SELECT COUNT(*) FROM wp_posts WHERE post_content LIKE '%example.com/wp-content/uploads/2024/05/IMG_1.jpg"%'
                        AND post_content NOT LIKE '%other.example.org%' AND post_content NOT LIKE '%archive.org%';
                    """)
                #expect(left.hasPrefix("0"))
                let posts = try index("status", site).tables.first { $0.table == "wp_posts" }
                #expect(posts?.reason == "changed")
            }
        }

        private func anyTrigger(_ site: TestSite) throws -> String {
            let names = try site.sql(
                "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_TABLE = 'wp_posts' AND EVENT_MANIPULATION = 'UPDATE';"
            )
            return try #require(names.split(separator: "\n").first.map(String.init))
        }

        @Test("A restored dump, a lost table of changes, a table made again: never trusted")
        func restored() throws {
            try TestSite.with(.mariadb) { site in
                try index("on", site)
                // A table is put back from a dump with its triggers: its content is older.
                let trigger = try anyTrigger(site)
                let body = try site.sql(
                    "SELECT ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_NAME = '\(trigger)';"
                )
                try site.sql(
                    """
                    DROP TRIGGER \(trigger);
                    UPDATE wp_posts SET post_content = CONCAT(post_content, ' /wp-content/uploads/2024/05/IMG_1.jpg')
                        WHERE ID = 1;
                    DELIMITER //
                    CREATE TRIGGER \(trigger) AFTER UPDATE ON wp_posts FOR EACH ROW \(body)//
                    """)
                #expect(try rename("photo", "after-restore", site) == "used")
                let left = try site.sql(
                    "SELECT COUNT(*) FROM wp_posts WHERE post_content LIKE '%2024/05/IMG_1.jpg%' AND ID = 1;"
                )
                #expect(left.hasPrefix("0"))
                // The table has been read again; then the notes go.
                try site.sql("DROP TABLE wp_moniker_changes;")
                try site.sql("UPDATE wp_options SET option_value = option_value WHERE 1 = 1;")
                #expect(try rename("photo", "without-notes", site) == "scanned")
                #expect(try index("status", site).state == "stale")
                #expect(try index("on", site).state == "on")
                #expect(try rename("photo", "with-notes", site) == "used")
            }
        }

        @Test("An older state of the whole database is noticed", arguments: [Engine.sqlite])
        func olderDatabase(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try site.sql(
                    "INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('probe', '/wp-content/uploads/2024/05/IMG_1.jpg', 'no');"
                )
                try index("on", site)
                let copy = site.live.appendingPathComponent("older.sqlite")
                _ = try site.rename([NewName(try site.id("photo10"), "binds-the-home")])
                _ = try site.rename([NewName(try site.id("photo10"), "takes-notes-in")])
                try site.sql("PRAGMA wal_checkpoint(TRUNCATE);")
                try FileManager.default.copyItem(at: site.database, to: copy)
                try site.sql(
                    "UPDATE wp_options SET option_value = 'x' WHERE option_name = 'probe';")
                _ = try site.rename([NewName(try site.id("photo10"), "after-the-copy")])
                try FileManager.default.removeItem(at: site.database)
                try FileManager.default.moveItem(at: copy, to: site.database)
                #expect(try rename("photo", "found-all-the-same", site) == "renewed")
                #expect(try rename("photo", "found-by-index", site) == "used")
                let probe = try site.sql(
                    "SELECT option_value FROM wp_options WHERE option_name = 'probe';")
                #expect(probe.hasPrefix("/wp-content/uploads/2024/05/found-by-index.jpg"))
            }
        }

        @Test("TRUNCATE and a table filled again are followed")
        func truncated() throws {
            try TestSite.with(.mariadb) { site in
                try index("on", site)
                try site.sql(
                    """
                    CREATE TABLE saved AS SELECT * FROM wp_posts;
                    TRUNCATE wp_posts;
                    INSERT INTO wp_posts SELECT * FROM saved;
                    DROP TABLE saved;
                    """)
                #expect(try rename("photo", "refilled", site) == "used")
                try site.expectRenamed([NewName(try site.id("photo"), "refilled")])
            }
        }

        @Test("Drift is noticed, every table is scanned and the index is made again")
        func drift() throws {
            try TestSite.with(.mariadb) { site in
                try index("on", site)
                let file = site.home.appendingPathComponent("index.sqlite").path
                _ = try run(
                    "sqlite3",
                    [
                        file,
                        "DELETE FROM name; DELETE FROM known_row; PRAGMA wal_checkpoint(TRUNCATE);",
                    ]
                )
                let result = try site.moniker([
                    "--json", "rename", "\(site.id("photo"))", "drifted", "--keep-old", "none",
                ])
                let use = try JSONDecoder().decode(Use.self, from: Data(result.output.utf8))
                #expect(use.index == "renewed")
                #expect(result.errors.contains("rows that the index does not know"))
                try site.expectRenamed([NewName(try site.id("photo"), "drifted")])
                #expect(try rename("photo", "sound-again", site) == "used")
                try site.expectRenamed([NewName(try site.id("photo"), "sound-again")])
            }
        }

        @Test("A damaged index.sqlite is made again", arguments: Engine.allCases)
        func damaged(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try index("on", site)
                let file = site.home.appendingPathComponent("index.sqlite")
                for suffix in ["-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: file.path + suffix)
                }
                try Data("this is no database, and was never one".utf8).write(to: file)
                #expect(try rename("photo", "damaged", site) == "renewed")
                try site.expectRenamed([NewName(try site.id("photo"), "damaged")])
                #expect(try rename("photo", "sound", site) == "used")
            }
        }
    }
}
