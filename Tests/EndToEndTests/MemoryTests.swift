import Testing

extension EndToEnd {
    @Suite("Memory") struct MemoryTests {
        @Test(
            "A rename with values of 20 MB stays under 100 MB (P35, D06)",
            arguments: Engine.allCases)
        func largeValues(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let filler = "<p>Lorem ipsum dolor sit amet, it&#039;s 100% \"fine\".</p>"
                let count = 20_000_000 / filler.utf8.count
                let url = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
                func repeated(_ count: Int) -> String {
                    engine == .mariadb
                        ? "REPEAT('\(filler)', \(count))"
                        : "REPLACE(HEX(ZEROBLOB(\(count))), '00', '\(filler)')"
                }
                let long = repeated(count)
                let half = repeated(count / 2)
                func joined(_ parts: String...) -> String {
                    engine == .mariadb
                        ? "CONCAT(\(parts.joined(separator: ", ")))"
                        : parts.joined(separator: " || ")
                }
                let bytes = filler.utf8.count * count
                let post = joined(half, "'<img src=\"\(url)\">'", half)
                let meta = joined(
                    "'a:2:{s:4:\"text\";s:\(bytes):\"'", long,
                    "'\";s:3:\"url\";s:\(url.utf8.count):\"\(url)\";}'")
                try site.sql(
                    """
                    UPDATE wp_posts SET post_content = \(post) WHERE post_title = 'bulk post 1';
                    INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (1, 'big', \(meta));
                    """)
                let before = try site.snapshot()
                let limit = 100_000_000 / 1024

                let renamed = try site.moniker(
                    [
                        "--json", "rename", "\(try site.id("photo"))", "red-mountain-bike",
                        "--keep-old", "none",
                    ], measuresMemory: true)
                try #require(renamed.status == 0, "\(renamed.errors)")
                #expect(
                    try #require(renamed.peakKilobytes) < limit, "\(renamed.peakKilobytes ?? 0) kB")
                let expected =
                    "s:3:\"url\";s:\(url.utf8.count + 12):\""
                    + url.replacing("IMG_1", with: "red-mountain-bike")
                let found = try site.sql(
                    """
                    SELECT COUNT(*) FROM wp_postmeta WHERE meta_key = 'big'
                    AND meta_value LIKE '%\(expected)";}';
                    SELECT COUNT(*) FROM wp_posts WHERE post_title = 'bulk post 1'
                    AND post_content LIKE '%/red-mountain-bike.jpg">%';
                    """)
                #expect(found == "1\n1\n")

                let journal = try #require(try ChangeReport(json: renamed.output).journal)
                let reverted = try site.moniker(
                    ["--json", "revert", journal], measuresMemory: true)
                try #require(reverted.status == 0, "\(reverted.errors)")
                #expect(try #require(reverted.peakKilobytes) < limit)
                try site.expectUnchanged(since: before)
            }
        }

        @Test(
            "What is found in a long value is reported as elsewhere", arguments: Engine.allCases)
        func longValueIsReported(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let url = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
                let foreign = url.replacing("example.com", with: "example.org")
                let long =
                    engine == .mariadb
                    ? "REPEAT('filler ', 1500000)"
                    : "REPLACE(HEX(ZEROBLOB(1500000)), '00', 'filler ')"
                func joined(_ parts: String...) -> String {
                    engine == .mariadb
                        ? "CONCAT(\(parts.joined(separator: ", ")))"
                        : parts.joined(separator: " || ")
                }
                try site.sql(
                    """
                    UPDATE wp_posts SET post_content = \(joined("'\(url) \(foreign) '", long))
                    WHERE post_title = 'bulk post 1';
                    INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
                    VALUES (1, 'damaged', \(joined("'a:1:{i:0;s:9:\"\(url) '", long, "'\";}'")));
                    """)
                if engine == .mariadb {
                    // How large the tables are decides whether further connections read them.
                    try site.sql("ANALYZE TABLE wp_posts, wp_postmeta;")
                }
                let before = try site.snapshot()
                let rename = ["rename", "\(try site.id("photo"))", "red-mountain-bike"]
                // A preview reads every value itself.
                let planned = try ChangeReport(
                    json: try site.moniker(["--json"] + rename + ["--dry-run"]).output)
                let done = try site.change(rename + ["--keep-old", "none"])
                #expect(planned.opaque.contains { $0.table == "wp_postmeta" })
                #expect(planned.foreign["example.org", default: 0] > 0)
                #expect(done.opaque.map(\.table).sorted() == planned.opaque.map(\.table).sorted())
                #expect(done.foreign == planned.foreign)
                #expect(done.references == planned.references)
                _ = try site.change(["revert", try #require(done.journal)])
                try site.expectUnchanged(since: before)
            }
        }
    }
}
