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

    @Test("A new home that several open at the same time has one inventory, and all can use it")
    func together() throws {
        for round in 0..<20 {
            let scene = try InventoryScene()
            let folder = scene.root.appendingPathComponent("home-\(round)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let failures = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                do {
                    _ = try Inventory.open(home: folder.path)
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
        }
    }
}
