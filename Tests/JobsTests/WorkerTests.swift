import Foundation
import TestSupport
import Testing

@Suite("Jobs: workers as processes", .serialized) struct WorkerTests {
    /// Starts workers and kills them at moments that the seed chooses, then lets one end the job.
    private func workOff(
        _ site: WorkerSite, _ id: String, seed: UInt64, within milliseconds: ClosedRange<UInt32>
    ) throws -> (job: WorkerSite.Job, kills: Int) {
        var random = SplitMix64(seed: seed)
        var kills = 0
        for _ in 0..<4 {
            // Two at a time, so that there is somebody to take over.
            let workers = [try site.startWorker(), try site.startWorker()]
            usleep(UInt32.random(in: milliseconds, using: &random) * 1000)
            for worker in workers where worker.isRunning {
                kill(worker.processIdentifier, SIGKILL)
                worker.waitUntilExit()
                kills += 1
            }
        }
        let worker = try site.startWorker()
        let job = try site.wait(for: id) {
            ["done", "partial", "failed", "cancelled"].contains($0.state)
        }
        worker.terminate()
        worker.waitUntilExit()
        return (job, kills)
    }

    @Test(
        "workers killed while they describe: one change set, each text once, no answer asked for twice",
        arguments: 0..<3 as Range<UInt64>)
    func killedWhileDescribing(seed: UInt64) throws {
        let site = try WorkerSite()
        try site.startStub(#"{"latency": 0.08}"#)
        let submitted = try site.submit([
            "metadata-and-filename", "--options", site.options(concurrency: 2),
        ])
        let (job, kills) = try workOff(site, submitted.id, seed: seed, within: 100...900)
        #expect(job.state == "done" || job.state == "partial", "\(job)")
        #expect(job.items.failed == 0)
        #expect(job.items.applied + job.items.review + job.items.skipped == job.total)
        #expect(job.items.applied > 0)

        #expect(
            try site.journal("SELECT id, kind, state FROM change_set WHERE state <> 'aborted'")
                == "\(try #require(job.journal))|generate|done")
        // As many images got texts or names as the job says, by what is in the site's tables.
        #expect(
            try site.journal(
                "SELECT count(*) FROM (SELECT attachment FROM assignment UNION SELECT attachment FROM file_move)"
            ) == "\(job.items.applied)")
        #expect(
            try site.database(
                "SELECT count(*) FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' GROUP BY post_id HAVING count(*) > 1"
            ) == "")
        let asked = try site.asked()
        let extra = asked.values.reduce(0) { $0 + $1 - 1 }
        // Only what was on its way when a worker was killed; the idle one has nothing on its way.
        #expect(extra <= kills / 2 * 2, "\(asked)")
        try site.moniker(["verify"])
    }

    @Test(
        "workers killed while they rename: one change set, and every file and reference is right",
        arguments: 0..<3 as Range<UInt64>)
    func killedWhileRenaming(seed: UInt64) throws {
        let site = try WorkerSite()
        let names = site.site + "/names.csv"
        let lines = try String(contentsOfFile: names, encoding: .utf8)
            .split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
        let submitted = try site.submit(["rename-map", "--map", names])
        let (job, _) = try workOff(
            site, submitted.id, seed: seed, within: 60...900)
        #expect(job.state == "done", "\(job)")
        #expect(job.items == .init(applied: lines.count))
        #expect(
            try site.journal("SELECT id, kind, state FROM change_set WHERE state <> 'aborted'")
                == "\(try #require(job.journal))|rename|done")
        for line in lines {
            let file = try site.database(
                "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' AND post_id = \(line[0])"
            )
            #expect(file.contains(String(line[1])), "\(file)")
            #expect(
                FileManager.default.fileExists(atPath: site.site + "/wp-content/uploads/" + file))
        }
        try site.moniker(["verify"])

        // Taken back by a job as well, whoever is killed on the way.
        let revert = try site.submit(["revert", "--journal", try #require(job.journal)])
        let (reverted, _) = try workOff(
            site, revert.id, seed: seed &+ 100, within: 60...600)
        #expect(reverted.state == "done", "\(reverted)")
        #expect(
            try site.journal(
                "SELECT kind, count(*) FROM change_set WHERE state = 'done' GROUP BY 1 ORDER BY 1")
                == "rename|1\nrevert|1")
        try site.moniker(["verify"])
    }

    @Test("pause stops between two images, resume asks about the rest only")
    func pauseAndResume() throws {
        let site = try WorkerSite()
        try site.startStub(#"{"latency": 0.15}"#)
        let id = try site.submit([
            "complete-metadata", "--options", site.options(concurrency: 1),
        ]).id
        let worker = try site.startWorker()
        _ = try site.wait(for: id) { $0.done >= 3 }
        try site.moniker(["jobs", "pause", id])
        let paused = try site.wait(for: id) { $0.state == "paused" }
        #expect(paused.done < paused.total && paused.journal == nil)
        let before = try site.asked().values.reduce(0, +)
        #expect(before < paused.total)
        #expect(try site.journal("SELECT count(*) FROM change_set") == "0")
        #expect(worker.isRunning)
        try site.moniker(["jobs", "resume", id])
        let done = try site.wait(for: id) { $0.state == "done" || $0.state == "partial" }
        #expect(done.done == done.total && done.items.failed == 0)
        #expect(try site.asked().values.allSatisfy { $0 == 1 })
        try site.moniker(["jobs", "resume", id], status: 1)
    }

    @Test("cancel writes nothing; SIGTERM gives the job back, and the next worker ends it")
    func cancelAndStop() throws {
        let site = try WorkerSite()
        try site.startStub(#"{"latency": 0.15}"#)
        let options = site.options(concurrency: 1)
        let first = try site.submit(["complete-metadata", "--options", options]).id
        let worker = try site.startWorker()
        _ = try site.wait(for: first) { $0.done >= 2 }
        try site.moniker(["jobs", "cancel", first])
        _ = try site.wait(for: first) { $0.state == "cancelled" }
        #expect(try site.journal("SELECT count(*) FROM change_set") == "0")

        let second = try site.submit(["complete-metadata", "--options", options]).id
        let count = try site.wait(for: second) { $0.done >= 4 }.total
        worker.terminate()
        worker.waitUntilExit()
        #expect(worker.terminationReason == .exit && worker.terminationStatus == 0)
        let left = try site.job(second)
        #expect(left.state == "queued" && left.journal == nil)
        try site.moniker(["worker", "--once"])
        let done = try site.job(second)
        #expect(done.done == count && done.journal != nil && done.attempts == 2)
        #expect(try site.asked().values.allSatisfy { $0 == 1 })
    }

    @Test("retry asks about the images that failed, and about no others")
    func retry() throws {
        let site = try WorkerSite()
        try site.startStub(#"{"requests": {"2": {"do": "refusal"}, "5": {"do": "refusal"}}}"#)
        let id = try site.submit([
            "complete-metadata", "--options", site.options(concurrency: 1),
        ]).id
        try site.moniker(["worker", "--once"])
        let partial = try site.job(id)
        #expect(partial.state == "partial" && partial.items.failed == 2, "\(partial)")
        try site.loadStub("{}")
        try site.moniker(["jobs", "retry", id])
        #expect(try site.job(id).total == 2)
        try site.moniker(["worker", "--once"])
        let done = try site.job(id)
        #expect(done.items.failed + done.items.skipped <= 2 + partial.items.skipped)
        #expect(try site.asked().count <= 2)
    }
}
