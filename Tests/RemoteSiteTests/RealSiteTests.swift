import Foundation
import HTTPClient
import Inventory
import Model
import RemoteSite
import Testing

@Suite("A real WordPress over REST", .serialized) struct RealSiteTests {
    /// The ids of some images that have a file.
    private func someIDs(_ site: RealSite, _ count: Int) throws -> [Int64] {
        try site.texts().filter { $0.mime == "image/jpeg" && !$0.title.isEmpty }.prefix(count)
            .map(\.id)
    }

    @Test("All images are listed with the texts that the database holds", arguments: [100, 7])
    func listing(pageSize: Int) async throws {
        let site = try RealSite()
        var settings = try site.settings(role: "administrator")
        settings.pageSize = pageSize
        let remote = try await RemoteSite.connect(
            settings, home: site.home.path, client: site.client)
        let images = try await remote.images()
        // WordPress lists the types that may be uploaded; the tests' SVG is none of them.
        let stored = try site.texts().filter {
            $0.mime.hasPrefix("image/") && $0.mime != "image/svg+xml"
        }
        try #require(stored.count > 20)
        #expect(images.map(\.item.id) == stored.map(\.id))
        for (image, row) in zip(images, stored) {
            for field in MetadataField.allCases {
                #expect(image.item.texts[field] == row[field])
            }
            #expect(image.post ?? 0 == row.parent)
            #expect(image.item.mime == row.mime)
            #expect(row.file.hasSuffix("/uploads/" + image.item.path), "\(row.file)")
            let states = image.item.states
            #expect(
                states[.title] == (row.title.allSatisfy(\.isWhitespace) ? .missing : .present))
            #expect(states[.alt] == (row[.alt].isEmpty ? .missing : .present))
        }
        #expect(images.count { $0.item.width > 0 && $0.item.height > 0 } > 20)
        #expect(remote.name == "Example")
        #expect(remote.language == "en-US")
        #expect(remote.account.roles == ["administrator"] && remote.account.canStoreAnyHTML)
    }

    @Test("Texts are written, are exactly what the database holds, and are taken back")
    func writingAndReverting() async throws {
        let site = try RealSite()
        let ids = try someIDs(site, 3)
        let before = try site.texts()
        let remote = try await site.connect()
        let texts: [MetadataField: String] = [
            .alt: "A red “bicycle” & a 'blue' gate – 50% off, 日本語 e\u{301}",
            .title: "Bicycle & gate + 100% \"ours\" \\ back",
            .caption: "Line one\nline two with <em>emphasis</em>",
            .description: "A longer text; a=b&c=d\\n 👍🏽\n\nNew paragraph",
        ]
        let report = try await remote.write(ids.map { change($0, texts) })
        #expect(report.failure == nil && report.notReached.isEmpty)
        #expect(report.count(.written) == 12, "\(report.changes.filter { $0.state != .written })")
        let rows = try site.texts()
        for id in ids {
            let row = try #require(rows.first { $0.id == id })
            for (field, text) in texts {
                #expect(Array(row[field].utf8) == Array(text.utf8), "\(field)")
            }
            #expect(row.alt.count == 1)
        }
        let set = try #require(report.changeSet)
        #expect(set.description.hasPrefix("R"))
        let history = try remote.history()
        #expect(history.map(\.id) == [set] && history[0].attachments == 3)

        let taken = try await remote.revert(set)
        #expect(taken.count(.written) == 12)
        for (row, earlier) in zip(try site.texts(), before) {
            for field in MetadataField.allCases { #expect(row[field] == earlier[field]) }
        }
        let again = try await failure { try await remote.revert(set) }
        #expect(again.code == .alreadyReverted)

        // What takes back can be taken back, and then the first can be again.
        let other = try await remote.revert(try #require(taken.changeSet))
        #expect(other.count(.written) == 12)
        #expect(try site.texts(of: ids[0])[.alt] == texts[.alt])
        #expect(try await remote.revert(set).count(.written) == 12)
        #expect(try site.texts(of: ids[0])[.alt] == before.first { $0.id == ids[0] }?[.alt])
    }

    @Test("Backslashes in alternatives arrive, which WordPress's API takes out")
    func backslashes() async throws {
        let site = try RealSite()
        let texts = [#"C:\new\folder"#, #"a \\ b"#, #"\"#, #"ends with \"#, #"\0 and \' and \""#]
        let changes = zip(try someIDs(site, texts.count), texts).map { change($0, [.alt: $1]) }
        try #require(changes.count == texts.count)
        let remote = try await site.connect()
        let report = try await remote.write(changes)
        #expect(report.count(.written) == texts.count, "\(report.changes)")
        let rows = try site.texts()
        for change in changes {
            let row = rows.first { $0.id == change.attachment.rawValue }
            #expect(row?.alt == change.texts[.alt].map { [$0] })
        }
    }

    @Test("A person who was faster wins, in writing and in taking back")
    func conflicts() async throws {
        let site = try RealSite()
        let id = try #require(try someIDs(site, 1).first)
        let remote = try await site.connect()
        let image = try await remote.image(AttachmentID(id))
        try site.edit(id, .alt, "Written by a person")
        let report = try await remote.write([
            change(
                id, [.alt: "Written by a machine", .caption: "Caption"], expected: image.item.texts)
        ])
        #expect(report.changes.map(\.state) == [.conflict, .written])
        #expect(report.changes[0].stored == "Written by a person")
        #expect(try site.texts(of: id).alt == ["Written by a person"])

        try site.edit(id, .caption, "Another caption")
        let taken = try await remote.revert(try #require(report.changeSet))
        #expect(taken.changes.map(\.state) == [.conflict])
        #expect(try site.texts(of: id).caption == "Another caption")
    }

    @Test("What WordPress does not allow is told as altered, and is taken back")
    func altered() async throws {
        let site = try RealSite()
        try site.install(plugin: "define('DISALLOW_UNFILTERED_HTML', true);")
        let id = try #require(try someIDs(site, 1).first)
        let before = try site.texts(of: id)
        let remote = try await site.connect()
        let report = try await remote.write([
            change(
                id,
                [
                    .alt: "A <b>bold</b>  boat\n", .caption: "<em>A</em> <script>b()</script>",
                    .description: "Plain",
                ])
        ])
        #expect(report.changes.map(\.state) == [.altered, .altered, .written])
        #expect(report.changes.map(\.stored) == ["A bold boat", "<em>A</em> b()", nil])
        let now = try site.texts(of: id)
        #expect(now.alt == ["A bold boat"] && now.caption == "<em>A</em> b()")
        _ = try await remote.revert(try #require(report.changeSet))
        let taken = try site.texts(of: id)
        for field in MetadataField.allCases { #expect(taken[field] == before[field]) }
    }

    @Test("A site without pretty permalinks is found and written")
    func plainPermalinks() async throws {
        let site = try RealSite()
        try site.php("edit.php", ["0", "option", "permalink_structure", ""])
        let remote = try await site.connect()
        #expect(remote.root.contains("rest_route=/"))
        let id = try #require(try someIDs(site, 1).first)
        let report = try await remote.write([change(id, [.title: "A title & more"])])
        #expect(report.count(.written) == 1)
        #expect(try site.texts(of: id).title == "A title & more")
        #expect(try await remote.images().count > 20)
    }

    @Test("Why WordPress does not know who asks is told")
    func unauthorized() async throws {
        let site = try RealSite()
        var settings = try site.settings()
        func refusal() async throws -> MonikerError {
            let (settings, home, client) = (settings, site.home.path, site.client)
            return try await failure {
                try await RemoteSite.connect(settings, home: home, client: client)
            }
        }
        try site.turnOn("drop-authorization")
        let dropped = try await refusal()
        #expect(dropped.code == .restUnauthorized && dropped.message.contains("CGIPassAuth"))
        try site.turnOn("production")
        let plain = try await refusal()
        #expect(plain.code == .restUnauthorized && plain.message.contains("only over https"))
        try site.turnOn()
        settings.password = try #require(ApplicationPassword("the password to log in with"))
        let wrong = try await refusal()
        #expect(wrong.code == .restUnauthorized && wrong.message.contains("application password"))
        // With a plugin that asks early who it is, WordPress says what is wrong.
        try site.install(
            plugin: """
                add_filter('rest_authentication_errors', function ($error) {
                    wp_get_current_user();
                    return $error;
                }, 1);
                """)
        let said = try await refusal()
        #expect(said.details["type"] == "incorrect_password" && !said.message.contains("CGI"))
        settings.user = "nobody"
        #expect(try await refusal().code == .restUnauthorized)
        settings = try site.settings(role: "subscriber")
        let subscriber = try await refusal()
        #expect(subscriber.code == .restForbidden, "\(subscriber)")
        try site.install(
            plugin: """
                add_filter('rest_endpoints', fn($all) => array_filter($all,
                    fn($route) => !str_starts_with($route, '/wp/v2'), ARRAY_FILTER_USE_KEY));
                """)
        #expect(try await refusal().code == .restMissing)
    }

    @Test("An author may write nobody else's images, which ends nothing but those")
    func author() async throws {
        let site = try RealSite()
        let ids = try someIDs(site, 2)
        let remote = try await site.connect(role: "author")
        #expect(!remote.account.canEditOthers)
        let before = try site.texts()
        let report = try await remote.write(ids.map { change($0, [.alt: "New"]) })
        #expect(report.changes.map(\.state) == [.notWritten, .notWritten])
        #expect(report.changes.map(\.failure?.code) == ["rest-forbidden", "rest-forbidden"])
        #expect(report.failure == nil)
        #expect(try site.texts() == before)
    }

    @Test("Decoration is an empty row, and is known again by the history")
    func decoration() async throws {
        let site = try RealSite()
        let id = try #require(try someIDs(site, 1).first)
        try site.php("edit.php", [String(id), "no-alt"])
        try #require(try site.texts(of: id).alt.isEmpty)
        let remote = try await site.connect()
        let attachment = AttachmentID(id)
        #expect(try await remote.image(attachment).item.states[.alt] == .missing)
        let report = try await remote.write([change(id, [.alt: ""])])
        #expect(report.count(.written) == 1)
        #expect(try site.texts(of: id).alt == [""])
        #expect(try await remote.image(attachment).item.states[.alt] == .decorative)
        let again = try await remote.write([change(id, [.alt: ""])])
        #expect(again.changes.map(\.state) == [.unchanged] && again.changeSet == nil)
        _ = try await remote.revert(try #require(report.changeSet))
        #expect(try await remote.image(attachment).item.states[.alt] == .missing)
    }

    @Test("An image that was deleted ends nothing but itself; nothing can be renamed")
    func deleted() async throws {
        let site = try RealSite()
        let ids = try someIDs(site, 2)
        let remote = try await site.connect()
        try site.php("edit.php", [String(ids[0]), "delete"])
        let report = try await remote.write(ids.map { change($0, [.alt: "New"]) })
        #expect(report.changes.map(\.state) == [.notWritten, .written])
        #expect(report.changes[0].failure?.code == "unknown-attachment")
        var renaming = change(ids[1], [:])
        renaming.stem = Array("new-name".utf8)
        let refusal = try await failure { [renaming] in try await remote.write([renaming]) }
        #expect(refusal.code == .invalidArgument)
    }

    @Test("The picture is the file, and the post that it belongs to is known, also as a draft")
    func pictureAndContext() async throws {
        let site = try RealSite()
        let remote = try await site.connect()
        let rows = try site.texts()
        var looked = 0
        for image in try await remote.images() where image.item.bytes != nil {
            let row = try #require(rows.first { $0.id == image.item.id })
            guard FileManager.default.fileExists(atPath: row.file), looked < 12 else { continue }
            looked += 1
            let file = try Data(contentsOf: URL(fileURLWithPath: row.file))
            #expect(Data(try await remote.picture(of: image)) == file, "\(row.file)")
        }
        #expect(looked == 12)
        let id = try #require(try someIDs(site, 1).first)
        let post = try site.php(
            "edit.php", [String(id), "attach", "A draft & its title", "page", "draft"])
        let image = try await remote.image(AttachmentID(id))
        let context = try await remote.context(for: image, website: "A shop")
        #expect(context.uses.map(\.title) == ["A draft & its title"])
        #expect(context.uses.first?.post == Int64(post))
        #expect(context.uses.first?.postType == "page")
        #expect(context.website == "A shop" && context.width > 0)
        #expect(image.item.path.hasSuffix(context.fileName) && !context.fileName.isEmpty)
    }
}
