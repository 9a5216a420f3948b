import Jobs
import Model
import TestSupport
import Testing

@Suite("Jobs: uploads and schedules") struct UploadTests {
    @Test("uploads wait until none has come for a while, and are one job of their own origin")
    func debounce() throws {
        try Scene.with { scene in
            let store = try scene.store()
            #expect(try store.noteUploads([3, 1]) == 2)
            scene.clock.advance(seconds: 29)
            #expect(try store.claim(by: "a") == nil)
            #expect(try store.noteUploads([2, 3]) == 3)
            scene.clock.advance(seconds: 29)
            #expect(try store.claim(by: "a") == nil)
            #expect(try store.overview().waitingUploads == 3)
            scene.clock.advance(seconds: 1)
            let claim = try #require(try store.claim(by: "a"))
            #expect(claim.job.origin == .upload && claim.job.kind == .completeMetadata)
            #expect(claim.job.options.attachments?.sorted() == [1, 2, 3])
            let overview = try store.overview()
            #expect(overview.waitingUploads == 0)
            #expect(overview.origins["upload"]?.running == 1)
            #expect(overview.origins["bulk"]?.running == 0)
        }
    }

    @Test("uploads are described as was last said, whoever notes them and makes the job")
    func describer() throws {
        try Scene.with { scene in
            var wish = JobOptions()
            wish.provider = "anthropic"
            wish.context = "a bicycle shop"
            try scene.store().setUploadOptions(wish)
            _ = try scene.store().noteUploads([1])
            _ = try scene.store().noteUploads([2])
            scene.clock.advance(seconds: 30)
            let claim = try #require(try scene.store().claim(by: "a worker"))
            wish.attachments = [1, 2]
            #expect(claim.job.options == wish)
            wish.attachments = nil
            wish.names = []
            #expect(throws: MonikerError.self) {
                try scene.store().setUploadOptions(wish)
            }
        }
    }

    @Test("a stream of uploads that never rests waits for five minutes at most")
    func stream() throws {
        try Scene.with { scene in
            let store = try scene.store()
            var seconds: Int64 = 0
            var next: Int64 = 1
            while try store.claim(by: "a") == nil {
                _ = try store.noteUploads([next])
                next += 1
                scene.clock.advance(seconds: 20)
                seconds += 20
                try #require(seconds < 1000)
            }
            #expect(seconds == 300)
        }
    }

    @Test("a clock that is set back holds nothing up")
    func setBack() throws {
        try Scene.with { scene in
            let store = try scene.store()
            _ = try store.noteUploads([1])
            scene.clock.setWall(by: -86_400)
            #expect(try store.claim(by: "a") != nil)
        }
    }

    @Test("whatever the order, none is missed", arguments: 0..<30 as Range<UInt64>)
    func noneIsMissed(seed: UInt64) throws {
        var scene = try Scene()
        scene.policy.uploadBatch = 7
        defer { scene.remove() }
        var random = SplitMix64(seed: seed)
        // For each id, when it was last noted and when a job with it was last begun, as step numbers.
        var noted: [Int64: Int] = [:]
        var begun: [Int64: Int] = [:]
        for step in 0..<200 {
            // Any process, also a new one.
            let store = try scene.store()
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1, 2:
                let ids = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                    Int64.random(in: 1...60, using: &random)
                }
                _ = try store.noteUploads(ids)
                for id in ids { noted[id] = step }
            case 3: scene.clock.advance(seconds: Int64.random(in: 0...40, using: &random))
            default:
                guard let claim = try store.claim(by: "a") else { continue }
                for id in claim.job.options.attachments ?? [] { begun[id] = step }
                if Bool.random(using: &random) {
                    _ = try store.complete(JobOutcome(.done), by: claim.lease)
                } else {
                    _ = try store.release(claim.lease)
                }
            }
        }
        scene.clock.advance(seconds: 300)
        let store = try scene.store()
        var last = 0
        while let claim = try store.claim(by: "a") {
            for id in claim.job.options.attachments ?? [] { begun[id] = 1000 }
            _ = try store.complete(JobOutcome(.done), by: claim.lease)
            last += 1
            try #require(last < 500)
        }
        for (id, step) in noted { #expect(begun[id] ?? -1 > step, "upload \(id) was missed") }
        #expect(try scene.sql("SELECT count(*) FROM upload") == "0")
    }

    @Test("a full queue loses no upload, and too many are refused as a whole")
    func backPressure() throws {
        var scene = try Scene()
        scene.policy.mostJobs = 1
        scene.policy.mostUploads = 3
        defer { scene.remove() }
        let store = try scene.store()
        let blocker = try store.submit(JobSubmission(.scan)).id
        _ = try store.noteUploads([1, 2])
        let error = try #require(throws: MonikerError.self) { try store.noteUploads([3, 4]) }
        #expect(error.code == .queueFull)
        #expect(try scene.sql("SELECT group_concat(attachment) FROM upload") == "1,2")
        scene.clock.advance(seconds: 400)
        #expect(try store.claim(by: "a")?.job.id == blocker)
        #expect(try scene.sql("SELECT count(*) FROM upload") == "2")
        scene.clock.advance(seconds: 20)
        #expect(try store.cancel(blocker).state == .cancelled)
        #expect(try store.claim(by: "a")?.job.options.attachments == [1, 2])
    }

    @Test("a schedule makes one job a time, makes up for lost times once, and never two at once")
    func schedule() throws {
        try Scene.with { scene in
            let store = try scene.store()
            let made = try store.schedule(JobSubmission(.scan), cron: "*/10 * * * *")
            #expect(try store.claim(by: "a") == nil)
            let wait = try #require(made.next) - scene.clock.wall()
            #expect(wait > 0 && wait <= 600)
            // Hours without a worker.
            scene.clock.advance(seconds: wait + 7200)
            let claim = try #require(try store.claim(by: "a"))
            #expect(claim.job.origin == .schedule && claim.job.schedule == made.id)
            for _ in 0..<200 {
                scene.clock.advance(seconds: 10)
                _ = try store.renew(claim.lease)
                #expect(try store.claim(by: "b") == nil)
            }
            #expect(try scene.sql("SELECT count(*) FROM job") == "1")
            _ = try store.complete(JobOutcome(.done), by: claim.lease)
            scene.clock.advance(seconds: 600)
            #expect(try store.claim(by: "a")?.job.id != claim.job.id)
            try store.unschedule(made.id)
            #expect(try store.schedules().isEmpty)
            #expect(throws: MonikerError.self) { try store.unschedule(made.id) }
            #expect(throws: MonikerError.self) {
                try store.schedule(JobSubmission(.scan), cron: "0 0 31 2 *")
            }
        }
    }
}
