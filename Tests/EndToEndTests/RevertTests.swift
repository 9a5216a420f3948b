import Foundation
import Testing

extension EndToEnd {
    @Suite("Taking it back") struct RevertTests {
        @Test("A person's edit between rename and revert survives the revert (T03)")
        func editSurvives() throws {
            try TestSite.with(.mariadb) { site in
                let journal = try site.rename([NewName(try site.id("photo"), "red-mountain-bike")])
                let post = try site.sql("SELECT ID FROM wp_posts WHERE post_name = 'classic';")
                let id = post.trimmingCharacters(in: .whitespacesAndNewlines)
                let content = "SELECT post_content FROM wp_posts WHERE ID = \(id);"
                let renamed = try site.sql(content)

                let added =
                    "\n<p>Mine: https://example.com/wp-content/uploads/2024/05/"
                    + "red-mountain-bike-300x200.jpg</p>"
                for (from, to) in [("Text with", "A person's words with"), ("", added)] {
                    let edit = try site.php("edit-post.php", ["classic", from, to])
                    try #require(edit.status == 0, "\(edit.errors)")
                }
                try site.change(["revert", journal])

                let expected = renamed.replacing("Text with", with: "A person's words with")
                    .replacing(/\n$/, with: added + "\n")
                    .replacing("red-mountain-bike", with: "IMG_1")
                #expect(try site.sql(content) == expected)
                let left = try site.sql(
                    """
                    SELECT COUNT(*) FROM wp_posts WHERE post_content LIKE '%red-mountain-bike%';
                    """)
                #expect(left == "0\n", "revisions of the edit still name the new file")
                try site.expectWordPressIsContent()
            }
        }

        @Test("A row that a person removed does not stop a revert", arguments: Engine.allCases)
        func removedRow(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let journal = try site.rename([NewName(try site.id("photo"), "red-mountain-bike")])
                try site.sql("DELETE FROM wp_acme_textkey WHERE slug = '123.';")
                let now = try site.moniker(["--json", "revert", journal])
                #expect([0, 3].contains(now.status), "\(now.errors)")
                _ = try ChangeReport(json: now.output)
                let left = try site.sql(
                    "SELECT COUNT(*) FROM wp_acme_textkey WHERE body LIKE '%red-mountain-bike%';")
                #expect(left == "0\n")
                let file = site.uploads.appendingPathComponent("2024/05/IMG_1.jpg").path
                #expect(FileManager.default.fileExists(atPath: file))
            }
        }

        @Test("A chain of renames reverts from its end", arguments: Engine.allCases)
        func chainLastFirst(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let id = try site.id("photo")
                let before = try site.snapshot()
                let first = try site.rename([NewName(id, "name-b")])
                let between = try site.snapshot()
                let second = try site.rename([NewName(id, "name-c")])
                try site.expectRenamed([NewName(id, "name-c")])
                try site.change(["revert", second])
                try site.expectUnchanged(since: between)
                try site.change(["revert", first])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A chain of renames reverts from its beginning (T05)", arguments: Engine.allCases)
        func chainFirstFirst(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let id = try site.id("photo")
                let before = try site.snapshot()
                let first = try site.rename([NewName(id, "name-b")])
                _ = try site.rename([NewName(id, "name-c")])
                try site.change(["revert", first])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("The old name was given to a new upload: refused, nothing changed (T06 differs)")
        func oldNameTaken() throws {
            try TestSite.with(.mariadb) { site in
                let journal = try site.rename([NewName(try site.id("photo"), "red-mountain-bike")])
                let upload = try site.php("upload.php", ["IMG_1.jpg"])
                try #require(upload.output.hasSuffix(" 2024/05/IMG_1.jpg\n"), "\(upload)")
                let before = try site.snapshot()
                let result = try site.moniker(["--json", "revert", journal])
                #expect(result.status == 1)
                #expect(try FailureReport(json: result.output).error.code == "name-taken")
                #expect(result.errorLines.count == 1)
                try site.expectUnchanged(since: before)
            }
        }

        @Test("--only takes back one attachment of many", arguments: Engine.allCases)
        func partly(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                // All three are named in the same post.
                let names = [
                    NewName(try site.id("photo"), "name-a"),
                    NewName(try site.id("photo10"), "name-b"),
                    NewName(try site.id("xphoto"), "name-c"),
                ]
                let journal = try site.rename(names)
                try site.change(["revert", journal, "--only", "\(names[1].id)"])
                try site.expectRenamed([names[0], names[2]])
                try site.expectWordPressIsContent()
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A second revert is refused by name and changes nothing (T04)")
        func twice() throws {
            try TestSite.with(.sqlite) { site in
                let journal = try site.rename([NewName(try site.id("photo"), "name-a")])
                try site.change(["revert", journal])
                let before = try site.snapshot()
                let result = try site.moniker(["--json", "revert", journal])
                #expect(result.status == 1)
                #expect(try FailureReport(json: result.output).error.code == "already-reverted")
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A dry run of a revert changes nothing")
        func dryRun() throws {
            try TestSite.with(.mariadb) { site in
                let journal = try site.rename([NewName(try site.id("photo"), "name-a")])
                let before = try site.snapshot()
                let result = try site.moniker(["--json", "revert", journal, "--dry-run"])
                #expect(result.status == 0, "\(result.errors)")
                let report = try ChangeReport(json: result.output)
                #expect(report.state == "planned")
                #expect(report.files > 5)
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A site whose database was restored from before the rename is not made worse")
        func restoredDatabase() throws {
            try TestSite.with(.sqlite) { site in
                let saved = site.live.appendingPathComponent("saved.sqlite")
                try FileManager.default.copyItem(at: site.database, to: saved)
                let journal = try site.rename([NewName(try site.id("photo"), "name-a")])
                for suffix in ["", "-wal", "-shm"] {
                    let file = URL(fileURLWithPath: site.database.path + suffix)
                    if FileManager.default.fileExists(atPath: file.path) {
                        try FileManager.default.removeItem(at: file)
                    }
                }
                try FileManager.default.copyItem(at: saved, to: site.database)
                let tables = try site.snapshot().tables
                let result = try site.moniker(["--json", "revert", journal])
                #expect(!result.wasKilled)
                #expect(try site.snapshot().tables == tables)
            }
        }
    }
}
