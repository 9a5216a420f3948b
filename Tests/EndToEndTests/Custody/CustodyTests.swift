import Foundation
import Testing

extension EndToEnd {
    @Suite("A lost journal, a restored dump, a copied site") struct CustodyTests {
        @Test(
            "A lost journal is rebuilt: everything it lists is as before, and every revert is exact",
            arguments: Engine.allCases)
        func lostJournal(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let library = try site.change(
                    ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
                let journal = try #require(library.journal)
                let photo = "\(try site.id("photo"))"
                let renamed = try site.snapshot()
                let partly = try site.change(["revert", journal, "--only", photo])
                let reverted = try site.snapshot()
                _ = try site.rename([NewName(try site.id("photo"), "another-name")])
                let state = try site.snapshot()
                let listed = try site.everyChangeSet()

                for suffix in ["", "-wal", "-shm"] {
                    let file = site.home.appendingPathComponent("journal.sqlite" + suffix)
                    if FileManager.default.fileExists(atPath: file.path) {
                        try FileManager.default.removeItem(at: file)
                    }
                }
                for command in [["rename", photo, "x"], ["recover"], ["tidy"], ["journal"]] {
                    let refused = try site.moniker(["--json"] + command)
                    #expect(refused.status == 1)
                    let code = try FailureReport(json: refused.output).error.code
                    #expect(code == "journal-lost")
                    #expect(refused.errors.contains("--rebuild-journal"))
                }
                try site.expectUnchanged(since: state)

                let rebuilt = try site.moniker(["recover", "--rebuild-journal"])
                #expect(rebuilt.status == 0, "\(rebuilt.errors)")
                #expect(try site.everyChangeSet() == listed)
                #expect(try site.moniker(["verify", "--read-data"]).status == 0)
                try site.expectUnchanged(since: state)

                let newest = try site.latestJournal(in: listed[0])
                try site.change(["revert", newest])
                try site.expectUnchanged(since: reverted, "by the newest and its revert")
                try site.change(["revert", try #require(partly.journal)])
                try site.expectUnchanged(since: renamed, "by the partial revert and its revert")
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "A dump from before the rename: said, mended, renamed again, reverted",
            arguments: Engine.allCases, [true, false])
        func restoredDump(_ engine: Engine, _ isBeforeFirstUse: Bool) throws {
            try TestSite.with(engine) { site in
                if !isBeforeFirstUse {
                    let other = try site.rename([NewName(try site.id("photo10"), "another")])
                    try site.change(["revert", other])
                }
                let before = try site.snapshot()
                let dump = try site.dump()
                let names = [NewName(try site.id("photo"), "red-bike")]
                let journal = try site.rename(names)
                try site.restore(dump, withMarkers: !isBeforeFirstUse)

                let recovered = try site.moniker(["--json", "recover"])
                #expect(recovered.status == 0, "\(recovered.errors)")
                #expect(recovered.output.contains("\"lost\""))
                #expect(recovered.output.contains(journal))
                let found = try site.moniker(["--json", "verify"])
                #expect(found.status == 1)
                for check in ["marker", "reference", "metadata"] {
                    #expect(found.output.contains("\"check\":\"\(check)\""), "\(check)")
                }

                // The names that the dump holds are back after one repair.
                _ = try site.moniker(["verify", "--repair"])
                let clean = try site.moniker(["--json", "verify", "--read-data"])
                #expect(clean.status == 0, "\(clean.output)")
                try site.expectWordPressIsContent()
                #expect(try site.snapshot().tables == before.tables)
                _ = try site.moniker(["tidy", "--keep", "0s"])
                #expect(try site.moniker(["verify"]).status == 0)

                let again = try site.rename(names)
                try site.expectRenamed(names)
                try site.expectWordPressIsContent()
                try site.change(["revert", again])
                #expect(try site.snapshot().tables == before.tables)
                try site.expectWordPressIsContent()
            }
        }

        @Test("A dump from after the rename: nothing to do")
        func restoredDumpFromAfter() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let journal = try site.rename([NewName(try site.id("photo"), "red-bike")])
                try site.restore(try site.dump(), withMarkers: true)
                let recovered = try site.moniker(["recover"])
                #expect(recovered.output == "Nothing to recover.\n")
                #expect(try site.moniker(["verify"]).status == 0)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A copied site with its home is refused, until a person says that it was moved")
        func copiedSite() throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let journal = try site.rename([NewName(try site.id("photo"), "red-bike")])
                let copy = site.live.appendingPathComponent("copy")
                let copiedHome = site.live.appendingPathComponent("copied-home")
                try runHelper("/bin/cp", ["-a", site.wordpress.path, copy.path])
                try runHelper("/bin/cp", ["-a", site.home.path, copiedHome.path])
                let state = try site.snapshot()
                let photo = "\(try site.id("photo"))"
                func onCopy(_ arguments: [String], home: URL) throws -> CommandResult {
                    try run(
                        MonikerBinary.path,
                        ["--site", copy.path, "--home", home.path, "--json"] + arguments)
                }
                for command in [
                    ["rename", photo, "x"], ["revert", journal], ["recover"], ["tidy"],
                    ["verify", "--repair"],
                ] {
                    for home in [copiedHome, site.home] {
                        let refused = try onCopy(command, home: home)
                        #expect(refused.status == 1, "\(command) \(refused.output)")
                        let code = try FailureReport(json: refused.output).error.code
                        #expect(code == "foreign-journal", "\(command)")
                    }
                }
                let found = try onCopy(["verify"], home: copiedHome)
                #expect(found.status == 1)
                #expect(found.output.contains("\"check\":\"incarnation\""))
                try site.expectUnchanged(since: state)

                // A home of its own works, and so does the copied one once it is adopted.
                let fresh = site.live.appendingPathComponent("fresh-home")
                let renamed = try onCopy(["rename", photo, "of-the-copy"], home: fresh)
                #expect(renamed.status == 0, "\(renamed.errors)")
                let newest = try #require(try ChangeReport(json: renamed.output).journal)
                #expect(try onCopy(["revert", newest], home: fresh).status == 0)
                #expect(try onCopy(["recover", "--adopt"], home: copiedHome).status == 0)
                let reverted = try onCopy(["revert", journal], home: copiedHome)
                #expect(reverted.status == 0, "\(reverted.errors)")
                let uploads = copy.appendingPathComponent("wp-content/uploads/2024/05")
                #expect(
                    FileManager.default.fileExists(
                        atPath: uploads.appendingPathComponent("IMG_1.jpg").path))
                // The source has not noticed.
                try site.expectUnchanged(since: state)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A copy of the database beside the same uploads folder is refused")
        func copiedDatabase() throws {
            try TestSite.with(.sqlite) { site in
                _ = try site.rename([NewName(try site.id("photo"), "red-bike")])
                let state = try site.snapshot()
                let copy = site.live.appendingPathComponent("copy.sqlite")
                try runHelper("/bin/cp", ["-a", site.database.path, copy.path])
                let refused = try site.moniker([
                    "--json", "--database", "sqlite://\(copy.path)", "rename",
                    "\(try site.id("photo"))", "x",
                ])
                #expect(refused.status == 1)
                #expect(
                    try FailureReport(json: refused.output).error.code == "foreign-journal",
                    "\(refused.output)")
                try site.expectUnchanged(since: state)
            }
        }

        @Test("F6 F7 F14 A renamed file that is gone: three checks say so, one repair mends it")
        func missingFile() throws {
            try TestSite.with(.sqlite) { site in
                _ = try site.rename([NewName(try site.id("photo"), "red-bike")])
                let state = try site.snapshot()
                try FileManager.default.removeItem(
                    at: site.uploads.appendingPathComponent("2024/05/red-bike-300x200.jpg"))
                let found = try site.moniker(["--json", "verify"])
                #expect(found.status == 1)
                for check in ["file", "metadata", "redirect"] {
                    #expect(found.output.contains("\"check\":\"\(check)\""), "\(check)")
                }
                let repaired = try site.moniker(["verify", "--repair"])
                #expect(repaired.status == 0, "\(repaired.output)")
                #expect(repaired.output.contains("repaired (file)"))
                #expect(try site.moniker(["verify", "--read-data"]).status == 0)
                let names = { (tree: String) in
                    tree.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
                }
                #expect(names(try site.snapshot().tree) == names(state.tree))
            }
        }

        @Test("F6 F14 Files that WordPress deleted with their attachment are no problem")
        func deletedAttachment() throws {
            try TestSite.with(.sqlite) { site in
                let id = try site.id("photo")
                _ = try site.rename([NewName(id, "red-bike")], keepOld: "24h")
                // What wp_delete_attachment() does.
                try site.sql(
                    "DELETE FROM wp_posts WHERE ID = \(id); DELETE FROM wp_postmeta WHERE post_id = \(id);"
                )
                let folder = site.uploads.appendingPathComponent("2024/05")
                for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
                where name.hasPrefix("red-bike") {
                    try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
                }
                let result = try site.moniker(["--json", "verify", "--repair"])
                let report = try #require(
                    try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                        as? [String: Any])
                let problems = try #require(report["problems"] as? [[String: Any]])
                let checks = Set(problems.compactMap { $0["check"] as? String })
                #expect(checks.isDisjoint(with: ["file", "redirect", "original"]), "\(problems)")
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: folder.path)
                        .filter { $0.hasPrefix("red-bike") }.isEmpty)
                #expect(result.output.contains("went with its attachment \(id)"))
            }
        }

        @Test("Originals beyond --keep go, verify stays clean, and a revert is exact")
        func tidied() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                let library = try site.change(
                    ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
                let kept = try site.moniker(["tidy"])
                #expect(kept.output.contains("removed 0 originals"), "\(kept.output)")
                #expect(try site.moniker(["tidy", "--keep", "0s"]).status == 0)
                let originals = site.home.appendingPathComponent("originals").path
                #expect(try runHelper("/usr/bin/find", [originals, "-type", "f"]).isEmpty)
                let clean = try site.moniker(["--json", "verify", "--read-data"])
                #expect(clean.status == 0, "\(clean.output)")
                try site.change(["revert", try #require(library.journal)])
                try site.expectUnchanged(since: before)
                #expect(try site.moniker(["verify", "--read-data"]).status == 0)
            }
        }
    }
}

