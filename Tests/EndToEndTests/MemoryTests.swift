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
    }
}
