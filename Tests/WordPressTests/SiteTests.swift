import Files
import Foundation
import Model
import SiteDatabase
import Testing
import WordPress

@Suite("Where a site is") struct SiteTests {
    private func layout(_ site: LibrarySite, _ php: String) throws -> SiteLayout {
        try Data("<?php define('DB_ENGINE', 'sqlite');\n\(php)".utf8).write(
            to: site.root.appendingPathComponent("wp-config.php"))
        return try SiteLayout.inspect(
            site: site.root.path, configurationFile: nil, hasDatabaseOverride: true,
            environment: [:])
    }

    private func uploads(
        _ php: String = "", options: [String: String] = [:], blog: Int64? = nil
    ) throws -> (UploadsFolder, root: String) {
        let site = try LibrarySite()
        var all = ["siteurl": "https://example.com", "home": "https://example.com"]
        all.merge(options) { $1 }
        for (name, value) in all {
            try site.sql(
                "INSERT INTO wp_options (option_name, option_value) VALUES ('\(name)', '\(value)')")
        }
        let folder = try UploadsFolder.compute(
            layout: try layout(site, php), database: site.database, prefix: "wp_", blog: blog,
            override: nil)
        return (folder, site.root.path)
    }

    @Test func usualFolder() throws {
        let (folder, root) = try uploads()
        #expect(String(decoding: folder.directory, as: UTF8.self) == root + "/wp-content/uploads")
        #expect(folder.url == "https://example.com/wp-content/uploads")
        #expect(folder.urlPaths == ["/wp-content/uploads"])
        #expect(folder.hosts == ["example.com"])
    }

    @Test("An address made from the request's host is taken from the options")
    func addressOfTheRequest() throws {
        let (folder, _) = try uploads(
            "define('WP_SITEURL', 'https://' . $_SERVER['HTTP_HOST']); define('WP_HOME', WP_SITEURL);"
        )
        #expect(folder.url == "https://example.com/wp-content/uploads")
        #expect(folder.hosts == ["example.com"])
    }

    @Test("F18 Links from before upload_url_path was set are still the folder's")
    func addressBeforeTheCDN() throws {
        let (folder, _) = try uploads(
            options: [
                "upload_url_path": "https://cdn.example.com/m", "siteurl": "https://example.com/b",
            ])
        #expect(folder.urlPaths == ["/m", "/b/wp-content/uploads"])
    }

    @Test(
        "F18 upload_path, upload_url_path, UPLOADS, WP_CONTENT_DIR, subfolders, networks",
        arguments: [
            ("", ["upload_path": "media"], nil, "/media", "https://example.com/media"),
            (
                "",
                ["upload_path": "/data/media", "upload_url_path": "https://cdn.example.com/m/"],
                nil,
                "=/data/media", "https://cdn.example.com/m"
            ),
            ("define('UPLOADS', 'files');", [:], nil, "/files", "https://example.com/files"),
            (
                "define('WP_CONTENT_DIR', __DIR__ . '/app');", [:], nil, "/app/uploads",
                "https://example.com/app/uploads"
            ),
            (
                "", ["siteurl": "https://example.com/blog", "home": "https://example.com"], nil,
                "/wp-content/uploads", "https://example.com/blog/wp-content/uploads"
            ),
            (
                "define('WP_SITEURL', 'https://new.example.com');", [:], nil, "/wp-content/uploads",
                "https://new.example.com/wp-content/uploads"
            ),
            (
                "define('MULTISITE', true);", [:], Int64(3), "/wp-content/uploads/sites/3",
                "https://example.com/wp-content/uploads/sites/3"
            ),
        ] as [(String, [String: String], Int64?, String, String)])
    func otherFolders(
        _ item: (php: String, options: [String: String], blog: Int64?, folder: String, url: String)
    ) throws {
        let (folder, root) = try uploads(item.php, options: item.options, blog: item.blog)
        let expected =
            item.folder.hasPrefix("=") ? String(item.folder.dropFirst()) : root + item.folder
        #expect(String(decoding: folder.directory, as: UTF8.self) == expected)
        #expect(folder.url == item.url)
    }

    @Test func aFolderWithoutConfigurationIsRefused() throws {
        let site = try LibrarySite()
        do {
            _ = try SiteLayout.inspect(
                site: site.root.path, configurationFile: nil, hasDatabaseOverride: false,
                environment: [:])
            Issue.record("no site was taken for one")
        } catch {
            #expect(error.code == .notASite)
        }
    }

    @Test func configurationOneLevelUp() throws {
        let site = try LibrarySite()
        _ = try layout(site, "define('DB_FILE', 'x.sqlite');")
        let inner = site.root.appendingPathComponent("public")
        try FileManager.default.createDirectory(
            at: inner.appendingPathComponent("wp-includes"), withIntermediateDirectories: true)
        let layout = try SiteLayout.inspect(
            site: inner.path, configurationFile: nil, hasDatabaseOverride: false, environment: [:])
        #expect(layout.root == inner.path)
        #expect(layout.database == .sqlite(path: inner.path + "/wp-content/database/x.sqlite"))
    }

    @Test(
        "W04 W05 Tables of this blog and of all; columns that identify are left",
        arguments: [
            (nil, ["wp_2a", "wp_posts", "wp_users"]), (Int64(2), ["wp_2_posts", "wp_users"]),
        ] as [(Int64?, [String])])
    func tables(_ item: (blog: Int64?, names: [String])) throws {
        let site = try LibrarySite()
        let layout = try layout(site, "define('MULTISITE', true);")
        let policy = SitePolicy(
            layout: layout, blog: item.blog, blogs: [1, 2], metadataDirectories: [:])
        let column = ColumnSchema(name: "guid", kind: .text)
        let tables = ["other_posts", "wp_2_posts", "wp_2a", "wp_posts", "wp_users"].map {
            TableSchema(
                name: $0, columns: [column, ColumnSchema(name: "body", kind: .text)],
                primaryKey: [], storageEngine: "InnoDB", isTransactional: true)
        }
        #expect(policy.scannedTables(of: tables).map(\.name) == item.names)
        #expect(policy.scannedColumns(of: tables[0]).map(\.name) == ["body"])
    }
}
