import Foundation
import Testing

extension EndToEnd {
    @Suite("One attachment") struct SingleRenameTests {
        @Test("The old names go on working until their time is up, then tidy retires them")
        func keepOldNames() throws {
            try TestSite.with(.mariadb) { site in
                let names = [NewName(try site.id("photo"), "red-mountain-bike")]
                try site.change(["rename", "\(names[0].id)", names[0].name])
                try site.expectRenamed(names, oldNamesStay: true)
                try site.expectWordPressIsContent()
                // Not yet: the default is a day.
                #expect(try site.moniker(["tidy"]).status == 0)
                try site.expectRenamed(names, oldNamesStay: true)
            }
        }

        @Test("tidy retires old names when their time is up", arguments: Engine.allCases)
        func tidyRetires(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let names = [NewName(try site.id("photo"), "red-mountain-bike")]
                let journal = try site.rename(names, keepOld: "1s")
                let old = site.uploads.appendingPathComponent("2024/05/IMG_1.jpg").path
                #expect(FileManager.default.fileExists(atPath: old))
                let deadline = ContinuousClock.now + .seconds(60)
                while FileManager.default.fileExists(atPath: old), ContinuousClock.now < deadline {
                    try #require(try site.moniker(["tidy"]).status == 0)
                }
                try site.expectRenamed(names)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("--keep-old forever is not retired by tidy")
        func keepForever() throws {
            try TestSite.with(.sqlite) { site in
                let names = [NewName(try site.id("photo"), "red-mountain-bike")]
                _ = try site.rename(names, keepOld: "forever")
                #expect(try site.moniker(["tidy"]).status == 0)
                try site.expectRenamed(names, oldNamesStay: true)
            }
        }

        @Test("Without a name one is made from the metadata")
        func nameFromMetadata() throws {
            try TestSite.with(.sqlite) { site in
                let id = try site.id("photo10")
                let before = try site.snapshot()
                let report = try site.change(["rename", "\(id)", "--keep-old", "none"])
                let attached = try site.sql(
                    "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' "
                        + "AND post_id = \(id);")
                let stem = try #require(
                    attached.split(separator: "/").last?.split(separator: ".").first)
                #expect(stem != "IMG_10")
                #expect(stem.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
                try site.expectRenamed([NewName(id, String(stem))])
                try site.change(["revert", try #require(report.journal)])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("The name may carry the extension")
        func nameWithExtension() throws {
            try TestSite.with(.sqlite) { site in
                let id = try site.id("photo")
                try site.change(
                    ["rename", "\(id)", "red-mountain-bike.jpg", "--keep-old", "none"])
                try site.expectRenamed([NewName(id, "red-mountain-bike")])
            }
        }

        @Test(
            "Either row of a shared file renames it for both (U19, F13)",
            arguments: ["photo", "shared"])
        func sharedFile(_ alias: String) throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                let report = try site.change(
                    ["rename", "\(try site.id(alias))", "one-file", "--keep-old", "none"])
                try site.expectRenamed([NewName(try site.id("photo"), "one-file")])
                try site.expectWordPressIsContent()
                try site.change(["revert", try #require(report.journal)])
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "Names with metacharacters are literals (U15, W35)",
            arguments: ["regex", "dollar", "percent", "space", "cjk", "dash", "upper", "twoext"])
        func literalNames(_ alias: String) throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                let names = [NewName(try site.id(alias), "plain-name")]
                let journal = try site.rename(names)
                try site.expectRenamed(names)
                try site.expectWordPressIsContent()
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }
    }
}
