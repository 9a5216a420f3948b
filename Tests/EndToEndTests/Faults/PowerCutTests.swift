import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Faults: power cuts") struct PowerCutTests {
        /// What is on the disk that loses its power.
        enum Place: String, CaseIterable, CustomTestStringConvertible {
            /// Uploads, home and the SQLite database on one file system.
            case everything = "uploads, home and SQLite"
            /// The database is elsewhere: its fsync does not help ours along.
            case filesAndHome = "uploads and home, MariaDB elsewhere"
            /// The journal is elsewhere, too.
            case content = "wp-content alone, home and MariaDB elsewhere"
            /// Nothing else, not even the folder that uploads is in: the trash has to be inside.
            case uploads = "uploads alone, everything else elsewhere"

            var testDescription: String { rawValue }
            var engine: Engine { self == .everything ? .sqlite : .mariadb }
        }

        @Test(
            "ext4: forced shutdown at a system call, mounted again, recovered",
            .enabled(if: Disk.isAllowed("ext4"), "no loop devices or no forced shutdown here"),
            arguments: Place.allCases)
        func ext4(_ place: Place) throws {
            try cut("ext4", place)
        }

        @Test(
            "xfs: forced shutdown at a system call, mounted again, recovered",
            .enabled(if: Disk.isAllowed("xfs"), "no loop devices, xfs or forced shutdown here"),
            arguments: Place.allCases)
        func xfs(_ place: Place) throws {
            try cut("xfs", place)
        }

        /// The calls after which something new may, or may not yet, be on the disk.
        private static let calls = [
            "linkat", "renameat", "renameat2", "unlink", "unlinkat", "fsync", "fdatasync",
            "pwrite64", "copy_file_range", "mkdirat", "fchmod", "utimensat", "sendto",
        ]

        private func cut(_ kind: String, _ place: Place) throws {
            let seed: UInt64 = 5
            var random = SplitMix64(seed: seed)
            try TestSite.with(place.engine) { site in
                let disk = try Disk(kind, site, place)
                defer { disk.remove() }
                let scene = try FaultScene.oneFamily(site, on: disk)
                for direction in Direction.allCases {
                    let ordinals = try scene.trace(direction).ordinals
                    let cases = Self.calls.flatMap { call in
                        (ordinals[call] ?? []).map { "\(call):signal=KILL:when=\($0)" }
                    }
                    for fault in try SampledMatrix.sample(cases, usual: 1, using: &random) {
                        // A second cut while recovery is at work, one time in two.
                        let number = Int.random(in: 1...12, using: &random)
                        let second =
                            Bool.random(using: &random) ? "fsync:signal=KILL:when=\(number)" : nil
                        let what =
                            "\(kind), \(place.rawValue), \(direction), seed \(seed), "
                            + "cut at \(fault)" + (second.map { ", recovery at \($0)" } ?? "")
                        // What recovery says is finished has to be: the power goes once more.
                        try scene.attempt(what, direction, afterRecovery: disk.cut) {
                            try disk.settle()
                            _ = try site.moniker($0, injecting: fault)
                            try disk.cut()
                            if let second {
                                _ = try site.moniker(["recover"], injecting: second)
                                try disk.cut()
                            }
                            return nil
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L3", "Forced shutdown of \(kind): \(place.rawValue)",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }
    }
}

/// A file system in a loop device that holds a part of the site, and loses its power on demand.
struct Disk {
    private static let script =
        TestSite.package.path + "/Tests/Support/faults/disk.sh"
    private let kind: String
    private let image: URL
    private let folder: URL
    /// The site's home, where it belongs on the disk.
    private let home: URL?

    /// Whether such a disk can be made here; says why not.
    static func isAllowed(_ kind: String) -> Bool {
        do {
            let result = try run(script, ["allowed", kind])
            if result.status != 0 { print("No power cuts on \(kind) here: \(result.errors)") }
            return result.status == 0
        } catch {
            print("No power cuts on \(kind) here: \(error)")
            return false
        }
    }

    /// Moves a part of the site onto a fresh disk.
    init(_ kind: String, _ site: TestSite, _ place: EndToEnd.PowerCutTests.Place) throws {
        self.kind = kind
        home = place == .everything || place == .filesAndHome ? site.home : nil
        image = site.root.appendingPathComponent("disk.image")
        folder =
            place == .uploads ? site.uploads : site.wordpress.appendingPathComponent("wp-content")
        try create()
    }

    /// Makes the disk.
    func create() throws {
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        try runHelper(Self.script, ["create", image.path, folder.path, kind, owner])
        guard let home else { return }
        let held = folder.appendingPathComponent("moniker-home")
        try FileManager.default.createDirectory(
            at: held, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.createSymbolicLink(at: home, withDestinationURL: held)
    }

    /// Makes everything on it durable.
    func settle() throws { try runHelper(Self.script, ["settle", folder.path]) }

    /// The power goes and comes back.
    func cut() throws { try runHelper(Self.script, ["cut", image.path, folder.path]) }

    /// Takes it away.
    func remove() {
        do { try runHelper(Self.script, ["remove", image.path, folder.path]) } catch {
            Issue.record(error)
        }
    }
}
