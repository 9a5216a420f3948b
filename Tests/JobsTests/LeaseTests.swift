import Jobs
import Model
import TestSupport
import Testing

@Suite("Jobs: leases") struct LeaseTests {
    @Test("what a former holder writes is refused, whatever it writes")
    func fencing() throws {
        try Scene.with { scene in
            let store = try scene.store()
            _ = try store.submit(JobSubmission(.completeMetadata))
            let old = try #require(try store.claim(by: "old")).lease
            #expect(try store.claim(by: "early") == nil)
            scene.clock.advance(seconds: 14)
            #expect(try store.renew(old) == nil)
            scene.clock.advance(seconds: 14)
            #expect(try store.claim(by: "early") == nil)
            scene.clock.advance(seconds: 2)
            let new = try #require(try store.claim(by: "new")).lease
            #expect(new.fence > old.fence)
            let journal = JournalID(milliseconds: 5, random: 5)
            let before = try scene.sql(
                "SELECT * FROM job; SELECT * FROM item; SELECT * FROM change_set")
            let writes: [(String, () throws -> Void)] = [
                ("renew", { _ = try store.renew(old) }),
                ("record", { try store.record(JobProgress(done: 1), by: old) }),
                ("willWrite", { try store.willWrite(journal, by: old) }),
                ("setAside", { try store.setAside(journal, by: old) }),
                ("complete", { _ = try store.complete(JobOutcome(.done), by: old) }),
                ("release", { _ = try store.release(old) }),
            ]
            for (name, write) in writes {
                let error = try #require(throws: MonikerError.self, "\(name)") { try write() }
                #expect(error.code == .leaseLost)
            }
            #expect(
                try scene.sql("SELECT * FROM job; SELECT * FROM item; SELECT * FROM change_set")
                    == before)
            try store.willWrite(journal, by: new)
        }
    }

    @Test("the wall clock has no say, and a new start of the machine ends every lease")
    func clocks() throws {
        try Scene.with { scene in
            let store = try scene.store()
            _ = try store.submit(JobSubmission(.scan))
            let lease = try #require(try store.claim(by: "a")).lease
            for seconds: Int64 in [86_400, -604_800] {
                scene.clock.setWall(by: seconds)
                #expect(try store.claim(by: "b") == nil)
                _ = try store.renew(lease)
            }
            scene.clock.reboot()
            #expect(throws: MonikerError.self) { try store.renew(lease) }
            #expect(try store.claim(by: "c")?.job.attempts == 2)
        }
    }

    @Test("one job that writes and one that reads at a time; higher priorities first, then by age")
    func order() throws {
        try Scene.with { scene in
            let store = try scene.store()
            let low = try store.submit(JobSubmission(.completeMetadata, priority: -1)).id
            let first = try store.submit(JobSubmission(.completeMetadata)).id
            let second = try store.submit(JobSubmission(.clear)).id
            let high = try store.submit(JobSubmission(.missingAlt, priority: 5)).id
            let scan = try store.submit(JobSubmission(.scan)).id
            _ = try store.submit(JobSubmission(.analyze))
            var claims = [try #require(try store.claim(by: "a"))]
            let reader = try #require(try store.claim(by: "b"))
            #expect(reader.job.id == scan)
            #expect(try store.claim(by: "c") == nil)
            _ = try store.pause(reader.job.id)
            while claims.count < 4 {
                _ = try store.complete(JobOutcome(.done), by: #require(claims.last).lease)
                claims.append(try #require(try store.claim(by: "a")))
            }
            #expect(claims.map(\.job.id) == [high, first, second, low])
        }
    }

    @Test("a job that kills its workers fails instead of killing them all")
    func poison() throws {
        try Scene.with { scene in
            let store = try scene.store()
            let id = try store.submit(JobSubmission(.completeMetadata)).id
            var claims = 0
            while try store.claim(by: "victim") != nil {
                claims += 1
                scene.clock.advance(seconds: 16)
                try #require(claims < 20)
            }
            let job = try store.job(id)
            #expect(claims == 5 && job.state == .failed)
            #expect(job.error?.code == "worker-died")
            #expect(try store.retry(id).state == .queued)
        }
    }

    @Test("a failure that may pass is tried again later each time, and not for ever")
    func backOff() throws {
        try Scene.with { scene in
            let store = try scene.store()
            let id = try store.submit(JobSubmission(.completeMetadata)).id
            for seconds: Int64 in [5, 10, 20, 40, 80] {
                let claim = try #require(try store.claim(by: "a"))
                let job = try store.release(
                    claim.lease, error: MonikerError(.networkFailed, "no network"))
                #expect(job.state == .queued)
                #expect(job.error?.code == "network-failed")
                scene.clock.advance(seconds: seconds - 1)
                #expect(try store.claim(by: "b") == nil)
                scene.clock.advance(seconds: 1)
            }
            let claim = try #require(try store.claim(by: "a"))
            let job = try store.release(
                claim.lease, error: MonikerError(.networkFailed, "no network"))
            #expect(job.state == .failed)
            #expect(try store.job(id).state == .failed)
        }
    }

    @Test("a busy site makes a job wait for seconds, however often workers have died of it before")
    func busyAfterTakeovers() throws {
        var scene = try Scene()
        scene.policy.mostDeaths = .max
        defer { scene.remove() }
        let store = try scene.store()
        _ = try store.submit(JobSubmission(.completeMetadata))
        for _ in 0..<20 {
            _ = try #require(try store.claim(by: "a"))
            scene.clock.advance(seconds: 60)
            let claim = try #require(try store.claim(by: "b"))
            #expect(
                try store.release(claim.lease, error: MonikerError(.busy, "busy")).state
                    == .queued)
            scene.clock.advance(seconds: 3)
        }
        #expect(try store.claim(by: "c") != nil)
    }

    /// A site that commits change sets, and a lock that only one living worker has.
    private struct ModelSite {
        var committed: [JournalID: String] = [:]
        var lock: Int?
    }

    /// One worker: where it is in its work on a job.
    private enum Phase {
        case idle
        case begun(JobClaim)
        case announced(JobClaim, JournalID)
        case committed(JobClaim, JournalID)
    }

    @Test(
        "workers that die, stall and come back: each job is committed exactly once",
        arguments: 0..<60 as Range<UInt64>)
    func exactlyOnce(seed: UInt64) throws {
        var scene = try Scene()
        scene.policy.mostDeaths = .max
        defer { scene.remove() }
        let stores = try (0..<4).map { _ in try scene.store() }
        var random = SplitMix64(seed: seed)
        let jobs = try (0..<8).map { _ in try stores[0].submit(JobSubmission(.completeMetadata)).id
        }
        var site = ModelSite()
        var workers = [Phase](repeating: .idle, count: stores.count)
        var serial: UInt64 = 0
        var steps = 0
        while try stores[0].jobs(limit: 1, states: [.queued, .running]).items.count > 0 {
            steps += 1
            try #require(steps < 3000)
            for _ in 0..<6 {
                let index = Int.random(in: workers.indices, using: &random)
                let store = stores[index]
                if Int.random(in: 0..<12, using: &random) == 0 {
                    // SIGKILL: the kernel gives its lock back.
                    workers[index] = .idle
                    if site.lock == index { site.lock = nil }
                    continue
                }
                do {
                    switch workers[index] {
                    case .idle:
                        if let claim = try store.claim(by: "\(index)") {
                            workers[index] = .begun(claim)
                        }
                    case .begun(let claim):
                        // The lock of the site comes first, as in a session that writes.
                        guard site.lock == nil || site.lock == index else {
                            _ = try store.release(
                                claim.lease, error: MonikerError(.busy, "busy"))
                            workers[index] = .idle
                            continue
                        }
                        site.lock = index
                        if let standing = claim.unsettled.first(where: { site.committed[$0] != nil }
                        ) {
                            workers[index] = .committed(claim, standing)
                            continue
                        }
                        for journal in claim.unsettled {
                            try store.setAside(journal, by: claim.lease)
                        }
                        serial += 1
                        let journal = JournalID(milliseconds: serial, random: serial)
                        try store.willWrite(journal, by: claim.lease)
                        workers[index] = .announced(claim, journal)
                    case .announced(let claim, let journal):
                        site.committed[journal] = claim.job.id
                        workers[index] = .committed(claim, journal)
                    case .committed(let claim, let journal):
                        _ = try store.complete(
                            JobOutcome(.done, journals: [journal]), by: claim.lease)
                        workers[index] = .idle
                        site.lock = nil
                    }
                } catch {
                    #expect(error.code == .leaseLost)
                    workers[index] = .idle
                    if site.lock == index { site.lock = nil }
                }
            }
            scene.clock.advance(seconds: Int64.random(in: 0...6, using: &random))
            if Int.random(in: 0..<40, using: &random) == 0 { scene.clock.reboot() }
        }
        #expect(site.committed.values.sorted() == jobs.sorted())
        let known = try scene.sql(
            "SELECT journal FROM change_set WHERE outcome = 'done' ORDER BY 1")
        #expect(
            known.split(separator: "\n").map(String.init)
                == site.committed.keys.map(\.description).sorted())
    }
}
