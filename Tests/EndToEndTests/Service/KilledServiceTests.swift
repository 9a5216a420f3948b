import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("serve and worker, killed in the middle") struct KilledServiceTests {
        private static let seeds: ClosedRange<UInt64> =
            ProcessInfo.processInfo.environment["MONIKER_LONG_RUN"] == nil ? 1...1 : 1...6

        @Test(
            "SIGKILL at seeded moments: every job ends, nothing is lost, nothing is done twice, everything can be taken back",
            arguments: Engine.allCases, seeds)
        func killed(_ engine: Engine, seed: UInt64) throws {
            try TestSite.with(engine) { site in
                // Texts that are missing, so that there is something to ask about.
                try site.sql(
                    "DELETE FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' AND post_id BETWEEN 34 AND 45;"
                )
                let before = try site.snapshot()
                let stub = try ProviderStandIn(site, latency: 0.05)
                var scene = try KillScene(site, stub, seed: seed)
                // Taken back in the reverse order, every byte comes back: so this one goes first.
                try scene.queueRevert()
                try scene.kill(times: 3)
                _ = try scene.finish()
                try scene.queueOthers()
                try scene.kill(times: 10)
                let jobs = try scene.finish()
                try scene.judge(jobs)
                #expect(try site.moniker(["verify"]).status == 0)
                try scene.takeBack(jobs)
                try site.expectUnchanged(since: before, "by jobs, kills and reverts, seed \(seed)")
                try FaultLedger.record(
                    layer: "L5",
                    "SIGKILL of serve and worker while they work on jobs, \(engine)",
                    tried: scene.kills, violations: try site.snapshot() == before ? 0 : 1)
            }
        }
    }
}

/// Jobs of several kinds, and whoever works on them and is killed.
private struct KillScene {
    /// A job as the API tells it.
    struct Job: Decodable {
        struct Items: Decodable {
            var applied: Int
            var review: Int
            var skipped: Int
            var failed: Int
        }

        struct Failure: Decodable {
            var code: String
            var message: String
        }

        var id: String
        var kind: String
        var state: String
        var origin: String
        var total: Int
        var attempts: Int
        var journal: String?
        var items: Items
        var error: Failure?

        var isOver: Bool { ["done", "partial", "failed", "cancelled"].contains(state) }
    }

    private struct Page: Decodable { var items: [Job] }

    let site: TestSite
    let stub: ProviderStandIn
    private var random: SplitMix64
    private let seed: UInt64
    private let token: String
    /// The change set that a job takes back.
    private let earlier: String
    private var bodies: [(key: String, body: String, id: String)] = []
    private var hasUploads = false
    private var rounds = 0
    private(set) var kills = 0
    private var killsSinceProgress = 0

    private static let names = [
        ("photo", "harbour-at-dawn"), ("alpha", "glass-bottle"), ("cjk", "tokyo-tower"),
        ("june", "june-picnic"), ("dollar", "price-list"),
    ]
    private static let uploads = 42...45
    private static let missing = 34...40
    private static let lease = ["--lease", "2"]

    init(_ site: TestSite, _ stub: ProviderStandIn, seed: UInt64) throws {
        self.site = site
        self.stub = stub
        self.seed = seed
        random = SplitMix64(seed: seed)
        token = try RunningService.token(site, "write").token
        earlier = try site.rename([NewName(try site.id("webp"), "earlier-name")])
    }

    private func service() throws -> RunningService {
        try RunningService(site, stub.arguments + Self.lease)
    }

    // MARK: Queueing

    /// Queues the job that takes back what was there before.
    mutating func queueRevert() throws {
        let service = try service()
        try submit(
            service,
            "{\"kind\":\"revert\",\"options\":{\"journal\":\"\(earlier)\",\"keep_old\":\"none\"}}")
        try end(service)
    }

