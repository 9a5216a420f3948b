import Foundation
import TestSupport
import Testing

extension EndToEnd.Races {
    @Suite(
        "Editors who save while everything is renamed",
        .enabled(if: FakeClock.isPossible, "faketime is not installed"))
    struct EditorTests {
        private let tally = Tally()

        /// What storm.php saved while a change ran.
        private struct Saved: Decodable {
            /// Saves that began before the change was over.
            var meanwhile: Int
        }

        /// What storm.php found at the end.
        private struct Settled: Decodable {
            var tokens: Int
            var lost: [String]
            var wrong: [String]
            var old: Int
            var new: Int
            /// Values in which a name is right, but spelt in another way than before.
            var respelt: Int
        }

        /// Lets WordPress save without a pause while `body` runs, and returns the log.
        private func storm(
            _ site: TestSite, seed: UInt64, during body: () throws -> Void
        ) throws -> URL {
            let stop = site.live.appendingPathComponent("stop-\(seed)")
            let log = site.live.appendingPathComponent("log-\(seed).json")
            let editor = try site.startRaceScript("storm.php", ["save", stop.path, "\(seed)"])
            try editor.waitForOutput("saving")
            try body()
            try Data().write(to: stop)
            let ended = try editor.finish()
            try #require(ended.status == 0, "storm.php: \(ended.errors)")
            let json = try #require(ended.output.split(separator: "\n").last)
            try Data(json.utf8).write(to: log)
            // How many depends on how quick the change is, that there are any does not.
            let saved = try JSONDecoder().decode(Saved.self, from: Data(json.utf8))
            #expect(saved.meanwhile > 0)
            return log
        }

        /// Counts the saves, takes their traces away and makes every value say the same names.
        private func settle(
            _ site: TestSite, _ logs: [URL], as set: String, _ what: String
        ) throws -> Settled {
            let json = try site.raceScript(
                "storm.php",
                ["settle", site.libraryMap.path] + logs.map(\.path) + ["--", set])
            let settled = try JSONDecoder().decode(Settled.self, from: Data(json.utf8))
            #expect(settled.lost.isEmpty, "\(what): lost saves: \(settled.lost.prefix(10))")
            // Each value has all old or all new names, and nothing else is different.
            #expect(settled.wrong.isEmpty, "\(what): \(settled.wrong.prefix(3))")
            print(
                "\(what): \(settled.tokens) saves, \(settled.old) values with old and \(settled.new) with new names, \(settled.respelt) spelt in another way"
            )
            try RaceLedger.add(
                "saves of editors during and right after bulk renames and reverts",
                tried: settled.tokens,
                violations: settled.lost.count + settled.wrong.count)
            return settled
        }

        @Test(
            "No save is lost during a bulk rename and its revert; what was put back works",
            arguments: FaultLedger.isLongRun ? Array(0..<20 as Range<UInt64>) : [0])
        func storm(_ seed: UInt64) throws {
            try TestSite.with(.mariadb) { site in
                let what = "seed \(seed)"
                var journal = ""
                let renaming = try storm(site, seed: seed * 2) {
                    let report = try site.change(["rename", "--map", site.libraryMap.path])
                    journal = try #require(report.journal)
                }
                try tally.expectWordPressIsContent(site, what)
                try tally.expectVerified(site, "seed \(seed), after the rename")
                let renamed = try settle(
                    site, [renaming], as: "new", "seed \(seed), during the rename")
                #expect(renamed.tokens > 20)
                #expect(renamed.respelt == 0)
                try tally.expectJudgement(
                    site, "judge-data.php", [site.libraryMap.path, "--old-names"], what)

                let reverting = try storm(site, seed: seed * 2 + 1) {
                    try site.change(["revert", journal, "--keep-old", "24h"])
                }
                try tally.expectWordPressIsContent(site, what)
                try tally.expectVerified(site, "seed \(seed), after the revert")
                let reverted = try settle(
                    site, [reverting], as: "old", "seed \(seed), during the revert")
                #expect(reverted.tokens > 20)
                let tidied = try site.moniker(at: "+25h", ["tidy"])
                #expect(tidied.status == 0, "\(tidied.errors)")
                try tally.expectJudgement(site, "judge-data.php", [], what)
                try RaceLedger.add(
                    "sites judged after editors had saved", tried: 1, violations: tally.violations)
            }
        }

