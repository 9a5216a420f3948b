import Foundation
import TestSupport
import Testing

extension EndToEnd.Races {
    @Suite(
        "Two processes on one site, and one that is stopped",
        .enabled(if: StoppedMoniker.isPossible, "strace is not installed or may not trace"))
    struct TwoProcessTests {
        /// Everything that another process may try meanwhile, with its own home or the same.
        private func attempts(_ site: TestSite) throws -> [(arguments: [String], home: URL)] {
            let another = site.live.appendingPathComponent("another-home")
            return [
                (site.libraryRename(keepOld: "none"), site.home),
                (site.libraryRename(keepOld: "none"), another),
                (["--json", "rename", "\(try site.id("alpha"))", "taken-meanwhile"], another),
                (["--json", "recover"], site.home), (["--json", "tidy"], site.home),
                (["--json", "recover"], another), (["--json", "tidy"], another),
                (["--json", "verify", "--repair"], another),
            ]
        }

        @Test(
            "While one stands still at any moment, nobody else changes anything; then it finishes",
            arguments: Engine.allCases,
            FaultLedger.isLongRun ? Array(0..<20 as Range<UInt64>) : [0])
        func stopped(_ engine: Engine, _ seed: UInt64) throws {
            try TestSite.with(engine) { site in
                var random = SplitMix64(seed: seed)
                let before = try site.snapshot()
                let rename = site.libraryRename(keepOld: "none")
                let counts = try StopPoint.counts(site, rename)
                let journal = try site.latestJournal(
                    in: site.moniker(["--json", "journal"]).output)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
                var tried = 0
                let tally = Tally()
                for call in StopPoint.calls(with: &random, atLeast: engine == .sqlite ? 1 : 2) {
                    guard let count = counts[call] else {
                        // There is no connection to send to.
                        #expect(engine == .sqlite && call == "sendto")
                        continue
                    }
                    let number = Int.random(in: 1...count, using: &random)
                    let what = "seed \(seed), stopped after \(call) #\(number) of \(count)"
                    let worker = try StoppedMoniker(site, rename, after: call, number: number)
                    guard try worker.waitUntilStopped() else {
                        // The last calls of a run differ a little from run to run.
                        let ended = try worker.goOn()
                        tally.expect(ended.status == 0, "\(what): \(ended.errors)")
                        try takeBack(site, before, what, tally)
                        continue
                    }
                    guard try site.isLocked() else {
                        // Nothing of it has begun: others may work.
                        let early = try site.moniker(["--json", "recover"])
                        tally.expect(
                            early.status == 0 || early.status == 75,
                            "\(what): recover ended with \(early.status): \(early.errors)")
                        let ended = try worker.goOn()
                        tally.expect(ended.status == 0, "\(what): \(ended.errors)")
                        try takeBack(site, before, what, tally)
                        continue
                    }
                    let tables = engine == .mariadb ? try site.readableTables() : ""
                    let tree = try runHelper(TestSite.script, ["tree", site.root.path])
                    for (arguments, home) in try attempts(site) {
                        let second = try run(
                            MonikerBinary.path,
                            ["--site", site.wordpress.path, "--home", home.path] + arguments)
                        tried += 1
                        let isRefused =
                            try second.status == 75 && site.code(of: second) == "busy"
                        tally.expect(

                            isRefused,
                            "\(what): \(arguments) with \(home.lastPathComponent) ended with \(second.status): \(second.errors) \(second.output.prefix(500))"
                        )
                    }
                    if engine == .mariadb {
                        tally.expect(try site.readableTables() == tables, "\(what): tables")
                    }
                    let now = try runHelper(TestSite.script, ["tree", site.root.path])
                    tally.expect(now == tree, "\(what): files")
                    let ended = try worker.goOn()
                    tally.expect(ended.status == 0, "\(what): \(ended.errors) \(ended.output)")
                    try tally.expectJudgement(
                        site, "judge-data.php", [site.libraryMap.path], what)
                    try takeBack(site, before, what, tally)
                }
                // Only the last calls of a run may differ from run to run.
                #expect(
                    tried >= (FaultLedger.isLongRun ? 20 : 8),
                    "seed \(seed): hardly anything was stopped")
                try RaceLedger.add(
                    "second processes while one is stopped", tried: tried,
                    violations: tally.violations)
            }
        }

        private func takeBack(
            _ site: TestSite, _ before: Snapshot, _ what: String, _ tally: Tally
        ) throws {
            let journal = try site.latestJournal(in: site.moniker(["--json", "journal"]).output)
            try site.change(["revert", journal])
            try tally.expectUnchanged(site, since: before, what)
        }

