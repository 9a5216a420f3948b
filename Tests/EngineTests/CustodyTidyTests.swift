import Engine
import Files
import Foundation
import Model
import SiteDatabase
import TestSupport
import Testing

@Suite("Originals and trash beyond their retention", .serialized) struct CustodyTidyTests {
    /// The names of all stored originals, by `find`.
    private func originals(_ site: EngineSite) throws -> Set<String> {
        let names = try EngineSite.run(
            "/usr/bin/find",
            [site.root.appendingPathComponent("home/originals").path, "-type", "f"])
        return Set(
            names.split(separator: "\n").compactMap { $0.split(separator: "/").last }.map(
                String.init))
    }

    @Test("Originals go after their retention; verify stays clean and a revert still works")
    func released() throws {
        let site = try EngineSite()
        let before = try site.snapshot()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        #expect(try originals(site).count == 2)
        #expect(try site.engine().tidy(retention: 3_600_000_000_000).removedOriginals == 0)
        #expect(try originals(site).count == 2)
        let report = try site.engine().tidy(retention: 0)
        #expect(report.removedOriginals == 2)
        #expect(try originals(site).isEmpty)
        #expect(try site.verify().isEmpty)
        _ = try site.revert(renamed.id)
        #expect(try site.snapshot() == before)
        // The revert needs them again, so their release was lifted.
        #expect(try originals(site).count == 2)
        #expect(try site.journal.releasedOriginals().isEmpty)
        #expect(try site.verify().isEmpty)
    }

    @Test("A revert that needs a released original is refused by name, with nothing changed")
    func refused() throws {
        let site = try EngineSite()
        let renamed = try site.rename(from: "IMG_1", to: "red-bike")
        _ = try site.engine().tidy(retention: 0)
        for name in ["red-bike.jpg", "red-bike-300x200.jpg"] {
            try FileManager.default.removeItem(
                at: site.root.appendingPathComponent("uploads/2024/05/\(name)"))
        }
        let before = try site.snapshot()
        do {
            _ = try site.revert(renamed.id)
            Issue.record("the revert has to be refused")
        } catch let error as MonikerError {
            #expect(error.code == .originalReleased)
        }
        #expect(try site.snapshot() == before)
    }

    @Test("What a younger change set needs is never released")
    func youngerNeeds() throws {
        let site = try EngineSite()
        _ = try site.rename(from: "IMG_1", to: "red-bike")
        let first = try #require(try site.journal.changeSets().first).created
        _ = try site.rename(from: "red-bike", to: "blue-boat")
        // Older than the first change set and younger than the second.
        let retention = SystemClock().now() - first - 1
        #expect(try site.engine().tidy(retention: retention).removedOriginals == 0)
        #expect(try originals(site).count == 2)
        #expect(try site.verify(readingData: true).isEmpty)
    }

    @Test("P10 Killed at any effect of tidy: never an original that is counted on and not there")
    func killedAnywhere() throws {
        var limit = 0
        var violations = 0
        while true {
            let site = try EngineSite()
            _ = try site.rename(from: "IMG_1", to: "red-bike", oldNames: .nanoseconds(1))
            do {
                _ = try site.engine(Interruption(after: limit)).tidy(retention: 0)
                break
            } catch {
                #expect(Interruption.caused(error), "\(error)")
            }
            let wrong = try site.verify(readingData: true).filter { $0.check == .original }
            violations += wrong.count
            #expect(wrong.isEmpty, "killed after \(limit): \(wrong)")
            _ = try site.engine().tidy(retention: 0)
            #expect(try originals(site).isEmpty, "killed after \(limit)")
            #expect(try site.verify(readingData: true).isEmpty, "killed after \(limit)")
            limit += 1
        }
        try FaultLedger.record(
            layer: "L3", "tidy killed at every effect", tried: limit, violations: violations)
        #expect(limit > 3, "tidy has more effects than this loop has seen")
    }

    @Test("A change set that was rolled back is forgotten after its retention, its marker last")
    func forgotten() throws {
        let site = try EngineSite()
        do {
            _ = try site.rename(
                from: "IMG_1", to: "red-bike", interruption: Interruption(after: 5))
            Issue.record("the rename has to be killed")
        } catch let error as MonikerError {
            #expect(Interruption.caused(error), "\(error)")
        }
        _ = try site.recover()
        let id = try #require(try site.journal.changeSets().first).id
        #expect(try site.journal.changeSet(id).state == .aborted)
        // A day is the least.
        #expect(try site.engine().tidy(retention: 0).forgottenChangeSets == 0)
        let later = EnginePorts(
            database: site.database, files: site.files, journal: site.journal,
            clock: ShiftedClock(by: 25 * 3600 * 1_000_000_000), random: SystemRandom())
        #expect(
            try Engine(ports: later, scope: EngineSite.scope).tidy(retention: 0)
                .forgottenChangeSets == 1)
        #expect(try site.journal.changeSets().isEmpty)
        #expect(try site.database.marker(id, prefix: "wp_") == nil)
        #expect(try originals(site).isEmpty)
        #expect(try site.verify().isEmpty)
    }
}

/// The machine's clock, ahead by a fixed time.
struct ShiftedClock: Model.Clock {
    let shift: Int64
    init(by shift: Int64) { self.shift = shift }
    func now() -> Int64 { SystemClock().now() + shift }
}

extension EngineSite {
    /// What `verify` finds.
    func verify(
        readingData: Bool = false, repairing: Bool = false
    ) throws -> [VerifyFinding] {
        try engine().verify(
            policy: EverythingPolicy(), readingData: readingData, repairing: repairing)
    }
}
