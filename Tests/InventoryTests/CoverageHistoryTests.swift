import Foundation
import Model
import Testing

@testable import Inventory

@Suite("Coverage of earlier days")
struct CoverageHistoryTests {
    private static let day: Int64 = 86_400
    private let home = FileManager.default.temporaryDirectory
        .appendingPathComponent("moniker-coverage-\(UUID().uuidString)")

    /// Records snapshots in a new home and returns those that are kept: images and scores.
    private func kept(
        _ snapshots: [(taken: Int64, images: Int, score: Int?)], site: String = "wp_"
    ) throws -> [[Int]] {
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
        }
        for snapshot in snapshots {
            var coverage = InventoryCoverage()
            coverage.images = snapshot.images
            // Each time anew, as commands do.
            try CoverageHistory(home: home.path).record(
                CoverageSnapshot(
                    taken: snapshot.taken, coverage: coverage, score: snapshot.score), of: "wp_")
        }
        return try CoverageHistory(home: home.path).snapshots(of: site)
            .map { [$0.coverage.images, $0.score ?? -1] }
    }

    @Test("Of every day the last one is kept, and the first of all")
    func days() throws {
        let kept = try kept([
            (0, 1, nil), (10, 2, nil), (20, 3, nil), (Self.day, 4, nil), (Self.day + 5, 5, nil),
        ])
        #expect(kept == [[1, -1], [3, -1], [5, -1]])
    }

    @Test("Two within one second are two")
    func sameSecond() throws {
        #expect(try kept([(7, 1, nil), (7, 2, nil)]) == [[1, -1], [2, -1]])
    }

    @Test("The first score stays, and a later scan takes no score away")
    func scores() throws {
        let kept = try kept([
            (0, 1, nil), (1, 2, 40), (2, 3, nil), (3, 4, 60), (4, 5, 70), (5, 6, nil),
        ])
        #expect(kept == [[1, -1], [2, 40], [5, 70], [6, -1]])
    }

    @Test("Blogs of a network have histories of their own")
    func sites() throws {
        #expect(try kept([(0, 1, nil)], site: "wp_2_") == [])
    }

    @Test("Counts by field survive the file")
    func fields() throws {
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
        }
        var coverage = InventoryCoverage()
        coverage.missing = [.alt: 3, .caption: 7]
        coverage.unusedBytes = 1 << 40
        try CoverageHistory(home: home.path).record(
            CoverageSnapshot(taken: 1, coverage: coverage), of: "wp_")
        #expect(
            try CoverageHistory(home: home.path).snapshots(of: "wp_").map(\.coverage)
                == [coverage])
    }
}