        @Test(
            "Started at the same time, with one home or two, exactly one does the work",
            arguments: Engine.allCases,
            FaultLedger.isLongRun ? Array(0..<30 as Range<UInt64>) : [1])
        func together(_ engine: Engine, _ seed: UInt64) throws {
            try TestSite.with(engine) { site in
                var random = SplitMix64(seed: seed)
                let before = try site.snapshot()
                let homes = [
                    site.home, seed.isMultiple(of: 2) ? site.home : site.live.appending(path: "h2"),
                ]
                let commands = [
                    (site.libraryRename(keepOld: nil), homes[0]),
                    (site.libraryRename(keepOld: nil), homes[1]),
                    (["--json", "recover"], homes[1]), (["--json", "tidy"], homes[0]),
                ].shuffled(using: &random)
                var running: [(arguments: [String], home: URL, command: RunningCommand)] = []
                for (arguments, home) in commands {
                    running.append(
                        (
                            arguments, home,
                            try RunningCommand(
                                MonikerBinary.path,
                                ["--site", site.wordpress.path, "--home", home.path] + arguments)
                        ))
                    usleep(UInt32.random(in: 0...60_000, using: &random))
                }
                var done: [(report: ChangeReport, home: URL)] = []
                let tally = Tally()
                for (arguments, home, command) in running {
                    let ended = try command.finish()
                    if ended.status == 0 {
                        if arguments.contains("rename") {
                            done.append((try ChangeReport(json: ended.output), home))
                        }
                        continue
                    }
                    let isBusy = try ended.status == 75 && site.code(of: ended) == "busy"
                    // The one that comes after the other finds every name as it should be.
                    let isDone = ended.output.contains(#""reason":"name-unchanged""#)
                    tally.expect(

                        isBusy || isDone,
                        "seed \(seed): \(arguments) ended with \(ended.status): \(ended.errors) \(ended.output.prefix(500))"
                    )
                }
                // The two of them may both come while recover or tidy has the site.
                tally.expect(done.count <= 1, "seed \(seed): two did the work")
                if let (report, home) = done.first {
                    try tally.expectJudgement(
                        site, "judge-data.php", [site.libraryMap.path, "--old-names"],
                        "seed \(seed)")
                    let reverted = try run(
                        MonikerBinary.path,
                        [
                            "--site", site.wordpress.path, "--home", home.path, "revert",
                            try #require(report.journal),
                        ])
                    #expect(reverted.status == 0, "seed \(seed): \(reverted.errors)")
                }
                try tally.expectUnchanged(site, since: before, "seed \(seed)")
                try RaceLedger.add(
                    "processes started at the same time", tried: commands.count,
                    violations: tally.violations)
            }
        }

        @Test(
            "Stopped for longer than a lock is waited for, with its connection killed or not",
            arguments: [false, true],
            FaultLedger.isLongRun ? Array(0..<12 as Range<UInt64>) : [0])
        func longStop(_ isCut: Bool, _ seed: UInt64) throws {
            try TestSite.with(.mariadb) { site in
                let tally = Tally()
                var random = SplitMix64(seed: seed)
                let before = try site.snapshot()
                let rename = site.libraryRename(keepOld: "none")
                let counts = try StopPoint.counts(site, rename)
                try takeBack(site, before, "seed \(seed)", tally)
                var tried = 0
                for call in isCut ? StopPoint.calls(with: &random) : ["sendto"] {
                    let number = Int.random(in: 1...(try #require(counts[call])), using: &random)
                    let what = "seed \(seed), \(call) #\(number)"
                    let worker = try StoppedMoniker(site, rename, after: call, number: number)
                    try #require(try worker.waitUntilStopped(), "\(what) was not reached")
                    if isCut {
                        try site.killConnections()
                    } else {
                        // Longer than innodb_lock_wait_timeout (5 s) and GET_LOCK (3 s).
                        let end = ContinuousClock.now + .seconds(6)
                        repeat {
                            let second = try site.moniker(["--json", "tidy"])
                            tally.expect(second.status == 75, "\(what): \(second.output)")
                            usleep(100_000)
                        } while ContinuousClock.now < end
                    }
                    let ended = try worker.goOn()
                    tried += 1
                    if !isCut {
                        tally.expect(ended.status == 0, "\(what): \(ended.errors)")
                    } else if ended.status != 0 {
                        tally.expect(ended.status == 1, "\(what): \(ended.errors)")
                        #expect(ended.errorLines.count == 1, "\(what): \(ended.errors)")
                    }
                    let recovered = try site.moniker(["recover"])
                    tally.expect(recovered.status == 0, "\(what): \(recovered.errors)")
                    if try site.holdsNewNames() {
                        try tally.expectJudgement(
                            site, "judge-data.php", [site.libraryMap.path], what)
                        try takeBack(site, before, what, tally)
                    } else {
                        tally.expect(ended.status != 0, "\(what): it said that it was done")
                        try tally.expectUnchanged(site, since: before, what)
                    }
                    try tally.expectVerified(site, what)
                }
                try RaceLedger.add(
                    isCut
                        ? "workers stopped, their connection killed, and continued"
                        : "workers stopped for long and continued", tried: tried,
                    violations: tally.violations)
            }
        }
    }
}

extension TestSite {
    /// Whether a process holds the uploads folder, asked of the kernel through flock(1).
    func isLocked() throws -> Bool {
        try run("flock", ["--nonblock", uploads.path, "true"]).status != 0
    }

    /// Ends every connection of the site's user, and waits until the server has none.
    func killConnections() throws {
        let query =
            "SELECT id FROM information_schema.processlist WHERE user = 'wordpress';"
        for id in try sql(query).split(separator: "\n") { try sql("KILL CONNECTION \(id);") }
        try wait(for: "the end of the connections") { try sql(query).isEmpty }
    }
}
