import Dispatch
import Foundation
import Inventory
import Model
import Synchronization
import Testing

@Suite("An inventory that somebody else is writing") struct BusyTests {
    @Test("A refresh says that it is busy, and what is there can still be read")
    func busy() throws {
        let scene = try InventoryScene()
        try scene.attach(1, "2024/05/lamp.jpg")
        let inventory = try scene.inventory()
        #expect(try !inventory.isTaken())
        _ = try inventory.refresh(try scene.site)
        #expect(try inventory.isTaken())
        try scene.sql(
            "ATTACH '\(scene.home.path)/inventory.sqlite' AS inventory; BEGIN IMMEDIATE")
        #expect {
            _ = try inventory.refresh(try scene.site)
        } throws: {
            ($0 as? MonikerError)?.code == .busy
        }
        #expect(try inventory.count() == 1)
        try scene.sql("ROLLBACK; DETACH inventory")
        _ = try inventory.refresh(try scene.site)
    }

    @Test("Many who open a new one at the same time all get it", arguments: 1...20)
    func begunTogether(_ round: Int) throws {
        let home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-begun-\(round)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
        }
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                _ = try Inventory.open(home: home.path).isTaken()
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
    }
}
