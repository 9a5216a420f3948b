import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Killed at any moment") struct CrashTests {
        @Test(
            "SIGKILL during a bulk rename, then recover: all old or all new (T01)",
            arguments: Engine.allCases, 0..<6 as Range<UInt64>)
        func killed(_ engine: Engine, _ seed: UInt64) throws {
            try TestSite.with(engine) { site in
                var random = SplitMix64(seed: seed)
                let before = try site.snapshot()
                let rename = ["rename", "--map", site.libraryMap.path, "--keep-old", "none"]
                // How long a whole run takes here, so that the moments spread over all of it.
                let clock = ContinuousClock()
                let start = clock.now
                let whole = try site.change(rename)
                let length = clock.now - start
                try site.change(["revert", try #require(whole.journal)])
                try site.expectUnchanged(since: before)

                for attempt in 0..<2 {
                    let running = try RunningCommand(
                        MonikerBinary.path, site.siteArguments + rename)
                    let moment = length * Double.random(in: 0...1.1, using: &random)
                    let deadline = clock.now + moment
                    while clock.now < deadline, running.isRunning { usleep(200) }
                    running.killAtOnce()
                    _ = try running.finish()
                    let what = "seed \(seed), attempt \(attempt), killed after \(moment)"

                    let recovered = try site.moniker(["recover"])
                    #expect(recovered.status == 0, "\(what): \(recovered.errors)")
                    let attached = try site.sql(
                        "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' "
                            + "AND post_id = \(try site.id("photo"));")
                    if attached == "2024/05/IMG_1.jpg\n" {
                        try site.expectUnchanged(since: before, what)
                    } else {
                        try site.expectJudgement(
                            "judge-data.php", [site.libraryMap.path],
                            sourceLocation: #_sourceLocation)
                        let listed = try site.moniker(["--json", "journal"])
                        let text = try site.latestJournal(in: listed.output)
                        try site.change(["revert", text])
                        try site.expectUnchanged(since: before, what)
                    }
                    // A second recovery has nothing to do.
                    #expect(try site.moniker(["recover"]).status == 0)
                    try site.expectUnchanged(since: before, what)
                }
            }
        }

        @Test("A command after a kill recovers by itself")
        func recoversByItself() throws {
            try TestSite.with(.mariadb) { site in
                let rename = ["rename", "--map", site.libraryMap.path, "--keep-old", "none"]
                let running = try RunningCommand(MonikerBinary.path, site.siteArguments + rename)
                let folder = site.uploads.appendingPathComponent("2024/05").path
                // Killed as soon as the first new name is there.
                while running.isRunning {
                    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                    if names.contains(where: { $0.hasPrefix("renamed-") }) { break }
                }
                running.killAtOnce()
                _ = try running.finish()
                let next = try site.moniker(
                    ["--json", "rename", "\(try site.id("photo"))", "after-the-crash"])
                #expect(next.status == 0, "\(next.errors)")
                try site.expectWordPressIsContent()
            }
        }

        @Test("Two at once: one works, the other is told to try again (T08)")
        func twoAtOnce() throws {
            try TestSite.with(.mariadb) { site in
                let before = try site.snapshot()
                let rename = [
                    "--json", "rename", "--map", site.libraryMap.path, "--keep-old", "none",
                ]
                let first = try RunningCommand(MonikerBinary.path, site.siteArguments + rename)
                let second = try RunningCommand(MonikerBinary.path, site.siteArguments + rename)
                let results = [try first.finish(), try second.finish()]
                let done = results.filter { $0.status == 0 }
                let refused = results.filter { $0.status != 0 }
                try #require(done.count == 1)
                let code = try FailureReport(json: refused[0].output).error.code
                // Busy, or late enough to find the work done.
                #expect(
                    (code == "busy" && refused[0].status == 75) || code == "name-unchanged",
                    "\(refused[0])")
                let journal = try #require(try ChangeReport(json: done[0].output).journal)
                try site.change(["revert", journal])
                try site.expectUnchanged(since: before)
            }
        }
    }
}

extension TestSite {
    /// The journal id of the newest rename in the JSON of `journal`.
    func latestJournal(in json: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        var found: [String] = []
        func look(_ value: Any) {
            switch value {
            case let text as String where text.wholeMatch(of: /J[0-9A-Za-z]{8,}/) != nil:
                found.append(text)
            case let list as [Any]: list.forEach(look)
            case let fields as [String: Any]: fields.values.forEach(look)
            default: break
            }
        }
        look(object)
        // Ids sort by time.
        return try #require(found.max())
    }
}