    /// Queues all others, with services that are killed in between.
    mutating func queueOthers() throws {
        let offline = try RunningService(site, Self.lease)
        try submit(
            offline,
            #"{"kind":"metadata-and-filename","options":{"attachments":[9,10,24,25],"overwrite":true,"keep_old":"none"}}"#
        )
        try end(offline)
        let service = try service()
        let uploads = Self.uploads.map(String.init).joined(separator: ",")
        #expect(
            try service.ask(
                "POST", "/v1/uploads", token: token, body: "{\"attachments\":[\(uploads)]}",
                headers: ["Idempotency-Key: uploads"]
            ).status == 202)
        hasUploads = true
        let names = try Self.names.map { "{\"id\":\(try site.id($0)),\"name\":\"\($1)\"}" }
        try submit(
            service,
            "{\"kind\":\"rename-map\",\"options\":{\"names\":[\(names.joined(separator: ","))],\"keep_old\":\"none\"}}"
        )
        let missing = Self.missing.map(String.init).joined(separator: ",")
        try submit(
            service,
            "{\"kind\":\"missing-alt\",\"options\":{\"attachments\":[\(missing)],\"concurrency\":1}}"
        )
        try submit(service, #"{"kind":"analyze"}"#)
        try end(service)
    }

    /// Ends a service as a power cut would.
    private mutating func end(_ service: RunningService) throws {
        service.killAtOnce()
        _ = try service.finish()
        kills += 1
    }

