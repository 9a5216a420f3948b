import Engine
import Files
import Foundation
import Model
import TestSupport
import Testing

@Suite("A value that could not be rewritten, and a crash", .serialized) struct CustodyConflictTests
{
    @Test("I1 Killed at any effect: the old name that a refused cell goes on naming works")
    func killedWithConflict() throws {
        var limit = 0
        var violations = 0
        var finished = false
        while !finished {
            let site = try EngineSite()
            try site.sql(
                """
                CREATE TABLE wp_links (id INTEGER PRIMARY KEY, url TEXT UNIQUE);
                INSERT INTO wp_links VALUES (1, '/wp-content/uploads/2024/05/IMG_1.jpg'),
                    (2, '/wp-content/uploads/2024/05/red-bike.jpg');
                """)
            do {
                _ = try site.rename(
                    from: "IMG_1", to: "red-bike", interruption: Interruption(after: limit))
                finished = true
            } catch let error as MonikerError {
                #expect(Interruption.caused(error), "\(error)")
            }
            _ = try site.recover()
            let works = try site.exists("IMG_1.jpg")
            #expect(works, "killed after \(limit): a cell names IMG_1.jpg, which is gone")
            let dangling = try site.found().filter { $0.check == .reference }
            #expect(dangling.isEmpty, "killed after \(limit): \(dangling)")
            violations += works && dangling.isEmpty ? 0 : 1
            limit += 1
        }
        #expect(limit > 15)
        try FaultLedger.record(
            layer: "L3", "rename with a refused cell killed at every effect", tried: limit,
            violations: violations)
    }
}
