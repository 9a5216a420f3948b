import Foundation
@testable import Inventory
import Model
import Testing

@Suite("What is known of images") struct ItemTests {
    let scene: InventoryScene

    init() throws { scene = try InventoryScene() }

    private func refreshed() throws -> Inventory {
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        return inventory
    }

    private func ids(_ inventory: Inventory, _ filter: InventoryFilter) throws -> [Int64] {
        let ids = try inventory.items(filter, limit: 100).items.map(\.id)
        #expect(try inventory.count(filter) == ids.count)
        return ids
    }

    @Test("A row that is empty is decoration, no row is a missing text")
    func states() throws {
        try scene.attach(1, "2024/05/a.jpg", alt: "A lamp", title: "Lamp", caption: "c")
        try scene.attach(2, "2024/05/b.jpg", alt: "", title: " ", description: "d")
        try scene.attach(3, "2024/05/c.jpg")
        try scene.attach(4, "2024/05/d.jpg", alt: "  ")
        let inventory = try refreshed()
        let states = try (1...4).map { try inventory.item(AttachmentID($0))?.states[.alt] }
        #expect(states == [.present, .decorative, .missing, .decorative])
        #expect(try inventory.item(AttachmentID(1))?.missing == [.description])
        #expect(try inventory.item(AttachmentID(2))?.missing == [.title, .caption])
        #expect(try inventory.item(AttachmentID(2))?.texts[.alt] == "")
        #expect(try inventory.item(AttachmentID(3))?.texts[.alt] == nil)
        #expect(try ids(inventory, InventoryFilter(missing: .alt)) == [3])
        #expect(try ids(inventory, InventoryFilter(isDecorative: true)) == [2, 4])
        #expect(try ids(inventory, InventoryFilter(missing: .caption, isDecorative: false)) == [3])
        let coverage = try inventory.coverage()
        #expect(coverage.images == 4)
        #expect(coverage.present[.alt] == 1)
        #expect(coverage.missing[.alt] == 1)
        #expect(coverage.decorative == 2)
        #expect(coverage.missing[.title] == 1)
        #expect(coverage.present[.description] == 1)
    }

    @Test("Dimensions, size, type and file are those of the metadata and the disk")
    func files() throws {
        try scene.attach(1, "2024/05/a.jpg", width: 640, height: 480, content: "12345")
        try scene.attach(2, "2024/05/b.png", mime: "image/png")
        try scene.remove("2024/05/b.png")
        try scene.attach(3, "2024/05/c.pdf", mime: "application/pdf")
        let inventory = try refreshed()
        let item = try #require(try inventory.item(AttachmentID(1)))
        #expect((item.width, item.height, item.bytes, item.path) == (640, 480, 5, "2024/05/a.jpg"))
        #expect(try inventory.item(AttachmentID(2))?.bytes == nil)
        #expect(try inventory.item(AttachmentID(2))?.mime == "image/png")
        #expect(try inventory.item(AttachmentID(3)) == nil)
        #expect(try inventory.coverage().missingFiles == 1)
    }

    @Test(
        "Copies are files of the same content, as sha256sum says; translations of one file are not")
    func duplicates() throws {
        try scene.attach(1, "2024/05/a.jpg", content: "same")
        try scene.attach(2, "2024/06/b.jpg", content: "same")
        try scene.attach(3, "2024/06/c.jpg", content: "samf")
        try scene.attach(4, "2024/06/d.jpg", content: "alone in its size")
        try scene.attach(5, "2024/06/d.jpg", content: "alone in its size")
        let inventory = try refreshed()
        let digest = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5"
        #expect(
            try inventory.duplicates() == [
                DuplicateGroup(sha256: digest, attachments: [1, 2], bytes: 4)
            ])
        #expect(try inventory.item(AttachmentID(4))?.sha256 == nil)
        #expect(try inventory.coverage().duplicates == 1)

