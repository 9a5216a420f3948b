import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Faults: the database dies or the connection is cut")
    struct DatabaseDeathTests {
        @Test("kill -9 of mariadbd during a bulk rename and its revert")
        func killed() throws {
            let seed: UInt64 = 3
            var random = SplitMix64(seed: seed)
            try TestSite.with(.mariadb) { site in
                let scene = try FaultScene.library(site)
                let clock = ContinuousClock()
                for attempt in 0..<(try SampledMatrix.budget(2, all: 100)) {
                    for direction in Direction.allCases {
                        let moment = scene.length * Double.random(in: 0...1.1, using: &random)
                        let what =
                            "\(direction), seed \(seed), attempt \(attempt), after \(moment)"
                        try scene.attempt(what, direction) { arguments in
                            let running = try RunningCommand(
                                MonikerBinary.path, site.siteArguments + arguments)
                            let deadline = clock.now + moment
                            while clock.now < deadline, running.isRunning { usleep(200) }
                            try site.killServer()
                            let result = try running.finish()
                            try site.startServer()
                            return result
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L4", "kill -9 of mariadbd in a bulk rename", tried: scene.tried,
                    violations: scene.violations.count)
            }
        }

        @Test("The connection is cut around COMMIT")
        func cutAroundCommit() throws {
            let moments = ["before-commit", "after-commit", "before-answer", "after-answer"]
            try TestSite.with(.mariadb) { site in
                let scene = try FaultScene.oneFamily(site)
                // The server can be reached again at once, or not before recovery.
                for moment in moments.flatMap({ [$0, $0 + "-down"] }) {
                    for direction in Direction.allCases {
                        try scene.attempt("\(direction), cut \(moment)", direction) {
                            let (result, seen) = try site.moniker($0, cutting: moment, number: 0)
                            #expect(seen.cuts == 1, "\(moment)")
                            return result
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L4", "Connection cut around COMMIT", tried: scene.tried,
                    violations: scene.violations.count)
            }
        }

        @Test("The connection is cut before and after forwarding the Nth command")
        func cutAnywhere() throws {
            let seed: UInt64 = 4
            var random = SplitMix64(seed: seed)
            try TestSite.with(.mariadb) { site in
                let scene = try FaultScene.oneFamily(site)
                for direction in Direction.allCases {
                    let (counted, whole) = try site.moniker(
                        try scene.arguments(direction), cutting: "count", number: 0)
                    try #require(counted.status == 0 && whole.commits >= 1, "\(counted) \(whole)")
                    let left = try scene.settle()
                    try #require(left.isEmpty, "\(left)")
                    let moments = [
                        "before-command", "after-command", "before-command-down",
                        "after-command-down",
                    ]
                    let cases = (1...whole.commands).flatMap { number in
                        moments.map { "\($0):\(number)" }
                    }
                    for cut in try SampledMatrix.sample(cases, usual: 4, using: &random) {
                        let parts = cut.split(separator: ":")
                        let number = try #require(Int(parts[1]))
                        let what =
                            "\(direction), seed \(seed), cut \(cut) of \(whole.commands)"
                        try scene.attempt(what, direction) {
                            try site.moniker($0, cutting: String(parts[0]), number: number).0
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L4", "Connection cut at each command to the database",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }
    }
}

/// What the proxy saw of a command of ours.
struct SeenByProxy {
    var commands = 0
    var commits = 0
    var cuts = 0
}

extension TestSite {
    /// The private socket of the site's server.
    private var serverSocket: String {
        get throws {
            let text = try String(
                contentsOf: wordpress.appendingPathComponent("wp-config.php"), encoding: .utf8)
            let match = try #require(text.firstMatch(of: /'localhost:(.*?)'/))
            return String(match.1)
        }
    }

    /// Runs the program with a proxy between it and the database that cuts the connection once.
    func moniker(
        _ arguments: [String], cutting moment: String, number: Int
    ) throws -> (CommandResult, SeenByProxy) {
        let server = try serverSocket
        let door = URL(fileURLWithPath: server).deletingLastPathComponent()
            .appendingPathComponent("proxy.sock").path
        let proxy = try RunningCommand(
            "python3",
            [
                Self.package.path + "/Tests/Support/faults/database-proxy.py", server, door, moment,
                String(number),
            ])
        try proxy.waitForOutput("listening")
        let database = "mariadb://wordpress:correct%20horse@localhost/wordpress?socket=\(door)"
        let result = try run(
            "timeout",
            ["-k", "10", "60", MonikerBinary.path, "--database", database] + siteArguments
                + arguments)
        try proxy.waitForOutput("open 0 ")
        proxy.killAtOnce()
        let said = try proxy.finish().output.split(separator: "\n")
        let last = try #require(said.last?.split(separator: " "))
        try #require(last.count == 8, "\(last)")
        return (
            result,
            SeenByProxy(
                commands: Int(last[3]) ?? 0, commits: Int(last[5]) ?? 0, cuts: Int(last[7]) ?? 0)
        )
    }

    /// Kills the site's database server the way a power cut would, and waits until it is gone.
    func killServer() throws { Self.killServer(try serverProcess()) }

    /// The same for a server whose process is known: one that is gone already has taken the file
    /// with its number along.
    static func killServer(_ server: pid_t) {
        kill(server, SIGKILL)
        while kill(server, 0) == 0 { usleep(1000) }
    }

    /// The process of the site's server.
    func serverProcess() throws -> pid_t {
        let file = URL(fileURLWithPath: try serverSocket).deletingLastPathComponent()
            .appendingPathComponent("server.pid")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// Starts the server again on the same data.
    func startServer() throws {
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        try runHelper(Self.script, ["start", root.path, owner])
    }
}
