import Access
import HTTPTypes
import Jobs
import Model
import NIOCore
import UseCases

/// Jobs: submitting, looking, controlling, and hearing of them as they go on.
struct JobRoutes: Sendable {
    let jobs: JobStore
    /// The queue's file is waited for here.
    let worker: Worker
    /// Who asks the same at the same time is answered by one look into the file.
    private let shared = SharedReads<APIAnswer>()
    let streams: EventStreams
    let settings: SettingsDesk

    private let store: ServiceStore

    init(
        jobs: JobStore, worker: Worker, streams: EventStreams, settings: SettingsDesk,
        store: ServiceStore
    ) {
        self.store = store
        self.jobs = jobs
        self.worker = worker
        self.streams = streams
        self.settings = settings
    }

    /// A rename map may have 100,000 lines.
    private static let mostBytes = 16 << 20
    /// The most uploads that one request tells of.
    private static let mostUploads = 10_000

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/jobs", .scope(.write), mostBytes: Self.mostBytes, isRepeatable: true,
                submit),
            Endpoint(.get, "/v1/jobs", .scope(.read), list),
            Endpoint(.get, "/v1/jobs/{id}", .scope(.read), show),
            Endpoint(.get, "/v1/jobs/{id}/items", .scope(.read), items),
            Endpoint(.get, "/v1/jobs/{id}/report", .scope(.read), report),
            Endpoint(.get, "/v1/jobs/{id}/events", .scope(.read), events),
            control("pause") { jobs, id throws(MonikerError) in try jobs.pause(id) },
            control("resume") { jobs, id throws(MonikerError) in try jobs.resume(id) },
            control("cancel") { jobs, id throws(MonikerError) in try jobs.cancel(id) },
            control("retry") { jobs, id throws(MonikerError) in try jobs.retry(id) },
            Endpoint(.post, "/v1/uploads", .scope(.write), isRepeatable: true, uploads),
            Endpoint(.get, "/v1/schedules", .scope(.read), schedules),
            Endpoint(.post, "/v1/schedules", .scope(.write), schedule),
            Endpoint(.delete, "/v1/schedules/{id}", .scope(.write), isRepeatable: true, unschedule),
        ]
    }

    private func control(
        _ verb: String,
        _ body: @escaping @Sendable (JobStore, String) throws(MonikerError) -> Job
    ) -> Endpoint {
        Endpoint(.post, "/v1/jobs/{id}/\(verb)", .scope(.write), isRepeatable: true) {
            request async throws(MonikerError) in
            try request.requireQuery(of: [])
            _ = try request.fields(NoFields.self)
            let id = try Self.id(request)
            return .json(
                try await noting(request, "job-\(verb)", target: id) { jobs throws(MonikerError) in
                    try body(jobs, id)
                })
        }
    }

    /// Does something with the queue, with a note of who asked for it.
    private func noting(
        _ request: APIRequest, _ operation: String, target: String,
        _ body: @escaping @Sendable (JobStore) throws(MonikerError) -> Job
    ) async throws(MonikerError) -> Job {
        try await noting(
            request, operation, target: target, as: { ($0.id, $0.state.rawValue) }, body)
    }

    /// The same for what is no job.
    ///
    /// - Parameter told: what it was about, and what came of it.
    private func noting<Value: Sendable>(
        _ request: APIRequest, _ operation: String, target: String,
        as told: @escaping @Sendable (Value) -> (target: String, outcome: String),
        _ body: @escaping @Sendable (JobStore) throws(MonikerError) -> Value
    ) async throws(MonikerError) -> Value {
        try await worker.run { [store, jobs] () throws(MonikerError) in
            let note = try store.beginAudit(request, operation: operation, target: target)
            do throws(MonikerError) {
                let value = try body(jobs)
                let (target, outcome) = told(value)
                try store.noteJob(note, target: target, outcome: outcome)
                return value
            } catch {
                try store.finishAudit(note, journal: nil, outcome: error.code.rawValue)
                throw error
            }
        }
    }

    private struct NoFields: RequestFields {
        static let names: Set<String> = []
        init() {}
    }

    static func id(_ request: APIRequest) throws(MonikerError) -> String {
        guard let id = request.parameters["id"], id.utf8.count <= 40 else {
            throw MonikerError(.unknownJob, "there is no such job: /v1/jobs lists them")
        }
        return id
    }

    // MARK: Submitting

    private struct SubmissionFields: RequestFields {
        var kind: String
        var options: AllowedOptions?
        var priority: Int?
        var dryRun: Bool?
        var expectedPlan: String?

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case kind, options, priority
            case dryRun = "dry_run"
            case expectedPlan = "expected_plan"
        }

        static var names: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
        init() { kind = "" }
    }

    /// The options that a request may name: who describes, and with whose key, is not among them.
    private struct AllowedOptions: RequestFields {
        var options: JobOptions

        static let names: Set<String> = [
            "attachments", "used", "limit", "fields", "mode", "language", "context", "overwrite",
            "budget", "concurrency", "names", "journal", "only", "keep_old", "ai_only", "full",
        ]
        init() { options = JobOptions() }

        init(from decoder: any Decoder) throws {
            options = try StrictFields<Wrapped>(from: decoder).fields.options
        }

        private struct Wrapped: RequestFields {
            var options = JobOptions()
            static var names: Set<String> { AllowedOptions.names }
            init() {}
            init(from decoder: any Decoder) throws { options = try JobOptions(from: decoder) }
        }
    }

    @Sendable private func submit(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let fields = try request.fields(SubmissionFields.self)
        var submission = try self.submission(
            fields.kind, fields.options, priority: fields.priority)
        submission.key = request.headers["idempotency-key"].map {
            "\(request.caller?.id ?? "")\n\($0)"
        }
        submission.options.dryRun = fields.dryRun
        submission.options.expectedPlan = fields.expectedPlan
        let wanted = submission
        let job = try await noting(request, "job", target: wanted.kind.rawValue) {
            jobs throws(MonikerError) in
            try jobs.submit(wanted)
        }
        var answer = APIAnswer.json(job, status: .accepted)
        answer.headers[.location] = "/v1/jobs/\(job.id)"
        return answer
    }

    private func submission(
        _ name: String, _ options: AllowedOptions?, priority: Int?
    ) throws(MonikerError) -> JobSubmission {
        guard let kind = JobKind(rawValue: name) else {
            let kinds = JobKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw MonikerError(
                .invalidArgument, "there is no such kind of job: use \(kinds)",
                details: ["field": "kind"])
        }
        guard priority.map({ (-100...100).contains($0) }) ?? true else {
            throw MonikerError(
                .invalidArgument, "the field priority is a number from -100 to 100",
                details: ["field": "priority"])
        }
        var wish = options?.options ?? JobOptions()
        try wish.checkValues()
        settings.complete(&wish, of: kind)
        return JobSubmission(kind, wish, priority: priority ?? 0)
    }

    // MARK: Schedules

    private struct ScheduleFields: RequestFields {
        var kind: String
        var cron: String
        var options: AllowedOptions?
        var priority: Int?

        static let names: Set<String> = ["kind", "cron", "options", "priority"]
        init() { (kind, cron) = ("", "") }
    }

    @Sendable private func schedules(_ request: APIRequest) async throws(MonikerError) -> APIAnswer
    {
        try request.requireQuery(of: [])
        let all = try await worker.run { () throws(MonikerError) in try jobs.schedules() }
        return .json(ListPage(items: all, next: nil))
    }

    @Sendable private func schedule(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let fields = try request.fields(ScheduleFields.self)
        guard fields.cron.utf8.count <= 200 else {
            throw MonikerError(
                .invalidArgument, "the field cron takes at most 200 bytes",
                details: ["field": "cron"])
        }
        let submission = try submission(fields.kind, fields.options, priority: fields.priority)
        let made = try await noting(
            request, "schedule", target: fields.kind, as: { ($0.id, "done") }
        ) { jobs throws(MonikerError) in
            try jobs.schedule(submission, cron: fields.cron)
        }
        return .json(made, status: .created)
    }

    private struct Removal: Encodable {
        var id: String
        var state = "removed"
    }

    @Sendable private func unschedule(
        _ request: APIRequest
    ) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        _ = try request.fields(NoFields.self)
        let id = try Self.id(request)
        try await noting(request, "unschedule", target: id, as: { _ in (id, "done") }) {
            jobs throws(MonikerError) in try jobs.unschedule(id)
        }
        return .json(Removal(id: id))
    }

    // MARK: Uploads

    private struct UploadFields: RequestFields {
        var attachments: [Int64]

        static let names: Set<String> = ["attachments"]
        init() { attachments = [] }
    }

    private struct UploadReport: Encodable {
        var waiting: Int
    }

    @Sendable private func uploads(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let fields = try request.fields(UploadFields.self)
        guard !fields.attachments.isEmpty else {
            throw MonikerError(
                .invalidArgument, "the field attachments needs at least one id",
                details: ["field": "attachments"])
        }
        guard fields.attachments.count <= Self.mostUploads else {
            throw MonikerError(
                .invalidArgument,
                "the field attachments takes at most \(Self.mostUploads) ids: send several requests",
                details: ["field": "attachments"])
        }
        let waiting = try await worker.run { [store, jobs] () throws(MonikerError) in
            let note = try store.beginAudit(
                request, operation: "uploads",
                target: fields.attachments.prefix(20).map { "\($0)" }.joined(separator: " "))
            let waiting = try jobs.noteUploads(fields.attachments)
            try store.finishAudit(note, journal: nil, outcome: "waiting")
            return waiting
        }
        return .json(UploadReport(waiting: waiting), status: .accepted)
    }

    // MARK: Looking

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["limit", "cursor", "state"])
        let limit = try request.limit()
        var states: Set<JobState>?
        if let text = request.query["state"] {
            guard let state = JobState(rawValue: text) else {
                let all = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                throw MonikerError(.invalidArgument, "the parameter state is one of \(all)")
            }
            states = [state]
        }
        var after: Int64?
        if let cursor = request.query["cursor"] {
            guard let number = Int64(cursor), number >= 0 else {
                throw AttachmentRoutes.wrongCursor
            }
            after = number
        }
        let (wanted, start) = (states, after)
        return try await shared.run("jobs\n" + request.question, on: worker) {
            () throws(MonikerError) in
            let page = try jobs.jobs(after: start, limit: limit, states: wanted)
            return .json(ListPage(items: page.items, next: page.next.map { "\($0)" }))
        }
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try Self.id(request)
        return try await shared.run("job\n" + request.question, on: worker) {
            () throws(MonikerError) in
            .json(try jobs.job(id))
        }
    }

    /// What the job's command would have printed with `--json`.
    @Sendable private func report(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try Self.id(request)
        let job = try await worker.run { () throws(MonikerError) in try jobs.job(id) }
        guard let report = job.report else {
            throw MonikerError(
                .jobState,
                "job \(id) has no report: it has not ended, or ended without a result",
                details: ["job": id, "state": job.state.rawValue])
        }
        return APIAnswer(.ok, contentType: "application/json", body: Array(report.utf8))
    }

    private struct Item: Encodable {
        var attachment: Int64
        var state: String
        var reason: String?
        var detail: String

        init(_ item: JobItem) {
            attachment = item.attachment
            state = item.state.rawValue
            reason = item.reason
            detail = item.detail
        }
    }

    @Sendable private func items(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["limit", "cursor"])
        let id = try Self.id(request)
        let limit = try request.limit()
        var after: Int64?
        if let cursor = request.query["cursor"] {
            guard let number = Int64(cursor), number >= 0 else {
                throw AttachmentRoutes.wrongCursor
            }
            after = number
        }
        let start = after
        let items = try await worker.run { () throws(MonikerError) in
            try jobs.items(of: id, after: start, limit: limit + 1)
        }
        let page = items.prefix(limit)
        return .json(
            ListPage(
                items: page.map(Item.init),
                next: items.count > limit ? page.last.map { "\($0.attachment)" } : nil))
    }

    @Sendable private func events(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try Self.id(request)
        var last: Int64 = 0
        if let text = request.headers["last-event-id"] {
            guard let number = Int64(text), number >= 0 else {
                throw MonikerError(.invalidArgument, "Last-Event-ID is no id of an event")
            }
            last = number
        }
        // A job that is not there is told as such, and not in the middle of a stream.
        _ = try await worker.run { () throws(MonikerError) in try jobs.job(id) }
        return try streams.answer(of: id, after: last)
    }
}
