import Inventory
import Model
import Testing

@Suite("What coverage counts beside texts") struct CountTests {
    let scene: InventoryScene

    init() throws { scene = try InventoryScene() }

    @Test("Files on disk are counted once each, and follow the folder")
    func files() throws {
        try scene.attach(1, "2024/05/lamp.jpg", sizes: ["lamp-300x200.jpg"])
        try scene.attach(2, "2024/05/desk.jpg")
        // A translation: another row, the same file.
        try scene.attach(3, "2024/05/desk.jpg")
        try scene.attach(4, "2024/06/gone.jpg", sizes: ["gone-300x200.jpg"])
        try scene.remove("2024/06/gone.jpg")
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        #expect(try inventory.coverage().files == 4)
        #expect(try inventory.coverage().missingFiles == 1)
        try scene.waitForNextGrain()
        try scene.remove("2024/05/lamp-300x200.jpg")
        _ = try inventory.refresh(try scene.site)
        #expect(try inventory.coverage().files == 3)
        try scene.waitForNextGrain()
        try scene.write("2024/05/lamp-300x200.jpg", "again")
        _ = try inventory.refresh(try scene.site)
        #expect(try inventory.coverage().files == 4)
    }

    @Test("The bytes of files that nobody uses are counted once each")
    func unusedBytes() throws {
        try scene.attach(1, "2024/05/lamp.jpg", content: String(repeating: "a", count: 100))
        try scene.attach(2, "2024/05/desk.jpg", content: String(repeating: "b", count: 30))
        try scene.attach(3, "2024/05/desk.jpg", content: String(repeating: "b", count: 30))
        try scene.attach(4, "2024/05/chair.jpg", content: String(repeating: "c", count: 7))
        try scene.post(10, "<!-- wp:image {\"id\":1} --><img><!-- /wp:image -->")
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        #expect(try inventory.coverage().unusedBytes == 37)
    }

    @Test("Copies are told of each other, translations are none")
    func copies() throws {
        try scene.attach(1, "2024/05/lamp.jpg", content: "same")
        try scene.attach(2, "2024/05/desk.jpg", content: "same")
        try scene.attach(3, "2024/05/desk.jpg", content: "same")
        try scene.attach(4, "2024/05/chair.jpg", content: "else")
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        #expect(try inventory.copies(of: AttachmentID(1)).map(\.rawValue) == [2, 3])
        #expect(try inventory.copies(of: AttachmentID(2)).map(\.rawValue) == [1])
        #expect(try inventory.copies(of: AttachmentID(4)) == [])
    }

    @Test("Posts stand before options in the list of uses")
    func order() throws {
        try scene.attach(1, "2024/05/lamp.jpg")
        try scene.option("site_icon", "1")
        try scene.post(10, "<!-- wp:image {\"id\":1} --><img><!-- /wp:image -->")
        let inventory = try scene.inventory()
        _ = try inventory.refresh(try scene.site)
        let uses = try inventory.uses(of: AttachmentID(1))
        #expect(uses.map(\.post) == [10, nil])
    }
}
