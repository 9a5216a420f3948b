import Foundation
import Testing

extension EndToEnd {
    @Suite("show and analyze on a real WordPress") struct AnalyzeTests {
        private struct Analysis: Decodable {
            struct Counts: Decodable {
                var present: Int
                var missing: Int
                var decorative: Int
            }
            struct Coverage: Decodable {
                var images: Int
                var fields: [String: Counts]
                var score: Int?
            }
            struct Band: Decodable { var images: Int }
            struct Finding: Decodable {
                struct Example: Decodable {
                    var id: Int
                    var text: String
                }
                var code: String
                var field: String
                var images: Int
                var examples: [Example]
            }
            struct Quality: Decodable {
                var score: Int
                var distribution: [Band]
                var findings: [Finding]
            }
            struct Image: Decodable {
                var id: Int
                var bytes: Int?
            }
            struct Group: Decodable {
                var key: String
                var images: [Image]
            }
            struct Duplicates: Decodable {
                var content: [Group]
                var content_bytes: Int
                var text: [Group]
            }
            struct Sample: Decodable {
                var images: Int
                var bytes: Int
                var examples: [Image]
            }
            var images: Int
            var coverage: Coverage
            var before: Coverage?
            var history: [Coverage]
            var quality: Quality
            var duplicates: Duplicates
            var camera_names: Sample
            var unused: Sample
        }

        private struct Page: Decodable {
            var tags: [String: Int]
            var attributes: [String: Int]
            var addresses: [String]
            var unbalanced: [String]
            var text: String
            var bdi: [String]
            var imports: Int
            var values: [String]
        }

        private func setAlt(_ site: TestSite, _ id: Int, _ text: String) throws {
            let quoted = text.replacing("'", with: "''").replacing("\\", with: "\\\\")
            try site.sql(
                """
                UPDATE wp_postmeta SET meta_value = '\(quoted)'
                WHERE post_id = \(id) AND meta_key = '_wp_attachment_image_alt';
                """)
        }

        @Test("analyze shows what has changed since the first scan", arguments: Engine.allCases)
        func progress(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try site.sql(Library.mixedTexts)
                #expect(try site.moniker(["scan"]).status == 0)
                let missing = try Library.ids(site, "meta_id IS NULL")
                for id in missing.prefix(3) {
                    try site.sql(
                        """
                        INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
                        VALUES (\(id), '_wp_attachment_image_alt', 'Boat number \(id) on a lake');
                        """)
                }
                for round in 1...3 {
                    let now = try site.read(["analyze"], as: Analysis.self)
                    #expect(now.coverage.fields["alt"]?.missing == missing.count - 3)
                    #expect(now.before?.fields["alt"]?.missing == missing.count)
                    #expect(now.quality.distribution.reduce(0) { $0 + $1.images } == now.images)
                    // What is now is no progress: a score is told only of an earlier time.
                    #expect((now.before?.score == nil) == (round == 1))
                    // One row a day beside the first ones.
                    #expect(now.history.count <= 3)
                }
                let text = try site.moniker(["analyze"])
                #expect(text.output.contains("AT FIRST"))
            }
        }

