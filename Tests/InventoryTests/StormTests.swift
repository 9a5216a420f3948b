import Foundation
@testable import Inventory
import Model
import Testing

/// Everything that an inventory answers.
struct Answers: Equatable {
    var items: [InventoryItem]
    var uses: [Int64: [ImageUse]]
    var duplicates: [DuplicateGroup]
    var coverage: InventoryCoverage

    init(_ inventory: Inventory) throws {
        items = try inventory.items(limit: 10_000).items
        uses = [:]
        for index in items.indices {
            uses[items[index].id] = try inventory.uses(of: AttachmentID(items[index].id))
            // Which files were hashed depends on which sizes there have been; copies do not.
            items[index].sha256 = nil
        }
        duplicates = try inventory.duplicates()
        coverage = try inventory.coverage()
    }
}

@Suite("An inventory that reads what has changed knows what one knows that reads everything")
struct StormTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func storm(seed: UInt64) throws {
        let scene = try InventoryScene()
        let storm = try Storm(scene, seed: seed)
        let store = try InventoryStore(path: scene.home.path + "/inventory.sqlite")
        let incremental = Inventory(store: store, settling: 0)
        var known = 0
        var partly = 0
        for round in 0..<40 {
            for _ in 0..<(1 + round % 4) { try storm.blow() }
            let report = try incremental.refresh(try scene.site)
            if round > 0 { #expect(!report.isFull) }
            let fresh = try scene.inventory("fresh-\(round)")
            let whole = try fresh.refresh(try scene.site)
            #expect(whole.isFull)
            if report.contentsRead < whole.contentsRead { partly += 1 }
            let (mine, theirs) = (try Answers(incremental), try Answers(fresh))
            known += theirs.uses.values.joined().count
            guard mine == theirs else {
                for (a, b) in zip(mine.items, theirs.items) where a != b {
                    Issue.record("\(a)\n\(b)")
                }
                for id in theirs.uses.keys where mine.uses[id] != theirs.uses[id] {
                    Issue.record("\(id): \(mine.uses[id] ?? [])\n\(theirs.uses[id] ?? [])")
                }
                Issue.record(
                    "seed \(seed), round \(round), after \(storm.log.suffix(5)): \(mine.duplicates) \(theirs.duplicates)"
                )
                return
            }
            // The file system's clock goes on in grains; what follows must not be in the same.
            try scene.waitForNextGrain()
        }
        // The storm must have left something to find, and something not to read.
        #expect(known > 100)
        #expect(partly > 20)
    }
}
