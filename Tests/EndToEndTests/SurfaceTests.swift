import Foundation
import Testing

extension EndToEnd {
    @Suite("The surface that scripts rely on") struct SurfaceTests {
        @Test("rename, journal and revert say the same things in JSON")
        func shapes() throws {
            try TestSite.with(.sqlite) { site in
                let id = try site.id("photo")
                let report = try site.change(["rename", "\(id)", "name-a", "--keep-old", "none"])
                let journal = try #require(report.journal)
                #expect(journal.hasPrefix("J"))
                #expect(report.attachments >= 1)
                #expect(report.files >= 8)
                #expect(report.references > report.cells)
                #expect(report.reverts == nil)

                let one = try site.moniker(["--json", "journal", journal])
                #expect(one.status == 0, "\(one.errors)")
                _ = try JSONSerialization.jsonObject(with: Data(one.output.utf8))
                #expect(one.output.contains("IMG_1.jpg"))
                #expect(one.output.contains("name-a.jpg"))
                #expect(one.output.contains("wp_posts"))

                let revert = try site.change(["revert", journal])
                #expect(revert.reverts == journal)
                let all = try site.moniker(["--json", "journal"])
                #expect(all.status == 0)
                _ = try JSONSerialization.jsonObject(with: Data(all.output.utf8))
                #expect(all.output.contains(journal))
                #expect(all.output.contains(try #require(revert.journal)))
            }
        }

        @Test("In a pipe there is no progress and no colour")
        func quietInPipes() throws {
            try TestSite.with(.sqlite) { site in
                for arguments in [
                    ["scan"], ["images"], ["site"], ["--json", "scan"],
                    ["rename", "--map", site.libraryMap.path, "--dry-run"],
                    ["--json", "rename", "--map", site.libraryMap.path, "--keep-old", "none"],
                    ["journal"], ["verify"],
                ] {
                    let result = try site.moniker(arguments)
                    #expect(result.status == 0, "\(arguments): \(result.errors)")
                    for text in [result.output, result.errors] {
                        #expect(!text.contains("\u{1b}"), "\(arguments)")
                        #expect(!text.contains("\r"), "\(arguments)")
                    }
                    if arguments[0] == "--json" {
                        _ = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                    }
                }
            }
        }

        @Test(
            "Wrong usage ends with 64",
            arguments: [
                ["rename"], ["rename", "x", "name"], ["nonsense"], ["rename", "1", "a", "b"],
                ["rename", "1", "a", "--keep-old", "soon"], ["revert"], ["--nonsense"],
            ])
        func usage(_ arguments: [String]) throws {
            try TestSite.with(.sqlite) { site in
                let before = try site.snapshot()
                let result = try site.moniker(arguments)
                #expect(result.status == 64, "\(result.errors)")
                #expect(result.output.isEmpty)
                #expect(!result.errors.isEmpty)
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "Help is on stdout and has an example",
            arguments: [
                ["--help"], ["rename", "--help"], ["revert", "--help"],
            ])
        func help(_ arguments: [String]) throws {
            let result = try run(MonikerBinary.path, arguments)
            #expect(result.status == 0)
            #expect(
                result.output.lowercased().contains("moniker rename") || arguments[0] == "revert")
        }

        @Test("Reading commands write nothing to the site", arguments: Engine.allCases)
        func readingCommands(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let before = try site.snapshot()
                let id = "\(try site.id("photo"))"
                for command in [
                    ["site"], ["scan"], ["images"], ["images", "--format", "csv"],
                    ["images", "--missing", "alt"], ["show", id], ["journal"], ["verify"],
                    ["redirects", "--format", "nginx"], ["recover"], ["tidy"],
                ] {
                    let result = try site.moniker(command)
                    #expect(result.status == 0, "\(command): \(result.errors)")
                }
                try site.expectUnchanged(since: before)
                let show = try site.moniker(["--json", "show", id])
                #expect(show.output.contains("wp_acme_textkey"), "references in every table")
                #expect(show.output.contains("IMG_1-300x200.jpg.webp"), "the whole family")
            }
        }

        @Test("The site and the home can come from the environment")
        func environment() throws {
            try TestSite.with(.sqlite) { site in
                let result = try run(
                    MonikerBinary.path, ["--json", "rename", "\(try site.id("photo"))", "name-a"],
                    environment: [
                        "MONIKER_SITE": site.wordpress.path, "MONIKER_HOME": site.home.path,
                    ])
                #expect(result.status == 0, "\(result.errors)")
                #expect(
                    FileManager.default.fileExists(
                        atPath: site.home.appendingPathComponent("journal.sqlite").path))
            }
        }

        @Test("verify finds a renamed site sound, and a file that was lost")
        func verify() throws {
            try TestSite.with(.sqlite) { site in
                _ = try site.rename([NewName(try site.id("photo"), "name-a")])
                #expect(try site.moniker(["verify"]).status == 0)
                #expect(try site.moniker(["verify", "--read-data"]).status == 0)
                let file = site.uploads.appendingPathComponent("2024/05/name-a-300x200.jpg")
                try FileManager.default.removeItem(at: file)
                let result = try site.moniker(["verify"])
                #expect(result.status != 0)
                #expect((result.output + result.errors).contains("name-a-300x200.jpg"))
            }
        }

        @Test(
            "redirects name every renamed file and variant, and none after the revert (T16)",
            arguments: ["nginx", "apache", "caddy", "redirection-csv", "redirection-json"])
        func redirects(_ format: String) throws {
            try TestSite.with(.sqlite) { site in
                let journal = try site.rename([NewName(try site.id("photo"), "name-a")])
                let result = try site.moniker(["redirects", "--format", format])
                #expect(result.status == 0, "\(result.errors)")
                for suffix in [".jpg", "-300x200.jpg", "-1024x683.jpg", ".jpg.webp"] {
                    // Formats that hold patterns or JSON escape their own characters.
                    let plain = result.output.replacing("\\", with: "")
                    #expect(plain.contains("/wp-content/uploads/2024/05/IMG_1\(suffix)"))
                    #expect(plain.contains("/wp-content/uploads/2024/05/name-a\(suffix)"))
                }
                try site.change(["revert", journal])
                let after = try site.moniker(["redirects", "--format", format])
                #expect(!after.output.contains("IMG_1.jpg /wp-content"))
            }
        }
    }
}
