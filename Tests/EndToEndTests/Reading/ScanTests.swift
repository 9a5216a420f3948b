import Foundation
import Testing

extension EndToEnd {
    @Suite("scan and images on a real WordPress") struct ScanTests {
        private struct Scan: Decodable {
            struct Counts: Decodable {
                var present: Int
                var missing: Int
                var decorative: Int
            }

            struct Work: Decodable {
                var full: Bool
                var changed_attachments: Int
                var contents_read: Int
            }

            var attachments: Int
            var images: Int
            var files: Int
            var missing_files: Int
            var fields: [String: Counts]
            var used: Int
            var unused: Int
            var camera_names: Int
            var duplicates: Int
            var references: Int?
            var scan: Work
        }

        @Test("scan counts what SQL counts, and what is on disk", arguments: Engine.allCases)
        func counts(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try site.sql(Library.mixedTexts)
                let first = try site.read(["scan"], as: Scan.self)
                #expect(first.scan.full)
                let all = try Library.ids(site, "1 = 1")
                let missing = try Library.ids(site, "meta_id IS NULL")
                let decorative = try Library.ids(
                    site, "meta_id IS NOT NULL AND TRIM(meta_value) = ''")
                #expect(missing.count > 5)
                #expect(decorative.count > 5)
                #expect(first.images == all.count)
                #expect(first.fields["alt"]?.missing == missing.count)
                #expect(first.fields["alt"]?.decorative == decorative.count)
                #expect(
                    first.fields["alt"]?.present == all.count - missing.count - decorative.count)
                for (field, column) in [
                    ("title", "post_title"), ("caption", "post_excerpt"),
                    ("description", "post_content"),
                ] {
                    let empty = try Library.ids(site, "TRIM(\(column)) = ''").count
                    #expect(first.fields[field]?.missing == empty, "\(field)")
                    #expect(first.fields[field]?.present == all.count - empty, "\(field)")
                }
                #expect(first.used + first.unused == all.count)
                let total = try site.sql(
                    "SELECT COUNT(*) FROM wp_posts WHERE post_type = 'attachment';")
                #expect(String(first.attachments) == total.split(separator: "\n").first ?? "")
                // Every file that WordPress made is of an image, but for one of a PDF and its preview.
                let names = Set(site.attachments.values.flatMap(\.names.values))
                #expect(first.files > names.count / 2)
                #expect(first.references == nil)

