import Dashboard
import Foundation
import Generation
import HTTPTypes
import Jobs
import Model
import UseCases

/// How the site is, and what is being done.
struct OverviewPage: Sendable {
    private let site: Site
    private let jobs: JobStore
    private let jobsWorker: Worker
    private let options: ServiceOptions
    private let frame: PageMaker

    /// So many lines the lists of the page have.
    private static let mostLines = 5

    init(_ environment: PageEnvironment) {
        site = environment.site
        jobs = environment.jobs
        jobsWorker = environment.jobsWorker
        options = environment.options
        frame = environment.frame
    }

    var endpoints: [Endpoint] { [Endpoint(.get, "/", .page, show)] }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let known = await site.watch.view()
        let (jobs, limit) = (jobs, Self.mostLines)
        let running = try await jobsWorker.run { () throws(MonikerError) in
            try jobs.jobs(limit: limit, states: [.running, .queued, .paused]).items
        }
        let (changes, unfinished) = try await site.read { session throws(MonikerError) in
            (
                try session.journalPage(before: nil, limit: limit).items,
                try session.unfinishedChanges()
            )
        }
        var view = OverviewView()
        fill(&view, known)
        view.jobs = running.map(JobLine.init)
        view.changes = changes.map(ChangeLine.init)
        view.unfinished = unfinished.map(ChangeLine.init)
        var answer = try frame.answer(view, request)
        // Without a script as well, the page comes again once there is something to show.
        if view.library == nil, view.failure == nil { answer.headers[.refresh] = "2" }
        return answer
    }

    private func fill(_ view: inout OverviewView, _ known: LibraryWatch.View) {
        view.failure = known.failure.map {
            "The site cannot be read: \(PageMaker.sentence($0.message))"
        }
        guard let snapshot = known.snapshot else { return }
        view.site = OverviewView.SiteFacts(
            url: snapshot.site.url, uploads: snapshot.site.uploads,
            engine: snapshot.site.engine, version: snapshot.site.version,
            isDatabaseReadOnly: snapshot.site.isDatabaseReadOnly,
            areUploadsWritable: snapshot.site.areUploadsWritable)
        view.spending = OverviewView.Spending(
            snapshot.spending.map { ($0.provider, $0.model, $0.answers, $0.microdollars) })
        guard let library = snapshot.library else { return }
        view.library = OverviewView.Library(
            images: library.images,
            fields: TextField.allCases.compactMap { field in
                library.fields[field.rawValue].map {
                    (field, $0.present, $0.missing, $0.decorative)
                }
            },
            used: library.used, unusedBytes: library.unusedBytes,
            cameraNames: library.cameraNames, duplicates: library.duplicates,
            missingFiles: library.missingFiles, taken: snapshot.taken,
            isReading: known.isReading)
        let provider = options.providerName
        view.dialogs = [
            JobDialog(
                kind: "missing-alt", provider: provider, count: library.fields["alt"]?.missing),
            JobDialog(kind: "complete-metadata", provider: provider),
            JobDialog(kind: "metadata-and-filename", provider: provider, isPrimary: true),
        ]
    }
}

extension ServiceOptions {
    /// Who describes images.
    var providerName: String {
        provider.provider ?? ProcessInfo.processInfo.environment["MONIKER_PROVIDER"] ?? "offline"
    }
}

extension ChangeLine {
    /// A change set of the journal.
    init(_ entry: JournalEntry) {
        self.init(
            id: entry.journal, created: entry.created, kind: entry.kind, state: entry.state,
            attachments: entry.attachments, files: entry.files, references: entry.references,
            texts: entry.texts, example: entry.example)
    }
}

extension JobLine {
    /// A job of the queue.
    init(_ job: Job) {
        self.init(
            id: job.id, kind: job.kind.rawValue, state: job.state.rawValue,
            phase: job.progress.phase, done: job.progress.done, total: job.progress.total,
            etaSeconds: job.progress.etaSeconds)
    }
}

extension HTTPField.Name {
    /// Tells browsers to ask again after some seconds (WHATWG HTML, "The `Refresh` header").
    static let refresh = known("Refresh")
}
