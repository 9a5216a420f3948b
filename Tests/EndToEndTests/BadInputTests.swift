import Foundation
import Testing

/// A request that has to be refused: what is asked, and the code of the refusal.
struct Refusal: Sendable, CustomTestStringConvertible {
    var what: String
    var code: String
    var arguments: @Sendable (TestSite) throws -> [String]

    var testDescription: String { what }

    init(
        _ what: String, _ code: String,
        _ arguments: @escaping @Sendable (TestSite) throws -> [String]
    ) {
        self.what = what
        self.code = code
        self.arguments = arguments
    }

    /// A new name for IMG_1.jpg.
    init(name: String, _ what: String, _ code: String) {
        self.init(what, code) { ["rename", "\(try $0.id("photo"))", name] }
    }

    /// A map file.
    init(map text: String, _ what: String, _ code: String) {
        self.init(what, code) { site in
            let file = site.live.appendingPathComponent("bad-map.csv")
            let photo = "\(try site.id("photo"))"
            let other = "\(try site.id("photo10"))"
            let filled = text.replacing("PHOTO", with: photo).replacing("OTHER", with: other)
            try Data(filled.utf8).write(to: file)
            return ["rename", "--map", file.path]
        }
    }
}

extension EndToEnd {
    @Suite("Bad input gets a sentence and a code, and changes nothing") struct BadInputTests {
        static let refusals: [Refusal] = [
            Refusal("an id that is not there", "unknown-attachment") { _ in
                ["rename", "999999", "name"]
            },
            Refusal("the id of a post", "unknown-attachment") { site in
                let id = try site.sql("SELECT ID FROM wp_posts WHERE post_name = 'classic';")
                return ["rename", id.trimmingCharacters(in: .whitespacesAndNewlines), "name"]
            },
            Refusal(name: "a/b", "a name with a slash", "invalid-name"),
            Refusal(name: "../escape", "a name that leaves the folder", "invalid-name"),
            Refusal(name: "..", "two dots", "invalid-name"),
            Refusal(name: "a\nb", "a name with a line break", "invalid-name"),
            Refusal(name: "a\u{1b}[31mb", "a name with a control character", "invalid-name"),
            Refusal(name: "", "no name", "empty-name"),
            Refusal(name: "   ", "a name of spaces", "empty-name"),
            Refusal(name: "* * *", "a name of signs", "empty-name"),
            Refusal(name: ".jpg", "only an extension", "invalid-name"),
            Refusal(name: "photo.png", "another type's extension", "extension-mismatch"),
            Refusal(name: "photo.php", "a program's extension", "double-extension"),
            Refusal(
                name: "photo.php.jpg", "a program's extension before the type's (N06)",
                "double-extension"),
            Refusal(name: "photo.phtml.jpg", "another of those", "double-extension"),
            Refusal(name: "IMG_10", "a name that another attachment has", "name-taken"),
            Refusal(name: "xIMG_1-111x74", "a name that looks like a size", "reserved-name"),
            Refusal(name: "photo-300x200", "a name that looks like a size (F19)", "reserved-name"),
            Refusal(name: "photo-scaled", "a name that looks scaled (F20)", "reserved-name"),
            Refusal(name: "photo-rotated", "a name that looks rotated", "reserved-name"),
            Refusal(name: "photo-e1795228072554", "a name that looks edited", "reserved-name"),
            Refusal(
                name: String(repeating: "a", count: 300), "a name that is too long",
                "name-too-long"),
            Refusal(name: "IMG_1", "the name that it has", "name-unchanged"),
            Refusal("a journal id that is not there", "unknown-journal") { _ in
                ["revert", "J00000000000000000000000000"]
            },
            Refusal("a file that is missing", "file-missing") { site in
                let file = site.uploads.appendingPathComponent("2024/05/IMG_1.jpg")
                try FileManager.default.removeItem(at: file)
                return ["rename", "\(try site.id("photo"))", "name"]
            },
            Refusal("a map file that is not there", "file-missing") { site in
                ["rename", "--map", site.live.appendingPathComponent("none.csv").path]
            },
            Refusal(map: "", "an empty map file", "malformed-map"),
            Refusal(map: "name,id\r\na,PHOTO\r\n", "a map with another header", "malformed-map"),
            Refusal(
                map: "id,name\r\nPHOTO,a\r\nx,b\r\n", "a map with a word for an id",
                "malformed-map"),
            Refusal(
                map: "id,name\r\nPHOTO,a\r\nOTHER\r\n", "a map with a short line",
                "malformed-map"),
            Refusal(
                map: "id,name\r\nPHOTO,a\r\nOTHER,b,c\r\n", "a map with a long line",
                "malformed-map"),
            Refusal(
                map: "id,name\r\nPHOTO,a\r\nOTHER,\"b\r\n", "a map with an open quote",
                "malformed-map"),
            Refusal(
                map: "id,name\r\nPHOTO,a\r\nPHOTO,b\r\n", "a map that names an id twice",
                "malformed-map"),
            Refusal(map: "id,name\r\nPHOTO,a\0b\r\n", "a map with a NUL in a name", "invalid-name"),
        ]