                let second = try site.read(["scan"], as: Scan.self)
                #expect(!second.scan.full)
                #expect(second.scan.changed_attachments == 0)
                let id = try #require(missing.first)
                try site.sql(
                    """
                    INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
                    VALUES (\(id), '_wp_attachment_image_alt', 'A boat on a lake');
                    """)
                let third = try site.read(["scan"], as: Scan.self)
                #expect(third.scan.changed_attachments == 1)
                #expect(third.scan.contents_read == 0)
                #expect(third.fields["alt"]?.missing == missing.count - 1)
                let full = try site.read(["scan", "--full"], as: Scan.self)
                #expect(full.scan.full)
                #expect(try #require(full.references) > 100)
            }
        }

        @Test("scan finds copies that a person put there", arguments: Engine.allCases)
        func copies(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                let hero = site.uploads.appendingPathComponent("2024/05/kept.jpg")
                let copy = site.uploads.appendingPathComponent("2024/05/trees.jpg")
                try FileManager.default.removeItem(at: copy)
                try FileManager.default.copyItem(at: hero, to: copy)
                #expect(try site.read(["scan", "--hash", "none"], as: Scan.self).duplicates == 0)
                #expect(try site.read(["scan"], as: Scan.self).duplicates == 1)
                let result = try site.moniker(["scan"])
                #expect(result.output.contains("copies of another image: 1 in 1 group"))
            }
        }

        @Test("images lists those that SQL finds, by every condition", arguments: Engine.allCases)
        func conditions(_ engine: Engine) throws {
            try TestSite.with(engine) { site in
                try site.sql(Library.mixedTexts)
                let conditions = [
                    (["--missing", "alt"], "meta_id IS NULL"),
                    (["--missing", "title"], "TRIM(post_title) = ''"),
                    (["--missing", "caption"], "TRIM(post_excerpt) = ''"),
                    (["--missing", "DESCRIPTION"], "TRIM(post_content) = ''"),
                    (["--decorative"], "meta_id IS NOT NULL AND TRIM(meta_value) = ''"),
                    (
                        ["--missing", "caption", "--decorative"],
                        "TRIM(post_excerpt) = '' AND meta_id IS NOT NULL AND TRIM(meta_value) = ''"
                    ),
                ]
                for (arguments, condition) in conditions {
                    let listed = try site.read(["images"] + arguments, as: [ListedImage].self)
                    #expect(listed.map(\.id) == (try Library.ids(site, condition)), "\(arguments)")
                    #expect(!listed.isEmpty)
                }
                let first = try site.read(
                    ["images", "--missing", "alt", "--limit", "2"], as: [ListedImage].self)
                #expect(
                    first.map(\.id)
                        == (try Library.ids(site, "meta_id IS NULL")).prefix(2).map { $0 })
                let cameras = try site.read(["images", "--camera-names"], as: [ListedImage].self)
                #expect(cameras.contains { $0.file == "2024/05/IMG_1.jpg" })
                #expect(!cameras.contains { $0.file.contains("trees") })
                let found = try site.read(["images", "--search", "trees"], as: [ListedImage].self)
                #expect(found.count >= 3)
                #expect(
                    found.allSatisfy { $0.file.contains("trees") || $0.title.contains("trees") })
            }
        }

        @Test("What WordPress uses is used, and used and unused are all")
        func uses() throws {
            try TestSite.with(.mariadb) { site in
                struct Answers: Decodable {
                    struct Use: Decodable { var attachment: Int }
                    var uses: [Use]
                    var language: String
                }
                let answer = try site.php("inventory/answers.php")
                let wordpress = try JSONDecoder().decode(
                    Answers.self, from: Data(answer.output.utf8))
                let used = try site.read(["images", "--used"], as: [ListedImage].self)
                let unused = try site.read(["images", "--unused"], as: [ListedImage].self)
                let ids = Set(used.map(\.id))
                #expect(Set(wordpress.uses.map(\.attachment)).subtracting(ids).isEmpty)
                #expect(wordpress.uses.count > 5)
                #expect(ids.isDisjoint(with: unused.map(\.id)))
                #expect(used.count + unused.count == (try Library.ids(site, "1 = 1")).count)
                #expect(used.allSatisfy { $0.uses > 0 && $0.language == wordpress.language })
                #expect(!unused.isEmpty)
                for image in unused where !image.file.isEmpty {
                    let number = try site.sql(
                        """
                        SELECT COUNT(*) FROM wp_posts WHERE post_type <> 'attachment'
                            AND post_status IN ('publish', 'draft', 'private', 'pending', 'future')
                            AND post_content LIKE '%uploads/\(image.file)%';
                        """)
                    #expect(number.hasPrefix("0"), "\(image.file)")
                }
            }
        }

        @Test("A field that is none is refused in a sentence")
        func wrongField() throws {
            try TestSite.with(.sqlite) { site in
                let result = try site.moniker(["images", "--missing", "colour"])
                #expect(result.status == 64)
                #expect(
                    result.errorLines == [
                        "error: images have no field \"colour\": give one of alt, title, caption, description to --missing"
                    ])
                #expect(result.output.isEmpty)
            }
        }

        @Test("CSV is read by others as it was meant, and no cell is a formula")
        func csv() throws {
            try TestSite.with(.sqlite) { site in
                let hostile = [
                    "=HYPERLINK(\"http://example.org\")", "+1", "-1", "@SUM(A1)", "\tx", "a,b",
                    "a \"quoted\" word", "two\nlines", "two\r\nlines", "= x", "plain",
                ]
                let ids = try Library.ids(site, "1 = 1")
                for (id, text) in zip(ids, hostile) {
                    // sqlite3 would take the CR of a line's end away.
                    let quoted = text.replacing("'", with: "''")
                        .replacing("\r\n", with: "' || char(13) || char(10) || '")
                    try site.sql("UPDATE wp_posts SET post_title = '\(quoted)' WHERE ID = \(id);")
                }
                let result = try site.moniker(["images", "--format", "csv"])
                #expect(result.status == 0, "\(result.errors)")
                let rows = try TestSite.python(
                    "read-csv.py", input: result.output, as: [[String: String]].self)
                #expect(rows.map { $0["id"] } == ids.map { String($0) })
                for (row, text) in zip(rows, hostile) {
                    let title = try #require(row["title"])
                    let isFormula = text.unicodeScalars.first.map {
                        "=+-@\t".unicodeScalars.contains($0)
                    }
                    #expect(title == (isFormula == true ? "'" : "") + text)
                }
            }
        }

        @Test("Many images are listed with little memory")
        func memory() throws {
            try TestSite.with(.sqlite) { site in
                try site.sql(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 100000 UNION ALL SELECT i + 1 FROM n WHERE i < 107999)
                    INSERT INTO wp_posts (ID, post_author, post_date, post_date_gmt, post_content,
                        post_title, post_excerpt, post_status, comment_status, ping_status,
                        post_password, post_name, to_ping, pinged, post_modified,
                        post_modified_gmt, post_content_filtered, post_parent, guid, menu_order,
                        post_type, post_mime_type, comment_count)
                    SELECT i, 1, '2024-05-01 00:00:00', '2024-05-01 00:00:00', '', 'Image ' || i, '',
                        'inherit', 'open', 'closed', '', 'image-' || i, '', '',
                        '2024-05-01 00:00:00', '2024-05-01 00:00:00', '', 0, '', 0, 'attachment',
                        'image/jpeg', 0 FROM n;
                    INSERT INTO wp_postmeta (post_id, meta_key, meta_value)
                    SELECT ID, '_wp_attached_file', '2020/01/many-' || ID || '.jpg' FROM wp_posts
                    WHERE ID BETWEEN 100000 AND 107999;
                    """)
                _ = try site.read(["scan"], as: Scan.self)
                let short = try site.moniker(
                    ["images", "--no-refresh", "--limit", "10", "--format", "csv"],
                    measuresMemory: true)
                let long = try site.moniker(
                    ["images", "--no-refresh", "--format", "csv"], measuresMemory: true)
                #expect(long.output.split(separator: "\r\n").count > 8000)
                let least = try #require(short.peakKilobytes)
                let most = try #require(long.peakKilobytes)
                #expect(most < least + 16 * 1024, "\(least) and \(most) kB")
            }
        }
    }
}