        @Test(
            "What an editor puts back after a revert that keeps nothing is told by verify and repaired",
            arguments: FaultLedger.isLongRun ? Array(0..<20 as Range<UInt64>) : [0])
        func stormKeepingNothing(_ seed: UInt64) throws {
            try TestSite.with(.mariadb) { site in
                let what = "seed \(seed), nothing kept"
                var report: ChangeReport?
                let log = try storm(site, seed: seed) {
                    report = try site.change(
                        ["rename", "--map", site.libraryMap.path, "--keep-old", "none"])
                    let journal = try #require(report?.journal)
                    try site.change(["revert", journal])
                }
                let checked = try site.moniker(["--json", "verify"])
                let isTold = checked.output.contains(#""check":"reference""#)
                if isTold {
                    #expect(try site.moniker(["verify", "--repair"]).status == 0)
                    try tally.expectVerified(site, "seed \(seed), after the repair")
                } else {
                    #expect(checked.status == 0, "seed \(seed): \(checked.output)")
                }
                try tally.expectWordPressIsContent(site, what)
                let settled = try settle(site, [log], as: "old", "seed \(seed), nothing kept")
                tally.expect(isTold || settled.new == 0, "seed \(seed): verify did not tell")
                if !isTold { try tally.expectJudgement(site, "judge-data.php", [], what) }
                try RaceLedger.add(
                    "sites judged after editors had saved", tried: 1, violations: tally.violations)
            }
        }

        @Test(
            "A page opened before the rename and saved after it works as long as old names are kept",
            arguments: FaultLedger.isLongRun
                ? ["blocks", "elementor", "widget_text", "acf link", "row MyISAM"]
                : ["widget_text"])
        func openedBefore(_ name: String) throws {
            try TestSite.with(.mariadb) { site in
                let what = "\(name) opened before the rename"
                let go = site.live.appendingPathComponent("go")
                let token = "token-opened-before-end"
                let editor = try site.startRaceScript(
                    "storm.php", ["open", name, go.path, token])
                try editor.waitForOutput("opened")
                let report = try site.change(["rename", "--map", site.libraryMap.path])
                try Data().write(to: go)
                let saved = try editor.finish()
                try #require(saved.status == 0, "\(saved.errors)")
                let log = site.live.appendingPathComponent("log.json")
                try Data(#"{"acknowledged":{"\#(name)":["\#(token)"]}}"#.utf8).write(to: log)

                try tally.expectWordPressIsContent(site, what)
                try tally.expectVerified(site, "\(name) saved after the rename")
                // A day later the names go, as promised; the value that still says them is told.
                let tidied = try site.moniker(at: "+25h", ["tidy"])
                #expect(tidied.status == 0, "\(tidied.errors)")
                let checked = try site.moniker(["--json", "verify"])
                tally.expect(
                    checked.output.contains(#""check":"reference""#), "\(what): \(checked.output)")
                #expect(try site.moniker(["verify", "--repair"]).status == 0)
                try tally.expectWordPressIsContent(site, what)
                try tally.expectVerified(site, "\(name) after the repair")
                // The revert keeps the editor's words and has nothing to do in that value.
                try site.change(["revert", try #require(report.journal)])
                try tally.expectVerified(site, "\(name) after the revert")
                let settled = try settle(site, [log], as: "old", "\(name) opened before")
                tally.expect(settled.old == 1 && settled.new == 0, what)
                try tally.expectJudgement(site, "judge-data.php", [], what)
                try RaceLedger.add(
                    "sites judged after editors had saved", tried: 1, violations: tally.violations)
            }
        }
    }
}
