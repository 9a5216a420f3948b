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
            let states = image.item.states
            #expect(
                states[.title] == (row.title.allSatisfy(\.isWhitespace) ? .missing : .present))
            #expect(states[.alt] == (row[.alt].isEmpty ? .missing : .present))
        }
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
        for id in ids {
            let row = try site.texts(of: id)
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

    @Test("Backslashes in alternatives arrive, which WordPress's API takes out", arguments: [
        #"C:\new\folder"#, #"a \\ b"#, #"\"#, #"ends with \"#, #"\0 and \' and \""#,
    ])
    func backslashes(text: String) async throws {
        let site = try RealSite()
        let id = try #require(try someIDs(site, 1).first)
        let remote = try await site.connect()
        let report = try await remote.write([change(id, [.alt: text])])
        #expect(report.changes.map(\.state) == [.written], "\(report.changes)")
        #expect(try site.texts(of: id).alt == [text])
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
        let id = try #require(try someIDs(site, 1).first)
        let before = try site.texts(of: id)
        let author = try await site.connect(role: "editor")
        // An editor may store any HTML on one site; a tag in an alternative goes for everybody.
        let report = try await author.write([change(id, [.alt: "A <b>bold</b>  boat\n"])])
        #expect(report.changes.map(\.state) == [.altered])
        #expect(report.changes[0].stored == "A bold boat")
        #expect(try site.texts(of: id).alt == ["A bold boat"])
        _ = try await author.revert(try #require(report.changeSet))
        #expect(try site.texts(of: id)[.alt] == before[.alt])
    }
}
