import Access
import Dashboard
import HTTPTypes
import Jobs
import Model
import UseCases

/// Jobs in the background: all of them, and one of them.
struct JobPages: Sendable {
    private let jobs: JobStore
    private let worker: Worker
    private let settings: SettingsDesk
    private let frame: PageMaker

    private static let pageSize = 30
    private static let itemPageSize = 100

    init(_ environment: PageEnvironment) {
        jobs = environment.jobs
        worker = environment.jobsWorker
        settings = environment.settings
        frame = environment.frame
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/jobs", .page, list),
            Endpoint(.get, "/jobs/{id}", .page, show),
        ]
    }

    private struct Standing: Sendable {
        var page: JobPage
        var overview: JobOverview
        var schedules: [JobSchedule]
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["cursor", "state"])
        let cursor = try request.numericCursor()
        var state: JobState?
        if let text = request.query["state"], !text.isEmpty {
            state = JobState(rawValue: text)
            guard state != nil else {
                throw MonikerError(
                    .invalidArgument, "jobs have no such state: choose one of the list")
            }
        }
        let wanted = state
        let standing = try await worker.run { [jobs] () throws(MonikerError) in
            Standing(
                page: try jobs.jobs(
                    after: cursor, limit: Self.pageSize, states: wanted.map { [$0] }),
                overview: try jobs.overview(), schedules: try jobs.schedules())
        }
        let provider = try settings.current.provider(settings.command).standing()
        return try frame.answer(
            JobsView(
                lanes: Self.lanes(standing.overview), jobs: standing.page.items.map(Self.row),
                schedules: standing.schedules.map {
                    JobsView.Schedule(
                        id: $0.id, kind: $0.kind.rawValue, cron: $0.cron, next: $0.next,
                        lastJob: $0.lastJob)
                }, state: state?.rawValue, next: standing.page.next.map { "\($0)" },
                provider: provider.model.map { "\(provider.provider), \($0)" }
                    ?? "the offline describer",
                isOffline: provider.provider == "offline"), request)
    }

    private static func lanes(_ overview: JobOverview) -> [JobsView.Lane] {
        JobOrigin.allCases.compactMap { origin in
            guard let lane = overview.origins[origin.rawValue] else { return nil }
            return JobsView.Lane(
                origin: origin.rawValue, queued: lane.queued, running: lane.running,
                paused: lane.paused, done: lane.done, total: lane.total,
                etaSeconds: lane.etaSeconds,
                waiting: origin == .upload ? overview.waitingUploads : 0)
        }
    }

    /// A job as pages show it.
    static func row(_ job: Job) -> JobRow {
        var values = JobRow.Values()
        values.id = job.id
        values.kind = job.kind.rawValue
        values.state = job.state.rawValue
        values.request = job.request?.rawValue
        values.origin = job.origin.rawValue
        values.priority = job.priority
        values.phase = job.progress.phase
        values.done = job.progress.done
        values.total = job.progress.total
        values.etaSeconds = job.progress.etaSeconds
        values.applied = job.progress.items.applied
        values.review = job.progress.items.review
        values.skipped = job.progress.items.skipped
        values.failed = job.progress.items.failed
        values.created = job.created
        values.started = job.started
        values.finished = job.finished
        values.journal = job.journal
        values.errorCode = job.error?.code
        values.errorMessage = job.error.map { PageMaker.sentence($0.message) }
        values.attempts = job.attempts
        values.schedule = job.schedule
        values.isRetry = job.isRetry
        return JobRow(values)
    }

    // MARK: One job

    private struct Detail: Sendable {
        var job: Job
        var items: [JobItem]
        var journals: [String]
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["cursor"])
        let cursor = try request.numericCursor()
        let id = try JobRoutes.id(request)
        let detail = try await worker.run { [jobs] () throws(MonikerError) in
            Detail(
                job: try jobs.job(id),
                items: try jobs.items(of: id, after: cursor, limit: Self.itemPageSize + 1),
                journals: try jobs.changeSets(of: id))
        }
        let items = detail.items.prefix(Self.itemPageSize)
        return try frame.answer(
            JobView(
                job: Self.row(detail.job), options: Self.facts(detail.job.options),
                items: items.map {
                    JobView.Item(
                        attachment: $0.attachment, state: $0.state.rawValue, code: $0.reason,
                        detail: $0.detail.isEmpty ? "" : PageMaker.sentence($0.detail))
                }, journals: detail.journals,
                next: detail.items.count > Self.itemPageSize
                    ? items.last.map { "\($0.attachment)" } : nil), request)
    }

    /// What was asked for, in words; where a key lies is not told.
    private static func facts(_ options: JobOptions) -> [JobView.Fact] {
        func list(_ ids: [Int64]) -> String {
            ids.count <= 20
                ? ids.map { "\($0)" }.joined(separator: ", ") : "\(ids.count) images"
        }
        let facts: [(String, String?)] = [
            ("Images", options.attachments.map(list)),
            ("Only used images", options.used.map { $0 ? "yes" : "no" }),
            ("At most", options.limit.map { "\($0) images" }),
            ("Texts", options.fields?.joined(separator: ", ")),
            ("Mode", options.mode), ("Language", options.language),
            ("About the website", options.context),
            ("Overwrites texts", options.overwrite.map { $0 ? "yes" : "no" }),
            ("Provider", options.provider), ("Model", options.model),
            ("Server", options.baseURL), ("Budget", options.budget.map { "$\($0)" }),
            ("Budget of a day", options.dailyBudget.map { "$\($0)" }),
            ("Budget of a month", options.monthlyBudget.map { "$\($0)" }),
            ("Files", options.names.map { "\($0.count) names" }),
            ("Takes back", options.journal), ("Only of", options.only.map(list)),
            ("Keeps old names", options.keepOld),
            ("Only texts of a model", options.aiOnly.map { $0 ? "yes" : "no" }),
            ("Reads everything anew", options.full.map { $0 ? "yes" : "no" }),
        ]
        return facts.compactMap { name, value in value.map { JobView.Fact(name, $0) } }
    }
}