extension TestSite {
    /// What `journal` says of all change sets and of each, newest first.
    fileprivate func everyChangeSet() throws -> [String] {
        let list = try moniker(["--json", "journal"])
        try #require(list.status == 0, "\(list.errors)")
        let entries = try #require(
            try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        let ids = try entries.map { try #require($0["journal"] as? String) }
        return [list.output] + (try ids.map { try moniker(["--json", "journal", $0]).output })
    }

    /// The whole database: as SQL, or the path of a copy of SQLite's file.
    fileprivate func dump() throws -> String {
        guard engine == .sqlite else { return try runHelper(Self.script, ["dump", root.path]) }
        let copy = live.appendingPathComponent("dump-\(UUID().uuidString).sqlite").path
        try runHelper("/usr/bin/sqlite3", [database.path, ".backup '\(copy)'"])
        return copy
    }

    /// Restores a dump over the database.
    ///
    /// - Parameter withMarkers: whether the dump has the table of markers, as it was then.
    fileprivate func restore(_ dump: String, withMarkers: Bool) throws {
        guard engine == .mariadb else {
            try runHelper("/usr/bin/sqlite3", [database.path, ".restore '\(dump)'"])
            return
        }
        // The dump of the tests leaves the markers out.
        let newest = try moniker(["--json", "journal"]).output
        let markers =
            withMarkers
            ? "DELETE FROM wp_moniker_tx WHERE id = '\(try latestJournal(in: newest))';"
            : "DROP TABLE wp_moniker_tx;"
        try sql(markers + "\n" + dump)
    }
}
