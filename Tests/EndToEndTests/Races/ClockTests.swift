import Foundation
import TestSupport
import Testing

/// Runs the program under another wall clock; files and the database keep the real one.
enum FakeClock {
    static let isPossible: Bool = {
        do {
            return try run("faketime", ["-f", "+1d", "true"]).status == 0
        } catch {
            return false
        }
    }()

    static func arguments(_ time: String, _ command: [String]) -> [String] {
        ["--exclude-monotonic", "-f", time] + command
    }
}

extension TestSite {
    /// Runs the program at another time: `+1d`, `-1h`, or `@2040-01-01 00:00:00`.
    func moniker(at time: String, _ arguments: [String]) throws -> CommandResult {
        // The times of files are the real ones, as they are after a clock was set.
        try run(
            "faketime",
            FakeClock.arguments(time, [MonikerBinary.path] + siteArguments + arguments),
            environment: ["NO_FAKE_STAT": "1"])
    }

    /// Runs a writing command at another time; it has to succeed.
    fileprivate func change(
        at time: String, _ arguments: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ChangeReport {
        let result = try moniker(at: time, ["--json"] + arguments)
        try #require(
            result.status == 0, "\(arguments) at \(time): \(result.errors)",
            sourceLocation: sourceLocation)
        return try ChangeReport(json: result.output)
    }

    /// Runs tidy at another time and returns how many old names it retired.
    fileprivate func tidy(at time: String, keep: String = "90d") throws -> Int {
        struct Report: Decodable { var retired_names: Int }
        let result = try moniker(at: time, ["--json", "tidy", "--keep", keep])
        try #require(result.status == 0, "tidy at \(time): \(result.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).retired_names
    }

    fileprivate func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: uploads.appendingPathComponent(name).path)
    }
}

