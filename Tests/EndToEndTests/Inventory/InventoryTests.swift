import Files
import Foundation
import Inventory
import Model
import Rewriting
import SiteDatabase
import Testing
import WordPress

extension EndToEnd {
    @Suite("The inventory of a real WordPress") struct InventoryTests {
        @Test("The inventory says of images and their uses what WordPress says")
        func agreement() throws {
            try TestSite.with(.mariadb) { site in
                let inventory = try Inventory.open(home: try home(of: site))
                let first = try inventory.refresh(try inventorySite(site), hashing: .all)
                #expect(first.isFull)
                try expectAgreement(inventory, site, made: nil)

                let result = try site.php("inventory/edit.php")
                let edits = try JSONDecoder().decode(Edits.self, from: Data(result.output.utf8))
                let second = try inventory.refresh(try inventorySite(site), hashing: .all)
                #expect(!second.isFull)
                #expect(second.contentsRead < first.contentsRead)
                try expectAgreement(inventory, site, made: Set(edits.made))

                // WordPress's own screen leaves an empty row where the text was cleared.
                let cleared = try inventory.item(AttachmentID(edits.cleared))
                #expect(cleared?.states[.alt] == .decorative)
                let removed = try inventory.item(AttachmentID(edits.removed))
                #expect(removed?.states[.alt] == .missing)
                let kinds = try inventory.items(limit: 10_000).items.flatMap {
                    try inventory.uses(of: AttachmentID($0.id), limit: 1000)
                        .filter { $0.post == edits.product }.map(\.kind.rawValue)
                }
                #expect(kinds.sorted() == ["product", "product-gallery", "product-gallery"])
            }
        }

        @Test("MariaDB and SQLite tell the same of the same site")
        func engines() throws {
            var found: [[InventoryItem]] = []
            for engine in Engine.allCases {
                try TestSite.with(engine) { site in
                    let inventory = try Inventory.open(home: try home(of: site))
                    _ = try inventory.refresh(try inventorySite(site))
                    found.append(try inventory.items(limit: 10_000).items)
                    #expect(try inventory.coverage().used > 5)
                }
            }
            #expect(found.count == 2)
            #expect(found.first == found.last)
        }

        // MARK: Oracle

        private struct Edits: Decodable {
            var made: [Int64]
            var cleared: Int64
            var removed: Int64
            var product: Int64
        }

        private struct Use: Decodable, Hashable {
            var post: Int64
            var attachment: Int64
        }

        private struct WordPressAnswers: Decodable {
            struct Image: Decodable {
                var title: String
                var caption: String
                var description: String
                var alt: String?
                var width: Int
                var height: Int
                var bytes: Int64?
                var sha256: String?
            }
            var images: [String: Image]
            var uses: [Use]
            var language: String
        }

        /// - Parameter made: the posts of which WordPress's answers are complete: others name images
        ///   in dresses that only the rewriter reads.
        private func expectAgreement(
            _ inventory: Inventory, _ site: TestSite, made: Set<Int64>?
        ) throws {
            let result = try site.php("inventory/answers.php")
            let answers = try JSONDecoder().decode(
                WordPressAnswers.self, from: Data(result.output.utf8))
            let items = try inventory.items(limit: 10_000).items
            #expect(items.count > 10)
            #expect(Set(items.map { String($0.id) }) == Set(answers.images.keys))
            var uses: Set<Use> = []
            for item in items {
                let image = try #require(answers.images[String(item.id)])
                #expect(item.texts[.title] == image.title)
                #expect(item.texts[.caption] == image.caption)
                #expect(item.texts[.description] == image.description)
                #expect(item.texts[.alt] == image.alt)
                #expect(item.width == image.width, "\(item.id) \(item.path)")
                #expect(item.height == image.height)
                #expect(item.bytes == image.bytes)
                #expect(item.sha256 == image.sha256)
                #expect(item.language == answers.language)
                for use in try inventory.uses(of: AttachmentID(item.id), limit: 1000) {
                    if let post = use.post { uses.insert(Use(post: post, attachment: item.id)) }
                }
            }
            let missed = Set(answers.uses).subtracting(uses)
            #expect(missed.isEmpty, "\(missed)")
            #expect(answers.uses.count > 5)
            guard let made else { return }
            // Of attachments that share a file, WordPress tells one.
            let paths = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0.path) })
            func files(_ uses: some Sequence<Use>) -> Set<String> {
                Set(
                    uses.filter { made.contains($0.post) }
                        .map { "\($0.post) \(paths[$0.attachment] ?? "")" })
            }
            let mine = files(uses)
            #expect(mine == files(answers.uses))
            #expect(mine.count >= 11)
        }

        // MARK: Site

        private func home(of site: TestSite) throws -> String {
            try FileManager.default.createDirectory(
                at: site.home, withIntermediateDirectories: true)
            return site.home.path
        }

        private func inventorySite(_ site: TestSite) throws -> InventorySite {
            let layout = try SiteLayout.inspect(
                site: site.wordpress.path, configurationFile: nil, hasDatabaseOverride: false,
                environment: [:])
            let database: any SiteDatabase
            switch try #require(layout.database) {
            case .sqlite(let path): database = try SQLiteDatabase(path: path)
            case .mariaDB(_, _, let socket, let user, let password, let name, _):
                let secret = password.replacing(" ", with: "%20")
                database = try DatabaseLocation(
                    url: "mariadb://\(user):\(secret)@localhost/\(name)?socket=\(socket ?? "")"
                ).open()
            }
            let uploads = try UploadsFolder.compute(
                layout: layout, database: database, prefix: layout.basePrefix, blog: nil,
                override: nil)
            return InventorySite(
                database: database,
                files: try LocalMediaFiles(
                    uploads: uploads.directory, home: Array(site.home.path.utf8)),
                prefix: layout.basePrefix, uploads: uploads,
                location: UploadsLocation(
                    hosts: uploads.hosts, urlPaths: uploads.urlPaths,
                    directories: uploads.spellings, assumesUsualServerFolders: false))
        }
    }
}