    private mutating func submit(_ service: RunningService, _ body: String) throws {
        let key = "kill-\(seed)-\(bodies.count)"
        let answer = try service.ask(
            "POST", "/v1/jobs", token: token, body: body, headers: ["Idempotency-Key: \(key)"])
        try #require(answer.status == 202, "\(answer.body)")
        bodies.append((key, body, try #require(try answer.json["id"] as? String)))
    }

    // MARK: Killing

    /// So many rounds of killing, as long as there is something to do.
    mutating func kill(times: Int) throws {
        for _ in 0..<times where try !isOver() { try killSomething() }
    }

    /// One round: somebody works on the jobs and is killed.
    private mutating func killSomething() throws {
        rounds += 1
        if rounds % 2 == 0 {
            try killAtSystemCall()
        } else {
            try killAfterAWhile()
        }
        killsSinceProgress += 1
        // Five deaths of one job in a row would make it fail, as they are to.
        if killsSinceProgress == 3 {
            try goOn(until: "another job has ended", oneMore: true)
            killsSinceProgress = 0
        }
    }

    private mutating func killAfterAWhile() throws {
        let service = try service()
        // What was acknowledged before the kill is known after it.
        let known = bodies[Int.random(in: bodies.indices, using: &random)]
        let again = try service.ask(
            "POST", "/v1/jobs", token: token, body: known.body,
            headers: ["Idempotency-Key: \(known.key)"])
        #expect(try again.json["id"] as? String == known.id, "\(again.body)")
        let worker = try worker()
        usleep(UInt32.random(in: 0...2500, using: &random) * 1000)
        if Bool.random(using: &random) {
            service.killAtOnce()
            usleep(UInt32.random(in: 0...1000, using: &random) * 1000)
        }
        worker.killAtOnce()
        _ = try worker.finish()
        kills += 1
        try end(service)
    }

    private func worker() throws -> RunningCommand {
        try RunningCommand(
            MonikerBinary.path, site.siteArguments + ["worker"] + Self.lease)
    }

    /// A worker that dies at a certain system call: of links, moves, syncs and of talk with the
    /// database.
    private mutating func killAtSystemCall() throws {
        let calls: [(String, ClosedRange<Int>)] = [
            ("linkat", 1...10), ("renameat2", 1...10), ("unlinkat", 1...4), ("fdatasync", 1...60),
            ("fsync", 1...20), ("sendto", 10...400), ("copy_file_range", 1...5),
        ]
        let (call, range) = calls[Int.random(in: calls.indices, using: &random)]
        let number = Int.random(in: range, using: &random)
        let file = site.live.appendingPathComponent("killed-worker")
        try Data().write(to: file)
        let tracer = try RunningCommand(
            "strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                "inject=\(call):signal=SIGKILL:when=\(number)",
                "sh", "-c", "echo $$ >'\(file.path)'; exec \"$0\" \"$@\"", MonikerBinary.path,
            ] + site.siteArguments + ["worker"] + Self.lease)
        let deadline = ContinuousClock.now + .seconds(12)
        while tracer.isRunning, ContinuousClock.now < deadline { usleep(50_000) }
        // It may never come to that call.
        if tracer.isRunning {
            let text = try String(contentsOf: file, encoding: .utf8)
            Foundation.kill(try #require(pid_t(text.trimmingCharacters(in: .newlines))), SIGKILL)
        }
        _ = try tracer.finish()
        kills += 1
    }

    // MARK: Going on

    private func jobs(_ service: RunningService) throws -> [Job] {
        let answer = try service.ask("GET", "/v1/jobs?limit=100", token: token)
        try #require(answer.status == 200, "\(answer.body)")
        return try JSONDecoder().decode(Page.self, from: Data(answer.body.utf8)).items
    }

    /// Whether every job has ended, that of the uploads included.
    private func isOver() throws -> Bool { isOver(try jobs(try service())) }

    private func isOver(_ jobs: [Job]) -> Bool {
        jobs.count == bodies.count + (hasUploads ? 1 : 0) && jobs.allSatisfy(\.isOver)
    }

    @discardableResult
    private func goOn(until what: String, oneMore: Bool) throws -> [Job] {
        let service = try service()
        let ended = try jobs(service).count(where: \.isOver)
        let deadline = ContinuousClock.now + .seconds(240)
        while true {
            let jobs = try jobs(service)
            if isOver(jobs) || oneMore && jobs.count(where: \.isOver) > ended { return jobs }
            try #require(
                ContinuousClock.now < deadline, "seed \(seed): waits for \(what): \(jobs)")
            usleep(100_000)
        }
    }

    /// Lets the service work until every job has ended.
    func finish() throws -> [Job] {
        try goOn(until: "the end of all jobs", oneMore: false)
    }

    // MARK: Judging

    /// What sqlite3 reads in the journal.
    private func journal(_ query: String) throws -> String {
        try runHelper(
            "sqlite3",
            [site.home.appendingPathComponent("journal.sqlite").path, ".timeout 10000", query]
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func judge(_ jobs: [Job]) throws {
        for job in jobs {
            #expect(["done", "partial"].contains(job.state), "\(job)")
            #expect(job.items.failed == 0, "\(job)")
        }
        #expect(
            Set(jobs.filter { $0.origin != "upload" }.map(\.id)) == Set(bodies.map(\.id)))

        // Each change set that stands belongs to one job, but for the one that was there before.
        let made = jobs.compactMap(\.journal)
        #expect(Set(made).count == made.count)
        let standing = try journal("SELECT id FROM change_set WHERE state = 'done' ORDER BY id")
            .split(separator: "\n").map(String.init)
        #expect(standing == (made + [earlier]).sorted())
        #expect(
            try journal(
                "SELECT count(*) FROM change_set WHERE state NOT IN ('done', 'aborted')") == "0")

        for (alias, name) in Self.names {
            let file = try site.sql(
                "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' AND post_id = \(try site.id(alias));"
            )
            #expect(file.contains("/\(name)"), "\(alias): \(file)")
        }
        for id in Self.missing {
            let alts = try site.sql(
                "SELECT COUNT(*) FROM wp_postmeta WHERE meta_key = '_wp_attachment_image_alt' AND post_id = \(id) AND meta_value <> '';"
            )
            #expect(alts.trimmingCharacters(in: .whitespacesAndNewlines) == "1", "\(id)")
        }

        // Texts that the gate is not sure of wait for a person; none is lost on the way.
        let upload = try #require(jobs.first { $0.origin == "upload" })
        #expect(upload.items.applied + upload.items.review == Self.uploads.count, "\(upload)")

        // An answer that had come is never asked for again: only what was on its way is.
        let asked = try stub.asked()
        #expect(asked.count == Self.missing.count + Self.uploads.count, "\(asked)")
        let extra = asked.values.reduce(0) { $0 + $1 - 1 }
        #expect(extra <= kills * Self.uploads.count, "\(asked) after \(kills) kills")
    }

    /// Reverts what the jobs have done, newest first; the job that reverted stands.
    func takeBack(_ jobs: [Job]) throws {
        let made = Set(jobs.filter { $0.kind != "revert" }.compactMap(\.journal))
        let ids = try site.journalIDs().filter { made.contains($0) }
        #expect(ids.count == made.count)
        for id in ids { try site.change(["revert", id]) }
    }
}