        @Test("Refused", arguments: refusals)
        func refused(_ refusal: Refusal) throws {
            try TestSite.with(.sqlite) { site in
                let arguments = try refusal.arguments(site)
                let before = try site.snapshot()
                let result = try site.moniker(["--json"] + arguments)
                try expectRefusal(result, code: refusal.code)
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "A malformed map's line is named",
            arguments: [
                ("id,name\r\nPHOTO,a\r\nx,b\r\n", "3"),
                ("id,name\nPHOTO,a\nOTHER,b,c\n", "3"),
                ("id,name\r\n\"PHOTO\",\"a\r\nb\"\r\n7\r\n", "4"),
            ])
        func lineIsNamed(_ map: String, _ line: String) throws {
            try TestSite.with(.sqlite) { site in
                let arguments = try Refusal(map: map, "", "").arguments(site)
                let result = try site.moniker(["--json"] + arguments)
                let failure = try FailureReport(json: result.output).error
                #expect(failure.code == "malformed-map")
                #expect(failure.message.contains("line \(line)"), "\(failure.message)")
            }
        }

        @Test("A folder that is no site", arguments: ["empty", "nothing", "file"])
        func notASite(_ kind: String) throws {
            try TestSite.with(.sqlite) { site in
                let folder = site.live.appendingPathComponent("elsewhere-\(kind)")
                switch kind {
                case "empty":
                    try FileManager.default.createDirectory(
                        at: folder, withIntermediateDirectories: true)
                case "file": try Data().write(to: folder)
                default: break
                }
                let result = try run(
                    MonikerBinary.path,
                    ["--site", folder.path, "--home", site.home.path, "--json", "rename", "1", "a"])
                try expectRefusal(result, code: "not-a-site")
            }
        }

        @Test("A value that wp-config.php computes is named")
        func computedConfiguration() throws {
            try TestSite.with(.mariadb) { site in
                try edit(site, "'correct horse'", "file_get_contents('/run/secrets/db')")
                let result = try site.moniker(["--json", "rename", "\(try site.id("photo"))", "a"])
                try expectRefusal(result, code: "computed-configuration")
                #expect(result.errors.contains("DB_PASSWORD"))
            }
        }

        @Test("A wrong password")
        func wrongPassword() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                try edit(site, "'correct horse'", "'wrong battery'")
                let result = try site.moniker(["--json", "rename", "\(try site.id("photo"))", "a"])
                try expectRefusal(result, code: "access-denied")
                #expect(!result.errors.contains("wrong battery"), "the password must not be shown")
                #expect(!result.output.contains("wrong battery"))
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A server that is not there")
        func unreachable() throws {
            try TestSite.with(.mariadb) { site in
                try edit(site, ".sock'", ".none'")
                let result = try site.moniker(["--json", "rename", "\(try site.id("photo"))", "a"])
                try expectRefusal(result, code: "database-unreachable")
            }
        }

        @Test("A database file that is not one")
        func damagedDatabase() throws {
            try TestSite.with(.sqlite) { site in
                try Data("This is not a database.".utf8).write(to: site.database)
                let result = try site.moniker(["--json", "rename", "1", "a"])
                #expect(result.status == 1)
                #expect(!(try FailureReport(json: result.output).error.message.isEmpty))
            }
        }

        @Test("Without --json the sentence is on stderr alone")
        func sentenceForPeople() throws {
            try TestSite.with(.sqlite) { site in
                let result = try site.moniker(["rename", "999999", "name"])
                #expect(result.status == 1)
                #expect(result.output.isEmpty)
                #expect(result.errorLines.count == 1)
                #expect(result.errors.contains("999999"))
            }
        }

        private func edit(_ site: TestSite, _ from: String, _ to: String) throws {
            let file = site.wordpress.appendingPathComponent("wp-config.php")
            let text = try String(contentsOf: file, encoding: .utf8)
            try #require(text.contains(from))
            try Data(text.replacing(from, with: to).utf8).write(to: file)
        }
    }
}

/// Expects a refusal: status 1, the code in the JSON, one sentence on stderr.
func expectRefusal(
    _ result: CommandResult, code: String, status: Int32 = 1,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(!result.wasKilled, sourceLocation: sourceLocation)
    #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
    let failure = try FailureReport(json: result.output).error
    #expect(failure.code == code, "\(failure.message)", sourceLocation: sourceLocation)
    let lines = result.errorLines
    #expect(lines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(lines.first.map { $0.count > 30 } ?? false, sourceLocation: sourceLocation)
    #expect(
        lines.first.map { $0.contains(failure.message) } ?? false, "\(lines) \(failure.message)",
        sourceLocation: sourceLocation)
}
