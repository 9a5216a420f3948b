import Jobs
import Model
import Testing

@Suite("Jobs: states") struct StateTests {
    /// What can happen to a job.
    enum Step: String, CaseIterable {
        case pause, resume, cancel, retry, claim, complete, fail, leaveInPart, release, expire
    }

    /// Every state that a job can be in, by how it got there.
    enum Situation: String, CaseIterable {
        case queued, running, runningToPause, runningToCancel, silent, paused, done, partial
        case failed, cancelled
    }

    /// What is to become of a situation: the state, and the request after a `+`; `refused` where
    /// nothing may change; `-` where nobody can take the step.
    private static let table: [Situation: [Step: String]] = [
        .queued: [
            .pause: "paused", .resume: "queued", .cancel: "cancelled", .retry: "refused",
            .claim: "running",
        ],
        .running: [
            .pause: "running+pause", .resume: "running", .cancel: "running+cancel",
            .retry: "refused", .claim: "running", .complete: "done", .fail: "failed",
            .leaveInPart: "partial", .release: "queued", .expire: "running",
        ],
        .runningToPause: [
            .pause: "running+pause", .resume: "running", .cancel: "running+cancel",
            .retry: "refused", .claim: "running+pause", .complete: "done", .fail: "failed",
            .leaveInPart: "partial", .release: "paused", .expire: "running+pause",
        ],
        .runningToCancel: [
            .pause: "refused", .resume: "refused", .cancel: "running+cancel", .retry: "refused",
            .claim: "running+cancel", .complete: "done", .fail: "failed", .leaveInPart: "partial",
            .release: "cancelled", .expire: "running+cancel",
        ],
        // Its holder writes nothing any more, whoever asks.
        .silent: [
            .pause: "paused", .resume: "running", .cancel: "cancelled", .retry: "refused",
            .claim: "running", .complete: "refused", .fail: "refused", .leaveInPart: "refused",
            .release: "refused",
        ],
        .paused: [
            .pause: "paused", .resume: "queued", .cancel: "cancelled", .retry: "refused",
            .claim: "paused",
        ],
        .done: [
            .pause: "refused", .resume: "refused", .cancel: "refused", .retry: "refused",
            .claim: "done",
        ],
        .partial: [
            .pause: "refused", .resume: "refused", .cancel: "refused", .retry: "queued",
            .claim: "partial",
        ],
        .failed: [
            .pause: "refused", .resume: "refused", .cancel: "refused", .retry: "queued",
            .claim: "failed",
        ],
        .cancelled: [
            .pause: "refused", .resume: "refused", .cancel: "cancelled", .retry: "refused",
            .claim: "cancelled",
        ],
    ]

    private static let failedItem = JobItem(attachment: 7, state: .failed, reason: "timed-out")

    @Test("every step in every state", arguments: Situation.allCases, Step.allCases)
    func step(situation: Situation, step: Step) throws {
        guard let expected = Self.table[situation]?[step] else {
            // Only a holder can end a job, and only a held one can be left alone.
            #expect([.complete, .fail, .leaveInPart, .release, .expire].contains(step))
            return
        }
        try Scene.with { scene in
            let store = try scene.store()
            let id = try store.submit(JobSubmission(.completeMetadata)).id
            let lease = try Self.bring(store, scene, id, to: situation)
            let before = try scene.sql("SELECT * FROM job; SELECT count(*) FROM event")
            do {
                try Self.take(step, store, scene, id, lease)
            } catch let error as MonikerError {
                #expect(expected == "refused", "\(error.message)")
                #expect([.jobState, .leaseLost].contains(error.code))
                #expect(try scene.sql("SELECT * FROM job; SELECT count(*) FROM event") == before)
                return
            }
            // Another process reads the same.
            let job = try scene.store().job(id)
            #expect(job.state.rawValue + (job.request.map { "+\($0.rawValue)" } ?? "") == expected)
            #expect((job.finished != nil) == job.state.isFinal)
        }
    }

    private static func bring(
        _ store: JobStore, _ scene: Scene, _ id: String, to situation: Situation
    ) throws -> JobLease? {
        switch situation {
        case .queued: return nil
        case .paused: _ = try store.pause(id)
        case .cancelled: _ = try store.cancel(id)
        case .running, .runningToPause, .runningToCancel, .silent, .done, .partial, .failed:
            let lease = try #require(try store.claim(by: "first")).lease
            switch situation {
            case .runningToPause: _ = try store.pause(id)
            case .runningToCancel: _ = try store.cancel(id)
            case .silent: scene.clock.advance(seconds: 16)
            case .done: try take(.complete, store, scene, id, lease)
            case .partial: try take(.leaveInPart, store, scene, id, lease)
            case .failed: try take(.fail, store, scene, id, lease)
            default: break
            }
            return lease
        }
        return nil
    }

