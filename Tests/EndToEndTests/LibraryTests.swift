import Foundation
import Testing

extension EndToEnd {
    @Suite("The whole library") struct LibraryTests {
        @Test(
            "Rename every attachment, revert, revert the revert (F01-F10, F13, T04, U01-U07, D02, D08)",
            arguments: Engine.allCases)
        func everyAttachment(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let renamed = try site.change(
                    ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
                let journal = try #require(renamed.journal)
                #expect(renamed.attachments >= site.attachments.count - 1)
                #expect(renamed.conflicts.isEmpty)
                #expect(renamed.skipped.isEmpty)
                #expect(
                    renamed.opaque.contains {
                        $0.table == "wp_options" && $0.reason == "malformed-serialized"
                    }, "the value with a wrong length has to be listed")
                #expect((renamed.foreign["other.example.org"] ?? 0) >= 1)
                try site.expectJudgement(
                    "judge-data.php", [site.libraryMap.path], sourceLocation: #_sourceLocation)
                try site.expectWordPressIsContent()
                let after = try site.snapshot()

                let reverted = try site.change(["revert", journal])
                #expect(reverted.reverts == journal)
                try site.expectUnchanged(since: before, "after the revert")
                try site.expectWordPressIsContent()

                let again = try site.change(
                    ["revert", try #require(reverted.journal), "--keep-old", "none"])
                try site.expectUnchanged(since: after, "after the revert of the revert")
                try site.change(["revert", try #require(again.journal)])
                try site.expectUnchanged(since: before, "after three reverts")
            }
        }

        @Test("WordPress can still restore an edited image after a rename (F03)")
        func restoreOriginal() throws {
            try TestSite.with(.mariadb) { site in
                _ = try site.rename([NewName(try site.id("edited"), "turned-picture")])
                try site.expectWordPressIsContent(["--restore-edited"])
            }
        }

        @Test(
            "A dry run changes nothing and tells every move and edit (T10)",
            arguments: Engine.allCases)
        func dryRun(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let result = try site.moniker(
                    ["--json", "rename", "--map", site.libraryMap.path, "--dry-run"])
                #expect(result.status == 0, "\(result.errors)")
                let report = try ChangeReport(json: result.output)
                #expect(report.state == "planned")
                #expect(report.journal == nil)
                #expect(report.files > 100)
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                        as? [String: Any])
                #expect(object.keys.contains("journal"), "journal has to be there as null")
                #expect(object.keys.contains("changes"))
                try site.expectUnchanged(since: before)
            }
        }

        @Test("Two names swap in one map (U10)", arguments: Engine.allCases)
        func swap(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let names = [
                    NewName(try site.id("photo10"), "xIMG_1"),
                    NewName(try site.id("xphoto"), "IMG_10"),
                ]
                let map = try site.write(map: names)
                let result = try site.moniker(["--json", "rename", "--map", map.path])
                // Doing it and refusing it are both safe; half of it is not.
                if result.status == 0 {
                    let report = try ChangeReport(json: result.output)
                    try site.expectWordPressIsContent()
                    try site.change(["revert", try #require(report.journal)])
                } else {
                    let report = try ChangeReport(json: result.output)
                    #expect(report.state == "refused")
                    #expect(report.skipped.map(\.reason) == ["name-taken", "name-taken"])
                }
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "A new name that contains the old one is applied once (U11, W19)",
            arguments: Engine.allCases)
        func containsOldName(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let names = [NewName(try site.id("photo"), "best-IMG_1-of-all")]
                let journal = try site.rename(names)
                try site.expectRenamed(names)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }
    }
}
