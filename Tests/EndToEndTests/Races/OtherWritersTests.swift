import Foundation
import TestSupport
import Testing

extension EndToEnd.Races {
    @Suite(
        "Plugins and uploaders who write files during a rename",
        .enabled(if: StoppedMoniker.isPossible, "strace is not installed or may not trace"))
    struct OtherWritersTests {
        /// Something that the optimiser wrote.
        private struct Written: Decodable {
            var attachment: Int
            var path: String
            var before: String
            var after: String
        }

        /// Something that was uploaded.
        private struct Upload: Decodable {
            var id: Int
            var files: [String: String]
        }

        private func decode<Value: Decodable>(_ output: String) throws -> Value {
            let json = try #require(output.split(separator: "\n").last)
            return try JSONDecoder().decode(Value.self, from: Data(json.utf8))
        }

        /// A moment in a rename of the whole library.
        private func moment(
            _ site: TestSite, _ random: inout SplitMix64
        ) throws -> (call: String, number: Int) {
            let counts = try StopPoint.counts(site, site.libraryRename(keepOld: "none"))
            let journal = try site.latestJournal(in: site.moniker(["--json", "journal"]).output)
            try site.change(["revert", journal])
            let calls = StopPoint.calls.filter { $0 != "pwrite64" }
            let call = try #require(calls.randomElement(using: &random))
            // The originals are stored now, so only the links of new names remain.
            return (call, Int.random(in: 1...(try #require(counts[call])), using: &random))
        }

        @Test(
            "An optimiser writes over files in place, or replaces them: the newest bytes and the originals stay",
            arguments: ["truncate", "replace"], FaultLedger.isLongRun ? ["none", "24h"] : ["24h"])
        func optimiser(_ how: String, _ keepOld: String) throws {
            for seed in FaultLedger.isLongRun ? Array(0..<25 as Range<UInt64>) : [0] {
                try TestSite.with(.mariadb) { site in
                    // Another moment for each way of writing.
                    var random = SplitMix64(seed: how == "replace" ? ~seed : seed)
                    let (call, number) = try moment(site, &random)
                    let names = try site.plannedNames()
                    let newNames = Dictionary(uniqueKeysWithValues: names.map { ($0.old, $0.new) })
                    let oldNames = Dictionary(uniqueKeysWithValues: names.map { ($0.new, $0.old) })
                    let what = "\(how), keep-old \(keepOld), seed \(seed), \(call) #\(number)"
                    let worker = try StoppedMoniker(
                        site, site.libraryRename(keepOld: keepOld), after: call, number: number)
                    let isStopped = try worker.waitUntilStopped()
                    let ids = try ["photo10", "alpha", "bulk-00003", "edited"].map {
                        "\(try site.id($0))"
                    }
                    let written: [Written] = try decode(
                        site.raceScript("optimise.php", [how] + ids))
                    let ended = try worker.goOn()
                    let isRenamed = try site.holdsNewNames()
                    #expect((ended.status == 0) == isRenamed, "\(what): \(ended.errors)")
                    if ended.status != 0 {
                        #expect(try site.code(of: ended) == "file-changed", "\(what)")
                        #expect(ended.errorLines.count == 1, "\(what): \(ended.errors)")
                    }
                    #expect(try site.moniker(["recover"]).status == 0, "\(what)")
                    let digests = try site.digests()
                    let tally = Tally()
                    for file in written {
                        let candidates = [file.path, newNames[file.path], oldNames[file.path]]
                        let found = candidates.compactMap { $0.flatMap { digests[$0] } }
                        let isKept = try site.hasOriginal(file.before)
                        tally.expect(
                            found.contains(file.after),
                            "\(what): the new content of \(file.path) is gone")
                        tally.expect(
                            !isRenamed || isKept, "\(what): the original of \(file.path) is gone")
                    }
                    #expect(written.count > 8)
                    try tally.expectWordPressIsContent(site, what)
                    if !isRenamed, isStopped {
                        // Then the next attempt works with what is there now.
                        try site.change(
                            site.libraryRename(keepOld: "none").filter { $0 != "--json" })
                        try tally.expectWordPressIsContent(site, what)
                        let now = try site.digests()
                        for file in written {
                            let new = newNames[file.path] ?? file.path
                            tally.expect(
                                now[new] == file.after, "\(what): \(new) after the second try")
                        }
                    }
                    print("\(what): \(isRenamed ? "renamed" : "refused")")
                    try RaceLedger.add(
                        "files written by a plugin during a rename", tried: written.count,
                        violations: tally.violations)
                }
            }
        }

        @Test(
            "An upload takes a new name between plan and apply: a clear refusal, nobody loses a file"
        )
        func uploadTakesName() throws {
            for seed in FaultLedger.isLongRun ? Array(0..<25 as Range<UInt64>) : [0, 1] {
                try TestSite.with(.mariadb) { site in
                    var random = SplitMix64(seed: seed)
                    let before = try site.digests()
                    let names = try site.plannedNames()
                    // The first time before any new name is there, then at any moment of linking.
                    let number =
                        seed == 0
                        ? 1 : names.count + Int.random(in: 1...names.count, using: &random)
                    let what = "seed \(seed), linkat #\(number)"
                    let worker = try StoppedMoniker(
                        site, site.libraryRename(keepOld: "none"), after: "linkat", number: number)
                    try #require(try worker.waitUntilStopped(), "\(what)")
                    let upload: Upload = try decode(
                        site.raceScript("upload.php", ["renamed-alpha-file.jpg"]))
                    let second: Upload = try decode(
                        site.raceScript("upload.php", ["renamed-photo10-file.jpg"]))
                    let ended = try worker.goOn()
                    let tally = Tally()
                    if try site.holdsNewNames() {
                        // Then WordPress gave the upload another name.
                        #expect(ended.status == 0, "\(what): \(ended.errors)")
                        #expect(
                            second.files["2024/05/renamed-photo10-file.jpg"] == nil, "\(what)")
                    } else {
                        #expect(ended.status == 1, "\(what)")
                        #expect(try site.code(of: ended) == "name-taken", "\(what)")
                        #expect(ended.errors.contains("renamed-photo10-file"), "\(ended.errors)")
                    }
                    let now = try site.digests()
                    for (path, digest) in upload.files.merging(
                        second.files, uniquingKeysWith: { a, _ in a })
                    where now[path] != digest {
                        tally.expect(false, "\(what): the upload \(path) is \(now[path] ?? "gone")")
                    }
                    let held = try site.holdsNewNames()
                    for name in names where now[held ? name.new : name.old] != name.sha256 {
                        tally.expect(false, "\(what): \(name.old) lost its content")
                    }
                    if !held {
                        // Nothing of the rename is left beside what was there and what came.
                        let all = Set(before.keys).union(upload.files.keys).union(second.files.keys)
                        tally.expect(
                            Set(now.keys) == all,
                            "\(what): \(Set(now.keys).symmetricDifference(all))")
                    }
                    try tally.expectWordPressIsContent(site, what)
                    try tally.expectVerified(site, what)
                    try RaceLedger.add(
                        "names taken by an upload between plan and apply", tried: 2,
                        violations: tally.violations)
                }
            }
        }

        @Test(
            "WordPress writes an upload over a name that came after it had chosen it, as it does to itself: the original is kept"
        )
        func uploadOverwrites() throws {
            try TestSite.with(.mariadb) { site in
                let tally = Tally()
                let what = "an upload over a new name"
                let names = try site.plannedNames()
                let go = site.live.appendingPathComponent("go")
                let uploader = try site.startRaceScript(
                    "upload.php", ["renamed-photo10-file.jpg", go.path])
                try uploader.waitForOutput("named")
                let report = try site.change(
                    site.libraryRename(keepOld: "24h").filter { $0 != "--json" })
                try Data().write(to: go)
                let uploaded = try uploader.finish()
                try #require(uploaded.status == 0, "\(uploaded.errors)")
                let upload: Upload = try decode(uploaded.output)
                let now = try site.digests()
                for (path, digest) in upload.files { tally.expect(now[path] == digest, "\(path)") }
                for name in names {
                    let isThere = now[name.new] == name.sha256
                    tally.expect(try isThere || site.hasOriginal(name.sha256), "\(name.old)")
                }
                try tally.expectWordPressIsContent(site, what)
                try site.change(["revert", try #require(report.journal)])
                let reverted = try site.digests()
                for (path, digest) in upload.files {
                    // Under one of the two names of the file that both now are.
                    let old = names.first { $0.new == path }?.old
                    tally.expect(
                        reverted[path] == digest || old.flatMap { reverted[$0] } == digest,
                        "\(path)")
                }
                try RaceLedger.add(
                    "uploads that write over a name chosen earlier", tried: 1,
                    violations: tally.violations)
            }
        }
    }
}
