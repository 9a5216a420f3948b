import Foundation
import TestSupport
import Testing

/// The program with crash points compiled in, which `make test` builds with the tests, beside the
/// shipped one.
private enum CrashPointBinary {
    static let path = TestSite.package.appendingPathComponent(".build/debug/moniker").path
    static var isBuilt: Bool {
        FileManager.default.contents(atPath: path)?.range(of: Data("MONIKER_CRASH_AT".utf8)) != nil
    }
}

extension EndToEnd {
    @Suite(
        "Faults: compiled-in crash points",
        .enabled(
            if: CrashPointBinary.isBuilt,
            "the tests were not built with MONIKER_CRASH_POINTS=1, as `make test` does"))
    struct CrashPointTests {
        @Test("SIGKILL at each crash point", arguments: Engine.allCases)
        func killed(_ engine: Engine) throws {
            let seed: UInt64 = 5
            var random = SplitMix64(seed: seed)
            try TestSite.with(engine) { site in
                let scene = try FaultScene.oneFamily(site)
                for direction in Direction.allCases {
                    let count = try scene.crashPoints(direction)
                    try #require(count > 250)
                    let points = (1...count).map { "\($0)" }
                    for point in try SampledMatrix.sample(points, usual: 12, using: &random) {
                        let what = "\(engine), \(direction), crash point \(point) of \(count)"
                        try scene.attempt(what, direction) {
                            let result = try site.crashing($0, ["MONIKER_CRASH_AT=\(point)"])
                            return result.wasKilled ? nil : result
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L3", "SIGKILL at compiled-in crash points, \(engine)",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }

        @Test("kill -9 of mariadbd at crash points of the program")
        func serverKilled() throws {
            let seed: UInt64 = 6
            var random = SplitMix64(seed: seed)
            try TestSite.with(.mariadb) { site in
                let scene = try FaultScene.oneFamily(site)
                for direction in Direction.allCases {
                    let count = try scene.crashPoints(direction)
                    try #require(count > 250)
                    let points = (1...count).map { "\($0)" }
                    for point in try SampledMatrix.sample(points, usual: 4, using: &random) {
                        let what = "\(direction), mariadbd killed at point \(point) of \(count)"
                        try scene.attempt(what, direction) {
                            let server = try site.serverProcess()
                            let result = try site.crashing(
                                $0,
                                [
                                    "MONIKER_CRASH_AT=\(point)", "MONIKER_CRASH_PROCESS=\(server)",
                                ])
                            TestSite.killServer(server)
                            try site.startServer()
                            return result
                        }
                    }
                }
                try FaultLedger.record(
                    layer: "L4", "kill -9 of mariadbd at compiled-in crash points",
                    tried: scene.tried, violations: scene.violations.count)
            }
        }

        @Test("The shipped program has no crash points")
        func shippedHasNone() throws {
            let names = { (path: String) in
                try run("grep", ["-c", "-a", "MONIKER_CRASH_AT", path]).status
            }
            #expect(try names(CrashPointBinary.path) == 0)
            #expect(try names(MonikerBinary.path) == 1)
        }
    }
}

extension FaultScene {
    /// How many crash points an undisturbed run has, which is taken back.
    fileprivate func crashPoints(_ direction: Direction) throws -> Int {
        let log = site.root.appendingPathComponent("crash-points.log")
        try Data().write(to: log)
        let result = try site.crashing(
            try arguments(direction), ["MONIKER_CRASH_LOG=\(log.path)"])
        try #require(result.status == 0, "\(result.errors)")
        let left = try settle()
        try #require(left.isEmpty, "\(left)")
        return try Data(contentsOf: log).count
    }
}

extension TestSite {
    /// Runs the program that has crash points.
    fileprivate func crashing(
        _ arguments: [String], _ variables: [String]
    ) throws -> CommandResult {
        try run("env", variables + [CrashPointBinary.path] + siteArguments + arguments)
    }
}