extension EndToEnd.Races {
    @Suite("A clock that jumps", .enabled(if: FakeClock.isPossible, "faketime is not installed"))
    struct ClockTests {
        @Test(
            "Changes made while the clock went back and forth are reverted in their order",
            arguments: [
                ["+0", "-1d", "-2d"], ["+1d", "+0", "-1h"],
                ["@2038-01-19 03:14:00", "@2038-01-19 03:14:09", "+0"], ["-1h", "+1h", "+0"],
                ["@2100-06-01 00:00:00", "+0", "+1d"],
            ].prefix(FaultLedger.isLongRun ? 5 : 3))
        func chains(_ times: [String]) throws {
            try TestSite.with(.mariadb) { site in
                let id = "\(try site.id("photo10"))"
                let before = try site.snapshot()
                let tally = Tally()
                var journals: [String] = []
                for (index, time) in times.enumerated() {
                    let report = try site.change(
                        at: time, ["rename", id, "name-\(index)", "--keep-old", "none"])
                    journals.append(try #require(report.journal))
                }
                tally.expect(
                    journals == journals.sorted(), "\(times): ids have to sort by time")
                let listed = try site.moniker(["--json", "journal"])
                tally.expect(
                    try site.latestJournal(in: listed.output) == journals.last, "\(times): newest")
                // The newest goes back one name; the oldest takes everything with it.
                let newest = try site.change(
                    at: times[0], ["revert", try #require(journals.last)])
                tally.expect(site.exists("2024/05/name-1.jpg"), "\(times)")
                _ = try site.change(at: times[1], ["revert", try #require(newest.journal)])
                tally.expect(site.exists("2024/05/name-2.jpg"), "\(times)")
                _ = try site.change(at: times[2], ["revert", journals[0]])
                try tally.expectUnchanged(site, since: before, "\(times)")
                try tally.expectVerified(site, "\(times)")
                try RaceLedger.add(
                    "changes and reverts under a clock that jumps", tried: 6,
                    violations: tally.violations)
            }
        }

        @Test("Old names go when the wall clock says so, and never before")
        func expiry() throws {
            try TestSite.with(.mariadb) { site in
                let tally = Tally()
                let old = "2024/05/IMG_10.jpg"
                let id = "\(try site.id("photo10"))"
                _ = try site.change(["rename", id, "name-a"])
                for time in ["+0", "-1h", "-1d", "+23h", "@1990-01-01 00:00:00"] {
                    tally.expect(try site.tidy(at: time) == 0, "tidy at \(time)")
                    tally.expect(site.exists(old), "tidy at \(time)")
                }
                // Another command's tidying in passing keeps to it, too.
                _ = try site.change(
                    at: "-1d", ["rename", "\(try site.id("xphoto"))", "other"])
                tally.expect(site.exists(old), "tidied in passing")
                tally.expect(try site.tidy(at: "+25h") > 0, "tidy at +25h")
                tally.expect(!site.exists(old), "tidy at +25h")
                try tally.expectWordPressIsContent(site, "at the end")
                try RaceLedger.add(
                    "expiries under a clock that jumps", tried: 7, violations: tally.violations)
            }
        }

        @Test("After 2038, and kept for longer than a clock can count")
        func farFuture() throws {
            try TestSite.with(.mariadb) { site in
                let tally = Tally()
                let before = try site.snapshot()
                let id = "\(try site.id("photo10"))"
                let old = "2024/05/IMG_10.jpg"
                for (time, keepOld) in [
                    ("+0", "99999w"), ("@2040-02-03 04:05:06", "24h"),
                    ("@2040-02-03 04:05:06", "99999w"), ("@2105-01-01 00:00:00", "99999d"),
                ] {
                    let report = try site.change(
                        at: time, ["rename", id, "name-a", "--keep-old", keepOld])
                    tally.expect(site.exists(old), "kept for \(keepOld) from \(time)")
                    // Now is before all of that.
                    tally.expect(try site.tidy(at: "+0") == 0, "kept for \(keepOld) from \(time)")
                    tally.expect(site.exists(old), "kept for \(keepOld) from \(time)")
                    _ = try site.change(
                        at: time, ["revert", try #require(report.journal)])
                    try tally.expectUnchanged(
                        site, since: before, "\(keepOld) from \(time)")
                }
                try RaceLedger.add("years beyond 2038", tried: 4, violations: tally.violations)
            }
        }

        @Test("Originals stay while any change set that is young by the clock needs them")
        func originals() throws {
            try TestSite.with(.mariadb) { site in
                let tally = Tally()
                let id = "\(try site.id("photo10"))"
                let digest = try #require(try site.digests()["2024/05/IMG_10.jpg"])
                // The later one of the two is the older one by the clock.
                let first = try site.change(
                    at: "+30d", ["rename", id, "name-a", "--keep-old", "none"])
                _ = try site.change(at: "-30d", ["rename", id, "name-b", "--keep-old", "none"])
                _ = try site.tidy(at: "+31d", keep: "10d")
                tally.expect(try site.hasOriginal(digest), "the original is gone")
                _ = try site.change(at: "+31d", ["revert", try #require(first.journal)])
                tally.expect(site.exists("2024/05/IMG_10.jpg"), "after the revert")
                try tally.expectWordPressIsContent(site, "at the end")
                try RaceLedger.add(
                    "retentions under a clock that jumps", tried: 1, violations: tally.violations)
            }
        }

        @Test(
            "The clock jumps back and forth while commands run",
            arguments: FaultLedger.isLongRun ? Array(0..<10 as Range<UInt64>) : [0])
        func jumpsDuringCommands(_ seed: UInt64) throws {
            try TestSite.with(.mariadb) { site in
                let tally = Tally()
                let before = try site.snapshot()
                var random = SplitMix64(seed: seed)
                let clock = site.live.appendingPathComponent("clock")
                let jumps = [
                    "+0", "+1h", "-1h", "+1d", "-1d", "@2038-01-19 03:14:05",
                    "@2106-02-07 06:28:16",
                ]
                func jump() throws {
                    let time = try #require(jumps.randomElement(using: &random))
                    try Data("\(time)\n".utf8).write(to: clock, options: .atomic)
                }
                var count = 0
                func change(_ arguments: [String]) throws -> ChangeReport {
                    try jump()
                    // What the wrapper says of the time would stand above the file.
                    let running = try RunningCommand(
                        "faketime",
                        FakeClock.arguments(
                            "+0",
                            [
                                "env", "-u", "FAKETIME", MonikerBinary.path,
                            ] + site.siteArguments + ["--json"] + arguments),
                        environment: [
                            "NO_FAKE_STAT": "1", "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_TIMESTAMP_FILE": clock.path,
                        ])
                    while running.isRunning {
                        try jump()
                        count += 1
                        usleep(3000)
                    }
                    let result = try running.finish()
                    try #require(
                        result.status == 0, "seed \(seed), \(arguments): \(result.errors)")
                    return try ChangeReport(json: result.output)
                }
                for _ in 0..<(FaultLedger.isLongRun ? 10 : 1) {
                    let rename = try change(
                        ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
                    try tally.expectJudgement(
                        site, "judge-data.php", [site.libraryMap.path], "seed \(seed)")
                    let revert = try change(["revert", try #require(rename.journal)])
                    try tally.expectUnchanged(site, since: before, "seed \(seed)")
                    tally.expect(
                        try #require(rename.journal) < #require(revert.journal), "seed \(seed)")
                }
                // The clock did jump, or the test would say nothing.
                #expect(count > 20)
                try RaceLedger.add(
                    "jumps of the clock during commands", tried: count, violations: tally.violations
                )
            }
        }
    }
}