        try scene.write("2024/06/b.jpg", "other content")
        _ = try inventory.refresh(try scene.site, hashing: .all)
        #expect(try inventory.duplicates() == [])
        #expect(try inventory.item(AttachmentID(4))?.sha256 != nil)
    }

    @Test("Pages follow each other without a gap")
    func pages() throws {
        for id in 1...7 { try scene.attach(id * 3, "2024/05/p\(id).jpg", alt: id == 4 ? "x" : nil) }
        let inventory = try refreshed()
        var found: [[Int64]] = []
        var cursor: AttachmentID?
        repeat {
            let page = try inventory.items(
                InventoryFilter(missing: .alt), after: cursor, limit: 2)
            found.append(page.items.map(\.id))
            cursor = page.next
        } while cursor != nil
        #expect(found == [[3, 6], [9, 15], [18, 21]])
    }

    @Test(
        "Search looks into file names and texts",
        arguments: [
            ("lamp", [1]), ("LAMP", [1]), ("2024/06", [2]), ("10%", [2]), ("0%", [2]), ("é", [3]),
            ("a\"b", [3]), ("xyz", []), ("_", [1]),
        ])
    func search(text: String, expected: [Int64]) throws {
        try scene.attach(1, "2024/05/desk_lamp.jpg", title: "One")
        try scene.attach(2, "2024/06/two.jpg", title: "Two", caption: "10% off")
        try scene.attach(3, "2024/05/three.jpg", alt: "a\"b", title: "café")
        #expect(try ids(try refreshed(), InventoryFilter(search: text)) == expected)
    }

    @Test("Used and unused, in combination with other conditions")
    func used() throws {
        try scene.attach(1, "2024/05/IMG_1234.jpg")
        try scene.attach(2, "2024/05/b.jpg", alt: "x")
        try scene.attach(3, "2024/05/c.jpg")
        try scene.post(10, "<img class='wp-image-1'><img class='wp-image-2'>")
        let inventory = try refreshed()
        #expect(try ids(inventory, InventoryFilter(isUsed: true)) == [1, 2])
        #expect(try ids(inventory, InventoryFilter(isUsed: false)) == [3])
        #expect(try ids(inventory, InventoryFilter(missing: .alt, isUsed: true)) == [1])
        #expect(try ids(inventory, InventoryFilter(isUsed: true, hasCameraName: true)) == [1])
        #expect(try inventory.coverage().used == 2)
    }

    @Test(
        "Names that cameras and programs give",
        arguments: [
            ("IMG_1234", true), ("img-20240501-wa0003", true), ("DSC04711", true),
            ("DSCN0001", true), ("P1010023", true), ("PXL_20230101_120000", true),
            ("20240501_120000", true), ("Screenshot 2024-05-01", true), ("image (3)", true),
            ("550e8400-e29b-41d4-a716-446655440000", true),
            ("d41d8cd98f00b204e9800998ecf8427e", true), ("IMG_1234-scaled", true),
            ("lamp", false), ("img-of-a-lamp", false), ("room-101", false), ("facade", false),
            ("dscount", false), ("p", false),
        ])
    func cameraNames(name: String, expected: Bool) throws {
        try scene.attach(1, "2024/05/\(name).jpg")
        #expect(try refreshed().item(AttachmentID(1))?.hasCameraName == expected)
    }

    @Test(
        "A title that WordPress made of the file name is told from a person's",
        arguments: [
            ("IMG_1234", "IMG_1234", true), ("desk-lamp", "Desk lamp", true),
            ("photo-1", "photo", true), ("photo-scaled", "photo", true), ("photo", "Lamp", false),
            ("photo", "", false),
        ])
    func titles(name: String, title: String, expected: Bool) throws {
        try scene.attach(1, "2024/05/\(name).jpg", title: title)
        #expect(try refreshed().item(AttachmentID(1))?.hasFileNameAsTitle == expected)
    }

    @Test(
        "The site's locale as a BCP 47 tag",
        arguments: [
            ("", "en-US"), ("de_DE", "de-DE"), ("de_DE_formal", "de-DE"), ("pt_BR", "pt-BR"),
            ("pt_PT_ao90", "pt-PT"), ("ja", "ja"), ("zh_CN", "zh-CN"), ("es_419", "es-419"),
            ("zh_Hant_TW", "zh-Hant-TW"), ("../etc", "en-US"),
        ])
    func siteLanguage(locale: String, tag: String) throws {
        try scene.attach(1, "2024/05/a.jpg")
        try scene.option("WPLANG", locale)
        #expect(try refreshed().item(AttachmentID(1))?.language == tag)
    }

    @Test("WPML and Polylang say the language of an image, else the page that uses it does")
    func languages() throws {
        for id in 1...4 { try scene.attach(id, "2024/05/a\(id).jpg") }
        try scene.post(10, "<img class='wp-image-3'>")
        try scene.sql(
            """
            CREATE TABLE wp_icl_translations (translation_id INTEGER PRIMARY KEY,
                element_type TEXT, element_id INTEGER, trid INTEGER, language_code TEXT);
            INSERT INTO wp_icl_translations VALUES (1, 'post_attachment', 1, 1, 'pt-br'),
                (2, 'tax_category', 2, 2, 'fr'), (3, 'post_post', 10, 3, 'zh-hans');
            INSERT INTO wp_terms VALUES (5, 'Deutsch', 'de');
            INSERT INTO wp_term_taxonomy VALUES (7, 5, 'language', 'a:1:{s:6:"locale";s:5:"de_AT";}');
            INSERT INTO wp_term_relationships VALUES (2, 7);
            """)
        let inventory = try refreshed()
        let tags = try (1...4).map { try inventory.item(AttachmentID($0))?.language }
        #expect(tags == ["pt-BR", "de-AT", "zh-Hans", "en-US"])
    }

    @Test("A second refresh of a site at rest reads no content, no folder and no file")
    func rest() throws {
        for id in 1...5 { try scene.attach(id, "2024/05/a\(id).jpg", content: "same") }
        try scene.post(10, "<img class='wp-image-1'>")
        try scene.meta(10, "_elementor_data", "[{\"url\":\"\(url("2024/05/a2.jpg"))\"}]")
        try scene.waitForNextGrain()
        let inventory = Inventory(
            store: try InventoryStore(path: scene.home.path + "/inventory.sqlite"), settling: 0)
        let first = try inventory.refresh(try scene.site)
        #expect(first.isFull)
        #expect(first.filesHashed == 5)
        let second = try inventory.refresh(try scene.site)
        #expect(
            second
                == RefreshReport(
                    isFull: false, attachments: 5, changedAttachments: 0,
                    foldersRead: 0, posts: 1, contentsRead: 0, valuesRead: 0, filesHashed: 0))
        let third = try inventory.refresh(try scene.site, full: true)
        #expect(third.contentsRead == 1)
        #expect(third.filesHashed == 0)
    }

    @Test("A damaged file and one of another version are made anew", arguments: ["junk", "future"])
    func damage(kind: String) throws {
        try scene.attach(1, "2024/05/a.jpg")
        _ = try refreshed()
        let file = scene.home.appendingPathComponent("inventory.sqlite")
        if kind == "junk" {
            for suffix in ["-wal", "-shm"] {
                let beside = scene.home.path + "/inventory.sqlite" + suffix
                if FileManager.default.fileExists(atPath: beside) {
                    try FileManager.default.removeItem(atPath: beside)
                }
            }
            try Data(repeating: 0x41, count: 8192).write(to: file)
        } else {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
            process.arguments = [file.path, "PRAGMA user_version = 99"]
            try process.run()
            process.waitUntilExit()
        }
        let inventory = try scene.inventory()
        #expect(try inventory.coverage().images == 0)
        #expect(try inventory.refresh(try scene.site).isFull)
        #expect(try inventory.coverage().images == 1)
    }

    @Test("A refresh that fails leaves what was known")
    func failure() throws {
        try scene.attach(1, "2024/05/a.jpg")
        let inventory = try refreshed()
        try scene.attach(2, "2024/05/b.jpg")
        try scene.sql("ALTER TABLE wp_postmeta RENAME TO elsewhere")
        #expect(throws: MonikerError.self) { try inventory.refresh(try scene.site) }
        #expect(try inventory.coverage().images == 1)
        try scene.sql("ALTER TABLE elsewhere RENAME TO wp_postmeta")
        #expect(try inventory.refresh(try scene.site).changedAttachments == 1)
    }
}
