import Foundation
import Jobs
import Synchronization
import TestSupport
import Testing

/// A clock that stands still until a test moves it.
final class ModelClock: JobClock {
    private let state = Mutex((wall: Int64(1_800_000_000), uptime: Int64(50_000), boot: "first"))

    func wall() -> Int64 { state.withLock { $0.wall } }
    func uptime() -> Int64 { state.withLock { $0.uptime } }
    func boot() -> String { state.withLock { $0.boot } }

    func advance(seconds: Int64) {
        state.withLock {
            $0.wall += seconds
            $0.uptime += seconds * 1_000_000_000
        }
    }

    /// Sets the wall clock alone, as an administrator does.
    func setWall(by seconds: Int64) { state.withLock { $0.wall += seconds } }

    /// Starts the machine anew.
    func reboot() {
        state.withLock {
            $0.boot += "+"
            $0.uptime = 1
        }
    }
}

/// A queue in a folder of its own.
struct Scene {
    let home: URL
    let clock = ModelClock()
    var policy = JobPolicy()

    init() throws {
        home = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-jobs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    }

    /// Opens the queue, as each process does for itself.
    func store() throws -> JobStore {
        try JobStore(home: home.path, policy: policy, clock: clock)
    }

    func remove() {
        do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
    }

    /// What the sqlite3 program reads in the queue: no code of the project is asked.
    func sql(_ query: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "sqlite3", home.appendingPathComponent("jobs.sqlite").path, ".timeout 10000", query,
        ]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    static func with(_ body: (Scene) throws -> Void) throws {
        let scene = try Scene()
        defer { scene.remove() }
        try body(scene)
    }
}