    private static func take(
        _ step: Step, _ store: JobStore, _ scene: Scene, _ id: String, _ lease: JobLease?
    ) throws {
        switch step {
        case .pause: _ = try store.pause(id)
        case .resume: _ = try store.resume(id)
        case .cancel: _ = try store.cancel(id)
        case .retry: _ = try store.retry(id)
        case .claim: _ = try store.claim(by: "second")
        case .complete: _ = try store.complete(JobOutcome(.done), by: #require(lease))
        case .fail:
            _ = try store.complete(
                JobOutcome(.failed, error: .init(code: "not-a-site", message: "no")),
                by: #require(lease))
        case .leaveInPart:
            _ = try store.complete(
                JobOutcome(.partial, items: [failedItem]), by: #require(lease))
        case .release: _ = try store.release(#require(lease))
        case .expire: scene.clock.advance(seconds: 16)
        }
    }

    @Test("retry works on the items that failed and on no others")
    func retry() throws {
        try Scene.with { scene in
            let store = try scene.store()
            let id = try store.submit(JobSubmission(.completeMetadata)).id
            let first = try #require(try store.claim(by: "a"))
            #expect(first.retried == nil)
            let items = [
                JobItem(attachment: 1, state: .ready), JobItem(attachment: 2, state: .failed),
                JobItem(attachment: 3, state: .review), JobItem(attachment: 4, state: .failed),
                JobItem(attachment: 5, state: .skipped),
            ]
            try store.record(JobProgress(done: 5, total: 5), items: items, by: first.lease)
            let ended = try store.complete(
                JobOutcome(.partial, ready: .applied), by: first.lease)
            #expect(ended.progress.items == .init(applied: 1, review: 1, skipped: 1, failed: 2))
            let queued = try store.retry(id)
            #expect(queued.progress.total == 2 && queued.progress.done == 0)
            #expect(queued.progress.items == .init(applied: 1, review: 1, skipped: 1, failed: 0))
            let second = try #require(try store.claim(by: "b"))
            #expect(second.retried == [2, 4])
            // A worker that dies after one of them leaves both, because nothing is written yet.
            try store.record(
                JobProgress(done: 1, total: 2), items: [JobItem(attachment: 2, state: .ready)],
                by: second.lease)
            scene.clock.advance(seconds: 16)
            let third = try #require(try store.claim(by: "c"))
            #expect(third.retried == [2, 4])
            let last = try store.complete(
                JobOutcome(
                    .done,
                    items: [
                        JobItem(attachment: 2, state: .applied),
                        JobItem(attachment: 4, state: .applied),
                    ]), by: third.lease)
            #expect(last.progress.items == .init(applied: 3, review: 1, skipped: 1, failed: 0))
            #expect(
                try scene.sql("SELECT state, count(*) FROM item GROUP BY 1 ORDER BY 1")
                    == "applied|3\nreview|1\nskipped|1")
            #expect(throws: MonikerError.self) { try store.retry(id) }
        }
    }

    @Test("options that a kind does not take are refused, and nothing is queued")
    func options() throws {
        try Scene.with { scene in
            let store = try scene.store()
            for (kind, json) in [
                (JobKind.scan, #"{"mode":"seo"}"#), (.renameMap, "{}"),
                (.renameMap, #"{"names":[]}"#),
                (.renameMap, #"{"names":[{"id":1},{"id":1,"name":"x"}]}"#), (.revert, "{}"),
                (.revert, #"{"journal":"nonsense"}"#), (.clear, #"{"attachments":[0]}"#),
                (.missingAlt, #"{"concurrency":0}"#), (.missingAlt, #"{"colour":"red"}"#),
                (.clear, #"{"expected_plan":"none"}"#),
                (.clear, "{\"expected_plan\":\"\(String(repeating: "A", count: 64))\"}"),
                (.missingAlt, #"{"attachments":["1"]}"#), (.missingAlt, "[]"), (.missingAlt, "x"),
            ] {
                let error = try #require(throws: MonikerError.self, "\(kind) \(json)") {
                    try store.submit(JobSubmission(kind, JobOptions(parsing: json.utf8)))
                }
                #expect(error.code == .invalidArgument)
            }
            #expect(try scene.sql("SELECT count(*) FROM job") == "0")
        }
    }

    @Test("the same key gives the same job; a full queue takes nothing")
    func keysAndBackPressure() throws {
        var scene = try Scene()
        scene.policy.mostJobs = 3
        defer { scene.remove() }
        let store = try scene.store()
        let first = try store.submit(JobSubmission(.scan, key: "k"))
        #expect(try store.submit(JobSubmission(.analyze, key: "k")).id == first.id)
        _ = try store.submit(JobSubmission(.scan))
        _ = try store.submit(JobSubmission(.scan))
        let error = try #require(throws: MonikerError.self) {
            try store.submit(JobSubmission(.scan))
        }
        #expect(error.code == .queueFull)
        // The key is still known, and room is made by an end.
        #expect(try store.submit(JobSubmission(.scan, key: "k")).id == first.id)
        _ = try store.cancel(first.id)
        _ = try store.submit(JobSubmission(.scan))
    }

    @Test("lists come newest first, page by page; events have increasing ids and end with the end")
    func listsAndEvents() throws {
        try Scene.with { scene in
            let store = try scene.store()
            let ids = try (0..<7).map { _ in try store.submit(JobSubmission(.scan)).id }
            var seen: [String] = []
            var cursor: Int64?
            repeat {
                let page = try store.jobs(after: cursor, limit: 3)
                seen += page.items.map(\.id)
                cursor = page.next
            } while cursor != nil
            #expect(seen == ids.reversed())

            let claim = try #require(try store.claim(by: "a"))
            #expect(claim.job.id == ids[0])
            try store.record(
                JobProgress(done: 1, total: 2),
                items: [JobItem(attachment: 9, state: .applied)], by: claim.lease)
            _ = try store.complete(JobOutcome(.done), by: claim.lease)
            let events = try store.events(of: ids[0])
            #expect(events.map(\.kind) == [.progress, .progress, .item, .progress, .end])
            #expect(zip(events, events.dropFirst()).allSatisfy { $0.id < $1.id })
            let middle = events[2].id
            #expect(try store.events(of: ids[0], after: middle) == Array(events[3...]))
            #expect(events[4].data.contains(#""state":"done""#))
            #expect(events[4].data.contains(#""eta_seconds":null"#))
        }
    }
}
