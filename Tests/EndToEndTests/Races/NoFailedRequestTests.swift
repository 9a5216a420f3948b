import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("No failed request") struct NoFailedRequestTests {
        /// Renames the library and reverts it, again and again, while every URL is asked for.
        @Test(
            "While everything is renamed and reverted, every name that the database can hold is served",
            arguments: ["none", "24h"], FaultLedger.isLongRun ? Array(0..<5 as Range<UInt64>) : [0])
        func renameAndRevert(_ keepOld: String, _ seed: UInt64) throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                let server = try WebServer(site, names: try site.plannedNames())
                try server.startAsking(site, seed: seed)
                var changes: [(id: String, set: String)] = []
                var runs: [[UInt64]] = []
                func run(_ arguments: [String], _ set: String) throws -> String {
                    let start = monotonicNanoseconds()
                    let report = try site.change(arguments)
                    runs.append([start, monotonicNanoseconds()])
                    let journal = try #require(report.journal)
                    changes.append((journal, set))
                    return journal
                }
                for _ in 0..<(FaultLedger.isLongRun ? 10 : 2) {
                    let journal = try run(
                        ["rename", "--map", site.libraryMap.path]
                            // A day is what holds where nothing is said.
                            + (keepOld == "24h" ? [] : ["--keep-old", keepOld]), "new")
                    _ = try run(["revert", journal], "old")
                }
                let verdict = try server.judge(
                    changes: changes, always: keepOld == "none" ? [] : ["old"], runs: runs)
                let rate = Double(verdict.during) / verdict.seconds
                print(
                    "keep-old \(keepOld), seed \(seed): \(verdict.requests) requests, \(verdict.during) of them in \(verdict.seconds) s of \(runs.count) commands (\(Int(rate))/s), \(verdict.missing) names not in use, \(verdict.wrong.count) violations"
                )
                try RaceLedger.add(
                    "requests during renames and reverts, --keep-old \(keepOld)",
                    tried: verdict.during, violations: verdict.wrong.count)
                #expect(
                    verdict.wrong.isEmpty,
                    "seed \(seed): \(verdict.wrong.prefix(20).joined(separator: "\n"))")
                #expect(verdict.during >= 5000)
                #expect(rate >= 500)
                // The askers were able to see a missing file.
                #expect(verdict.missing > 0)
                try site.expectUnchanged(since: before, "seed \(seed)")
            }
        }

        @Test(
            "After a SIGKILL and before any recovery, every name that the database holds is served",
            arguments: FaultLedger.isLongRun ? Array(0..<10 as Range<UInt64>) : [0])
        func killed(_ seed: UInt64) throws {
            try TestSite.with(.mariadb) { site in
                let names = try site.plannedNames()
                let server = try WebServer(site, names: names)
                var random = SplitMix64(seed: seed)
                let clock = ContinuousClock()
                let start = clock.now
                let whole = try site.change(
                    ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
                let length = clock.now - start
                try site.change(["revert", try #require(whole.journal)])
                var asked = 0
                var wrong: [String] = []
                var current: String?
                for attempt in 0..<(FaultLedger.isLongRun ? 40 : 6) {
                    let command =
                        if let current {
                            ["revert", current]
                        } else {
                            ["rename", "--map", site.libraryMap.path, "--keep-old", "none"]
                        }
                    let running = try RunningCommand(
                        MonikerBinary.path, site.siteArguments + command)
                    let deadline = clock.now + length * Double.random(in: 0...1.1, using: &random)
                    while clock.now < deadline, running.isRunning { usleep(200) }
                    running.killAtOnce()
                    let ended = try running.finish()
                    // Nothing has been recovered.
                    let held = try site.holdsNewNames() ? "new" : "old"
                    let verdict = try server.askOnce([held])
                    asked += verdict.requests
                    wrong += verdict.wrong.map {
                        "seed \(seed), attempt \(attempt) (\(command[0]), killed: \(ended.wasKilled)): \($0)"
                    }
                    try site.expectWordPressIsContent()
                    let recovered = try site.moniker(["recover"])
                    #expect(recovered.status == 0, "\(recovered.errors)")
                    let isNew = try site.holdsNewNames()
                    #expect(isNew == (held == "new"))
                    current =
                        isNew
                        ? try site.latestJournal(in: site.moniker(["--json", "journal"]).output)
                        : nil
                }
                try RaceLedger.add(
                    "requests after a SIGKILL, before recovery", tried: asked,
                    violations: wrong.count)
                #expect(wrong.isEmpty, "\(wrong.prefix(20).joined(separator: "\n"))")
            }
        }
    }
}
