import Foundation
import Model
import Testing
import UseCases

extension EndToEnd {
    @Suite("Texts of attachments") struct TextTests {
        /// A text of an attachment as WordPress reads it.
        private struct Texts: Decodable, Equatable {
            var alt: String
            var rows: Int
            var title: String
            var caption: String
            var description: String
        }

        private func texts(_ site: TestSite, _ aliases: [String]) throws -> [String: Texts] {
            let ids = try aliases.map { "\(try site.id($0))" }
            let result = try site.php("texts.php", ids)
            let texts = try JSONDecoder().decode(
                [String: Texts].self, from: Data(result.output.utf8))
            return Dictionary(
                uniqueKeysWithValues: try zip(aliases, ids).map { ($0, try #require(texts[$1])) })
        }

        private func write(
            _ site: TestSite, _ changes: [AttachmentChange],
            kind: ChangeSetRecord.Kind = .generate, isDryRun: Bool = false
        ) throws -> UseCases.ChangeReport {
            let session = try Session(
                SessionOptions(site: site.wordpress.path, home: site.home.path))
            return try session.write(changes, kind: kind, keepOld: .none, isDryRun: isDryRun)
        }

        private func attachment(_ site: TestSite, _ alias: String) throws -> AttachmentID {
            AttachmentID(Int64(try site.id(alias)))
        }

        private static let model = TextSource.model(provider: "openai", model: "some-model")

        /// A picture with everything new, one whose alternative is in two rows, one that is
        /// decoration, and one whose description names the files of the first.
        private func changes(_ site: TestSite) throws -> [AttachmentChange] {
            let twice = try site.id("photo10")
            try site.sql(
                """
                DELETE FROM wp_postmeta WHERE post_id IN (\(try site.id("photo")), \(twice),
                    \(try site.id("cjk"))) AND meta_key = '_wp_attachment_image_alt';
                INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES
                    (\(twice), '_wp_attachment_image_alt', 'first'),
                    (\(twice), '_wp_attachment_image_alt', 'second');
                """)
            return [
                AttachmentChange(
                    attachment: try attachment(site, "photo"),
                    texts: [
                        .alt: "Ein rotes „Fahrrad“ & 日本 😀", .title: "Rotes Fahrrad",
                        .caption: "It's \"red\" \\ 100 %",
                        .description:
                            "<a href=\"/wp-content/uploads/2024/05/IMG_1.jpg\">larger</a>",
                    ], source: Self.model, stem: Array("red-mountain-bike".utf8)),
                AttachmentChange(
                    attachment: try attachment(site, "photo10"),
                    texts: [.alt: "instead of the first"],
                    source: .human, expected: [.alt: "first"]),
                AttachmentChange(
                    attachment: try attachment(site, "cjk"), texts: [.alt: ""], source: .human),
                AttachmentChange(
                    attachment: try attachment(site, "alpha"),
                    texts: [
                        .description: "see https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
                    ], source: .human),
            ]
        }

        @Test(
            "Texts and a name in one change set: WordPress reads them; a revert leaves no byte of them",
            arguments: Engine.allCases)
        func roundTrip(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let changes = try changes(site)
                let before = try site.snapshot()
                let report = try write(site, changes)
                #expect(report.state == .done, "\(report)")
                #expect(report.attachments == 4)
                let journal = try #require(report.journal)

                try site.expectWordPressIsContent()
                let name = site.uploads.appendingPathComponent("2024/05/red-mountain-bike.jpg").path
                #expect(FileManager.default.fileExists(atPath: name))
                if engine == .mariadb {
                    let texts = try texts(site, ["photo", "photo10", "cjk", "alpha"])
                    let photo = try #require(texts["photo"])
                    #expect(photo.alt == "Ein rotes „Fahrrad“ & 日本 😀" && photo.rows == 1)
                    #expect(photo.title == "Rotes Fahrrad")
                    #expect(photo.caption == "It's \"red\" \\ 100 %")
                    #expect(
                        photo.description
                            == "<a href=\"/wp-content/uploads/2024/05/red-mountain-bike.jpg\">larger</a>"
                    )
                    #expect(texts["photo10"]?.alt == "instead of the first")
                    #expect(texts["photo10"]?.rows == 2)
                    #expect(texts["cjk"]?.alt == "" && texts["cjk"]?.rows == 1)
                }
                #expect(try site.moniker(["verify"]).status == 0)

                let detail = try site.moniker(["--json", "journal", journal]).output
                for part in [
                    "\"field\":\"alt\"", "\"provider\":\"openai\"", "\"model\":\"some-model\"",
                    "\"source\":\"human\"", "\"before\":\"first\"", "\"kind\":\"generate\"",
                ] { #expect(detail.replacing(" ", with: "").contains(part), "\(part) \(detail)") }
                let shown = try site.moniker(["show", "\(try site.id("photo"))"]).output
                #expect(shown.contains("The alt is by openai some-model"), "\(shown)")
                let listed = try site.moniker(["journal", journal]).output
                #expect(listed.contains("alt, by openai some-model"), "\(listed)")

                let revert = try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
                #expect(try site.moniker(["verify"]).status == 0)
                try site.change(["revert", try #require(revert.journal)])
                #expect(FileManager.default.fileExists(atPath: name))
                if engine == .mariadb {
                    #expect(
                        try texts(site, ["photo"])["photo"]?.alt == "Ein rotes „Fahrrad“ & 日本 😀")
                }
                let last = try site.change(["revert", journal])
                #expect(last.state == "done")
                try site.expectUnchanged(since: before)
            }
        }

        @Test("Tables without transactions: rows get their keys beforehand, and are taken back")
        func withoutTransactions() throws {
            try TestSite.with(.mariadb) { site in
                let changes = try changes(site)
                try site.sql(
                    "ALTER TABLE wp_posts ENGINE=MyISAM; ALTER TABLE wp_postmeta ENGINE=MyISAM;")
                let before = try site.snapshot()
                let report = try write(site, changes)
                #expect(report.state == .done, "\(report)")
                let texts = try texts(site, ["photo", "photo10", "cjk"])
                #expect(texts["photo"]?.alt == "Ein rotes „Fahrrad“ & 日本 😀")
                #expect(texts["cjk"]?.alt == "" && texts["cjk"]?.rows == 1)
                let revert = try site.change(["revert", try #require(report.journal)])
                try site.expectUnchanged(since: before)
                try site.change(["revert", try #require(revert.journal)])
                #expect(try self.texts(site, ["photo", "photo10", "cjk"]) == texts)
            }
        }

        @Test("A dry run changes nothing and lists every text; one attachment is taken back alone")
        func dryRunAndOnly() throws {
            try TestSite.with(.mariadb) { site in
                let changes = try changes(site)
                let before = try site.snapshot()
                let planned = try write(site, changes, isDryRun: true)
                #expect(planned.state == .planned)
                try site.expectUnchanged(since: before)
                let texts = try #require(planned.changes).filter { $0.field != nil }
                #expect(texts.count == 7)
                #expect(
                    texts.contains {
                        $0.field == "alt" && $0.before == "first"
                            && $0.after == "instead of the first"
                    })
                let report = try write(site, changes)
                let journal = try #require(report.journal)
                try site.change(["revert", journal, "--only", "\(try site.id("photo10"))"])
                let partly = try self.texts(site, ["photo", "photo10"])
                #expect(partly["photo10"]?.alt == "first")
                #expect(partly["photo"]?.title == "Rotes Fahrrad")
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "What a person wrote meanwhile stays and is listed; so does a name that is taken",
            arguments: Engine.allCases)
        func conflicts(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let photo = try attachment(site, "photo")
                let report = try write(
                    site,
                    [
                        AttachmentChange(
                            attachment: photo, texts: [.title: "New", .caption: "New caption"],
                            source: Self.model, expected: [.title: "not what is there"],
                            stem: Array("IMG_10".utf8)),
                        AttachmentChange(
                            attachment: AttachmentID(999_999), texts: [.alt: "x"], source: .human),
                    ])
                #expect(report.state == .partial)
                #expect(report.conflicts.map(\.reason) == ["changed-meanwhile"])
                #expect(report.conflicts.first?.field == "title")
                #expect(report.skipped.map(\.reason) == ["unknown-attachment", "name-taken"])
                #expect(
                    try site.sql(
                        "SELECT post_excerpt FROM wp_posts WHERE ID = \(photo.rawValue);"
                    ).contains("New caption"))
                try site.sql(
                    "UPDATE wp_posts SET post_excerpt = 'edited' WHERE ID = \(photo.rawValue);")
                let refused = try site.moniker(["revert", try #require(report.journal), "--json"])
                #expect(refused.status == 1)
                #expect(refused.output.contains("changed-meanwhile"))
            }
        }

        @Test("Clearing an alternative takes its rows away, all of them, and gives them back")
        func clear() throws {
            try TestSite.with(.mariadb) { site in
                _ = try changes(site)
                let before = try site.snapshot()
                let report = try write(
                    site,
                    [
                        AttachmentChange(
                            attachment: try attachment(site, "photo10"), texts: [.alt: ""],
                            source: .human)
                    ], kind: .clear)
                #expect(report.state == .done && report.cells == 2)
                #expect(try texts(site, ["photo10"])["photo10"]?.rows == 0)
                try site.change(["revert", try #require(report.journal)])
                try site.expectUnchanged(since: before)
            }
        }

        @Test("A text that its column cannot hold is listed, never cut")
        func tooLong() throws {
            try TestSite.with(.mariadb) { site in
                try site.sql(
                    """
                    ALTER TABLE wp_posts MODIFY post_title VARCHAR(190) CHARACTER SET utf8mb3
                        COLLATE utf8mb3_general_ci NOT NULL DEFAULT '';
                    """)
                let before = try site.snapshot()
                let report = try write(
                    site,
                    try ["photo", "photo10"].map { alias in
                        AttachmentChange(
                            attachment: try attachment(site, alias),
                            texts: [
                                .title: alias == "photo"
                                    ? String(repeating: "long ", count: 40) : "a bike 😀",
                                .caption: "fits",
                            ], source: Self.model)
                    })
                #expect(report.state == .partial)
                #expect(Set(report.conflicts.map(\.reason)) == ["too-long", "not-storable"])
                #expect(report.cells == 2)
                try site.change(["revert", try #require(report.journal)])
                try site.expectUnchanged(since: before)
            }
        }
    }
}
