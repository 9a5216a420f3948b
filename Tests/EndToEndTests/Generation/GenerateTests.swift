import Foundation
import Testing

extension EndToEnd {
    @Suite("From picture to words to file name") struct GenerateTests {
        private struct Report: Decodable {
            struct Item: Decodable {
                var attachment: Int
                var reason: String
            }
            struct Usage: Decodable {
                var requests: Int
                var input_tokens: Int
                var output_tokens: Int
                var usd: Double
            }
            var journal: String?
            var state: String
            var described: Int
            var review: [Item]
            var failed: [Item]
            var skipped: [Item]
            var usage: Usage
        }

        private func generate(
            _ site: TestSite, _ arguments: [String]
        ) throws -> Report {
            let result = try site.moniker(["--json", "generate"] + arguments)
            #expect([0, 3].contains(result.status), "\(result.errors)")
            return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        }

        /// Every image of a content, as PHP's parser sees it: its class and its text alternative.
        private func images(_ site: TestSite, post: Int) throws -> [String] {
            let content = try site.sql("SELECT HEX(post_content) FROM wp_posts WHERE ID = \(post);")
            let code = """
                libxml_use_internal_errors(true);
                $document = new DOMDocument();
                $html = hex2bin(trim(stream_get_contents(STDIN)));
                $document->loadHTML('<?xml encoding="utf-8" ?>' . $html);
                foreach ($document->getElementsByTagName('img') as $image)
                    echo $image->getAttribute('class'), '|',
                        $image->hasAttribute('alt') ? $image->getAttribute('alt') : '-', "\\n";
                """
            return try runHelper("/usr/bin/php", ["-r", code], input: content)
                .split(separator: "\n").map(String.init)
        }

        @Test(
            "generate --all --rename --update-content: alt texts in posts follow, those of people stay; a revert brings every byte back",
            arguments: Engine.allCases)
        func contents(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let stub = try ProviderStub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let key = site.live.appendingPathComponent("key")
                try Data("sk-ant-canary-0123456789abcdefghij".utf8).write(to: key)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: key.path)
                let posts = try site.sql(
                    "SELECT ID FROM wp_posts WHERE post_type = 'post' AND post_status = 'publish' ORDER BY ID LIMIT 2;"
                ).split(separator: "\n").compactMap { Int($0) }
                let aliases = ["photo", "photo10", "alpha", "cjk"]
                let ids = try aliases.map(site.id)
                let url = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
                let content = ids.map { id in
                    """
                    <!-- wp:image {"id":\(id)} --><figure><img src="\(url)" alt="" class="wp-image-\(id)"/></figure><!-- /wp:image --><img class="own wp-image-\(id)" alt="My own words"><!-- <img class="wp-image-\(id)"> -->
                    """
                }.joined()
                try site.sql(
                    """
                    UPDATE wp_posts SET post_content = '\(content)' WHERE ID = \(posts[0]);
                    UPDATE wp_posts SET post_content = '\(content)', post_status = 'trash'
                        WHERE ID = \(posts[1]);
                    """)
                let before = try site.snapshot()
                let arguments = [
                    "--all", "--rename", "--overwrite", "--fields", "alt", "--keep-old", "none",
                    "--provider", "anthropic", "--base-url", stub.address, "--key-file", key.path,
                    "--update-content",
                ]
                let report = try generate(site, arguments)
                let journal = try #require(report.journal)
                let left = Set((report.review + report.failed + report.skipped).map(\.attachment))
                var followed = 0
                let seen = try images(site, post: posts[0])
                for (index, id) in ids.enumerated() {
                    let stored = try site.sql(
                        "SELECT HEX(meta_value) FROM wp_postmeta WHERE post_id = \(id) AND meta_key = '_wp_attachment_image_alt' ORDER BY meta_id LIMIT 1;"
                    )
                    let library = try runHelper(
                        "/usr/bin/php", ["-r", "echo hex2bin(trim(stream_get_contents(STDIN)));"],
                        input: stored)
                    let isWritten = !left.contains(id)
                    #expect(seen[2 * index] == "wp-image-\(id)|\(isWritten ? library : "")")
                    #expect(seen[2 * index + 1] == "own wp-image-\(id)|My own words")
                    followed += isWritten && !library.isEmpty ? 1 : 0
                }
                #expect(followed > 1, "left: \(left)")
                #expect(try images(site, post: posts[1])[0] == "wp-image-\(ids[0])|")
                let named = try site.sql(
                    "SELECT COUNT(*) FROM wp_posts WHERE ID = \(posts[0]) AND post_content LIKE '%/IMG_1.jpg%';"
                )
                if !left.contains(ids[0]) {
                    #expect(named.trimmingCharacters(in: .whitespacesAndNewlines) == "0")
                }
                #expect(try site.moniker(["verify"]).status == 0)
                let listed = try site.moniker(["journal", journal, "--verbose"]).output
                #expect(listed.contains("in the content of post \(posts[0])"), "\(listed)")
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before, "after the revert")
            }
        }

        @Test(
            "generate --all --rename, then revert: every byte is back; again costs nothing",
            arguments: Engine.allCases)
        func wholeLibrary(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let stub = try ProviderStub()
                defer { do { try stub.end() } catch { Issue.record(error) } }
                let key = site.live.appendingPathComponent("key")
                try Data("sk-ant-canary-0123456789abcdefghij".utf8).write(to: key)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: key.path)
                let arguments = [
                    "--all", "--rename", "--overwrite", "--fields", "alt,title", "--keep-old",
                    "none", "--provider", "anthropic", "--base-url", stub.address, "--key-file",
                    key.path,
                ]
                let before = try site.snapshot()
                let dry = try generate(site, arguments + ["--dry-run"])
                #expect(dry.state == "planned")
                #expect(dry.usage.requests == 0)
                try site.expectUnchanged(since: before, "after the dry run")

                let report = try generate(site, arguments)
                let journal = try #require(report.journal)
                #expect(report.described > 5)
                #expect(report.usage.requests > 5)
                let alts = try site.sql(
                    "SELECT COUNT(*) FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' AND meta_value LIKE '% % %';"
                )
                #expect(
                    (Int(alts.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
                        >= report.described - report.review.count - 1)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before, "after the revert")

                let again = try generate(site, arguments)
                // Only what had no answer, because a busy machine took too long over its picture.
                #expect(
                    again.usage.requests <= report.failed.count,
                    "failed before: \(report.failed), now: \(again.failed)")
                #expect(
                    again.described >= report.described,
                    "skipped before: \(report.skipped), now: \(again.skipped)")
                try site.change(["revert", try #require(again.journal)])
                try site.expectUnchanged(since: before, "after the second revert")
            }
        }
    }
}