        @Test(
            "analyze finds bad texts, duplicates and what nobody uses", arguments: Engine.allCases)
        func findings(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let ids = try Library.ids(site, "1 = 1")
                try setAlt(site, ids[0], "IMG_1234.jpg")
                try setAlt(site, ids[1], "Image of a red bicycle beside a wall")
                try setAlt(site, ids[4], "A quiet harbour at dawn")
                try setAlt(site, ids[5], "a quiet harbour, at dawn.")
                try setAlt(site, ids[6], "bike")
                let kept = site.uploads.appendingPathComponent("2024/05/kept.jpg")
                let trees = site.uploads.appendingPathComponent("2024/05/trees.jpg")
                try FileManager.default.removeItem(at: trees)
                try FileManager.default.copyItem(at: kept, to: trees)

                let analysis = try site.read(["analyze"], as: Analysis.self)
                func found(_ code: String, _ field: String = "alt") -> [Int] {
                    analysis.quality.findings.first { $0.code == code && $0.field == field }?
                        .examples.map(\.id) ?? []
                }
                #expect(found("file-name").contains(ids[0]))
                #expect(found("filler").contains(ids[1]))
                #expect(found("too-short").contains(ids[6]))
                #expect(Set([ids[4], ids[5]]).isSubset(of: found("duplicate")))
                #expect(
                    analysis.duplicates.text.contains { $0.images.map(\.id) == [ids[4], ids[5]] })
                let names = Dictionary(
                    uniqueKeysWithValues: try site.read(["images"], as: [ListedImage].self)
                        .map { ($0.id, $0.file) })
                #expect(
                    analysis.duplicates.content.map { Set($0.images.compactMap { names[$0.id] }) }
                        == [["2024/05/kept.jpg", "2024/05/trees.jpg"]])
                let size = try #require(
                    try FileManager.default.attributesOfItem(atPath: kept.path)[.size] as? Int)
                #expect(analysis.duplicates.content_bytes == size)
                let unused = try site.read(["images", "--unused"], as: [ListedImage].self)
                #expect(analysis.unused.images == unused.count)
                let bytes = try unused.map { image in
                    try FileManager.default.attributesOfItem(
                        atPath: site.uploads.appendingPathComponent(image.file).path)[.size] as? Int
                        ?? 0
                }.reduce(0, +)
                #expect(analysis.unused.bytes == bytes)
                let sizes = analysis.unused.examples.compactMap(\.bytes)
                #expect(sizes == sizes.sorted(by: >))

                struct Shown: Decodable {
                    struct Quality: Decodable {
                        struct Finding: Decodable { var code: String }
                        var score: Int
                        var findings: [Finding]
                    }
                    var fields: [String: String]
                    var uses: Int
                    var language: String
                    var quality: Quality
                    var duplicates: [Int]
                }
                let shown = try site.read(["show", "\(ids[0])"], as: Shown.self)
                #expect(shown.quality.findings.map(\.code).contains("file-name"))
                #expect(shown.quality.score < 60)
                #expect(shown.fields["alt"] == "present")
                #expect(shown.fields["caption"] == "missing")
                #expect(shown.uses > 5)
                #expect(shown.language == "en-US")
                let copy = try #require(names.first { $0.value == "2024/05/trees.jpg" }?.key)
                let original = try #require(names.first { $0.value == "2024/05/kept.jpg" }?.key)
                #expect(
                    try site.read(["show", "\(copy)"], as: Shown.self).duplicates == [original])
                try setAlt(site, ids[5], "A QUIET harbour at dawn")
                let twin = try site.read(["show", "\(ids[4])"], as: Shown.self)
                #expect(twin.quality.findings.map(\.code).contains("duplicate"))
            }
        }

        @Test("No text of the site becomes markup of the page", arguments: Engine.allCases)
        func hostileTexts(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let hostile = [
                    "</q></td><script>alert(1)</script>", "\" onload=\"alert(1)",
                    "' onmouseover='alert(1)", "<img src=x onerror=alert(1)>", "</style><b>x</b>",
                    "<!-- comment", "]]> <![CDATA[ x", "&lt;script&gt; &amp; &quot;",
                    "</title><h1>x</h1>", "<svg/onload=alert(1)>", "`${alert(1)}`",
                    "\u{202E}reversed\u{202C} and \u{7}bell",
                ]
                let ids = try Library.ids(site, "1 = 1").filter { $0 % 2 == 1 }
                for (id, text) in zip(ids, hostile) {
                    try setAlt(site, id, text)
                    let quoted = text.replacing("'", with: "''")
                    try site.sql("UPDATE wp_posts SET post_title = '\(quoted)' WHERE ID = \(id);")
                }
                let plain = site.live.appendingPathComponent("report.html").path
                let result = try site.moniker(["analyze", "--html", plain])
                #expect(result.status == 0, "\(result.errors)")
                #expect(!result.output.contains("\u{7}"))
                #expect(!result.output.contains("\u{202E}"))
                let page = try TestSite.python("read-page.py", [plain], as: Page.self)
                #expect(page.unbalanced == [])
                #expect(page.addresses == [])
                #expect(page.imports == 0)
                let allowed: Set<String> = [
                    "html", "head", "meta", "title", "style", "body", "header", "main", "footer",
                    "section", "h1", "h2", "h3", "p", "ul", "li", "b", "small", "br", "table",
                    "thead",
                    "tbody", "tr", "th", "td", "span", "div", "q", "bdi", "code", "time", "svg",
                    "rect",
                    "text", "line", "polyline", "circle",
                ]
                #expect(Set(page.tags.keys).subtracting(allowed) == [])
                #expect(page.tags["h1"] == 1)
                #expect(page.attributes.keys.allSatisfy { !$0.hasPrefix("on") })
                // What is shown is what is stored.
                let shown = Set(page.bdi)
                let visible = hostile.prefix(5).filter { shown.contains($0) }
                #expect(visible.count == 5, "\(hostile.prefix(5).filter { !shown.contains($0) })")
                #expect(page.text.contains("example.com"))
                #expect(!page.text.contains("\u{202E}"))
                let source = try String(contentsOfFile: plain, encoding: .utf8)
                #expect(source.contains("prefers-color-scheme:dark"))
                #expect(source.contains("@media print"))
            }
        }

        @Test("A report that cannot be written is a failure that says where")
        func unwritable() throws {
            try TestSite.with(.sqlite) { site in
                let path = site.live.appendingPathComponent("nowhere/report.html").path
                let result = try site.moniker(["analyze", "--html", path])
                #expect(result.status == 1)
                #expect(result.errorLines.count == 1)
                #expect(result.errors.contains(path))
            }
        }
    }
}
