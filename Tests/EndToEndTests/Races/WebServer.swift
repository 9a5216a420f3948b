import Foundation
import Testing

/// nginx on the site's uploads, at a socket of its own, and processes that ask it.
final class WebServer {
    private let folder: URL
    private let server: RunningCommand
    private let names: URL
    private var socket: String { folder.appendingPathComponent("socket").path }
    private var stopFile: URL { folder.appendingPathComponent("stop") }

    /// What the askers were told, as poller.py judges it.
    struct Verdict: Decodable {
        var requests: Int
        var during: Int
        var seconds: Double
        var missing: Int
        var wrong: [String]
    }

    /// What the database was seen to hold, and when.
    struct Timeline: Encodable {
        struct Change: Encodable {
            var set: String
            var absent_until: UInt64
            var present_from: UInt64
        }
        var first = "old"
        var changes: [Change] = []
        var always: [String] = []
        var runs: [[UInt64]] = []
    }

    private struct Markers: Decodable {
        struct Marker: Decodable {
            var id: String
            var absent_until: UInt64
            var present_from: UInt64
        }
        var queries: Int
        var markers: [Marker]
    }

    private var pollers: [RunningCommand] = []
    private var watcher: RunningCommand?

    /// Starts a server that knows the two names of each file.
    init(_ site: TestSite, names: [TwoNames]) throws {
        // A socket's path may have 107 bytes.
        folder = URL(fileURLWithPath: "/tmp/moniker-nginx-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.names = folder.appendingPathComponent("names.json")
        try JSONEncoder().encode(names).write(to: self.names)
        let template = try String(
            contentsOf: raceScripts.appendingPathComponent("nginx.conf"), encoding: .utf8)
        let configuration = folder.appendingPathComponent("nginx.conf")
        try Data(
            template.replacing("@ROOT@", with: site.uploads.path)
                .replacing("@SOCKET@", with: folder.appendingPathComponent("socket").path)
                .replacing("@FOLDER@", with: folder.path).utf8
        ).write(to: configuration)
        server = try RunningCommand("/usr/sbin/nginx", ["-c", configuration.path, "-e", "stderr"])
        let socket = folder.appendingPathComponent("socket").path
        let server = server
        try wait(for: "nginx") {
            try #require(server.isRunning, "nginx has ended")
            return FileManager.default.fileExists(atPath: socket)
        }
    }

    deinit {
        server.killAtOnce()
        do {
            _ = try server.finish()
            try FileManager.default.removeItem(at: folder)
        } catch {
            Issue.record(error)
        }
    }

    private func script(_ arguments: [String]) -> [String] {
        [raceScripts.appendingPathComponent("poller.py").path] + arguments
    }

    /// Starts two processes that ask for every URL, and one that watches the markers.
    func startAsking(_ site: TestSite, seed: UInt64) throws {
        for number in 0..<2 {
            pollers.append(
                try RunningCommand(
                    "python3",
                    script([
                        "poll", socket, names.path, log(number), stopFile.path,
                        "\(seed &+ UInt64(number) << 32)",
                    ])))
        }
        watcher = try site.startRaceScript("watch-markers.php", [stopFile.path])
        try watcher?.waitForOutput("watching")
    }

    private func log(_ number: Int) -> String {
        folder.appendingPathComponent("log-\(number).json").path
    }

    /// Ends them and judges what they were told.
    ///
    /// - Parameters:
    ///   - changes: the journal ids in order, with the set of names that each makes the held one.
    ///   - always: the sets of names that had to work all the time.
    ///   - runs: when each command started and ended.
    func judge(
        changes: [(id: String, set: String)], always: [String], runs: [[UInt64]]
    ) throws -> Verdict {
        try Data().write(to: stopFile)
        for poller in pollers {
            let ended = try poller.finish()
            try #require(ended.status == 0, "poller.py: \(ended.errors)")
        }
        let watched = try #require(try watcher?.finish())
        try #require(watched.status == 0, "watch-markers.php: \(watched.errors)")
        let json = watched.output.split(separator: "\n").last ?? ""
        let markers = try JSONDecoder().decode(Markers.self, from: Data(json.utf8)).markers
        var timeline = Timeline(always: always, runs: runs)
        for change in changes {
            let marker = try #require(markers.first { $0.id == change.id })
            timeline.changes.append(
                Timeline.Change(
                    set: change.set, absent_until: marker.absent_until,
                    present_from: marker.present_from))
        }
        let file = folder.appendingPathComponent("timeline.json")
        try JSONEncoder().encode(timeline).write(to: file)
        let logs = pollers.indices.map(log)
        pollers = []
        try FileManager.default.removeItem(at: stopFile)
        return try decode(runHelper("python3", script(["judge", file.path] + logs)))
    }

    /// Asks once for every name of these sets.
    func askOnce(_ sets: [String]) throws -> Verdict {
        try decode(runHelper("python3", script(["once", socket, names.path] + sets)))
    }

    private func decode(_ json: String) throws -> Verdict {
        try JSONDecoder().decode(Verdict.self, from: Data(json.utf8))
    }
}
