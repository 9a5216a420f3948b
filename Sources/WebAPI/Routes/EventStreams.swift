import HTTPTypes
import HummingbirdCore
import Jobs
import Model
import NIOCore
import ServiceLifecycle
import Synchronization

/// Server-sent events of jobs (WHATWG HTML, "Server-sent events").
final class EventStreams: Sendable {
    private let jobs: JobStore
    private let worker: Worker
    private let open = Mutex(0)

    /// Each stream holds a connection.
    private static let most = 200
    private static let interval = Duration.milliseconds(300)
    /// So often a stream without events says that it is there, for proxies that end calm ones.
    private static let heartbeat = Duration.seconds(15)

    init(jobs: JobStore, worker: Worker) {
        self.jobs = jobs
        self.worker = worker
    }

    /// How many streams are open.
    var count: Int { open.withLock { $0 } }

    /// The stream of a job's events after one, until the job or the service ends.
    ///
    /// - Throws: `too-many-requests` while too many are open.
    func answer(of job: String, after last: Int64) throws(MonikerError) -> APIAnswer {
        let isFree = open.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
        guard isFree else {
            throw MonikerError(
                .tooManyRequests, "\(Self.most) streams of events are open already: wait",
                details: ["retry_after": "5"])
        }
        let slot = Slot(self)
        var answer = APIAnswer(.ok, contentType: "text/event-stream", body: [])
        answer.stream = { [self] writer in
            defer { slot.release() }
            try await write(job, after: last, to: &writer)
            try await writer.finish(nil)
        }
        return answer
    }

    /// The place of a stream, which is given back once, also where nobody ever read it.
    private final class Slot: Sendable {
        private let streams: EventStreams
        private let isHeld = Mutex(true)

        init(_ streams: EventStreams) { self.streams = streams }
        deinit { release() }

        func release() {
            let wasHeld = isHeld.withLock { held in
                defer { held = false }
                return held
            }
            if wasHeld { streams.open.withLock { $0 -= 1 } }
        }
    }

    @concurrent
    private func write(
        _ job: String, after start: Int64, to writer: inout any ResponseBodyWriter
    ) async throws {
        var last = start
        var written = ContinuousClock.now
        // The first bytes tell the browser that it is connected.
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let known = last
            let (state, events) = try await worker.run { [jobs] () throws(MonikerError) in
                // Read before the events: what has ended then has all of its events.
                (try jobs.job(job).state, try jobs.events(of: job, after: known))
            }
            for event in events {
                try await writer.write(ByteBuffer(string: Self.text(event)))
                last = event.id
                written = .now
            }
            guard events.isEmpty else { continue }
            if state.isFinal { return }
            if ContinuousClock.now - written > Self.heartbeat {
                try await writer.write(ByteBuffer(string: ": \n\n"))
                written = .now
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// An event on the wire; its data is JSON on one line.
    private static func text(_ event: JobEvent) -> String {
        "id: \(event.id)\nevent: \(event.kind.rawValue)\ndata: \(event.data)\n\n"
    }
}
