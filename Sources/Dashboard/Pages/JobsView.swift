/// Jobs in the background.
public struct JobsView: PageContent {
    /// The template that shows it.
    public static let template = "jobs"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .jobs
    /// The scripts that it begins with.
    public static let scripts = ["jobs.js"]

    /// The work of one origin that has not ended.
    public struct Lane: Sendable {
        let id: String
        let name: String
        let explanation: String
        let queued: Int
        let running: Int
        let paused: Int
        let done: Int
        let total: Int
        let most: Int
        let isBusy: Bool
        let eta: String?
        let waiting: Int
        let hasWaiting: Bool

        /// Creates a lane.
        ///
        /// - Parameter waiting: uploads that are in no job yet.
        public init(
            origin: String, queued: Int, running: Int, paused: Int, done: Int, total: Int,
            etaSeconds: Int?, waiting: Int
        ) {
            id = origin
            (name, explanation) =
                switch origin {
                case "bulk": ("Bulk work", "Jobs that somebody has started")
                case "upload":
                    ("New uploads", "Images that were announced; described in batches")
                default: ("Schedules", "Jobs that begin by themselves")
                }
            self.queued = queued
            self.running = running
            self.paused = paused
            self.done = done
            self.total = total
            most = max(1, total)
            isBusy = queued + running + paused > 0
            eta = etaSeconds.map { Wording.duration(seconds: $0) }
            self.waiting = waiting
            hasWaiting = waiting > 0
        }
    }

    /// A job that is submitted again and again.
    public struct Schedule: Sendable {
        let id: String
        let kindName: String
        let cron: String
        let nextTime: PageTime?
        let lastJob: String?

        /// Creates a schedule.
        public init(id: String, kind: String, cron: String, next: Int64?, lastJob: String?) {
            self.id = id
            kindName = JobName.kind(kind)
            self.cron = cron
            nextTime = next.map(PageTime.init)
            self.lastJob = lastJob
        }
    }

    /// A kind that can be started.
    struct Kind: Sendable {
        let kind: String
        let name: String
        let does: String
        let isFirst: Bool
    }

    /// A state that the list can be narrowed to.
    struct StateFilter: Sendable {
        let value: String
        let name: String
        let isChosen: Bool
    }

    /// The heading.
    public let title = "Jobs"
    let lanes: [Lane]
    let jobs: [JobRow]
    let schedules: [Schedule]
    let kinds: [Kind]
    let states: [StateFilter]
    let next: String?
    let provider: String
    let isOffline: Bool

    /// Creates the page.
    ///
    /// - Parameters:
    ///   - state: the state that the list is narrowed to; nil for all.
    ///   - next: the cursor of the next page; nil where this is the last.
    ///   - provider: who describes, for people.
    public init(
        lanes: [Lane], jobs: [JobRow], schedules: [Schedule], state: String?, next: String?,
        provider: String, isOffline: Bool
    ) {
        self.lanes = lanes
        self.jobs = jobs
        self.schedules = schedules
        kinds = JobName.startable.enumerated().map { index, entry in
            Kind(
                kind: entry.kind, name: JobName.kind(entry.kind), does: entry.does,
                isFirst: index == 0)
        }
        states =
            [StateFilter(value: "", name: "all", isChosen: state == nil)]
            + ["queued", "running", "paused", "done", "partial", "failed", "cancelled"].map {
                StateFilter(value: $0, name: $0, isChosen: $0 == state)
            }
        self.next = next.map { cursor in
            "/jobs?cursor=\(cursor)" + (state.map { "&state=\($0)" } ?? "")
        }
        self.provider = provider
        self.isOffline = isOffline
    }
}

/// One job with what became of each image.
public struct JobView: PageContent {
    /// The template that shows it.
    public static let template = "job"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .jobs
    /// The scripts that it begins with.
    public static let scripts = ["jobs.js"]

    /// What became of an image.
    public struct Item: Sendable {
        let attachment: Int64
        let state: String
        let stateClass: String
        let reason: String
        let code: String?

        /// Creates an item.
        public init(attachment: Int64, state: String, code: String?, detail: String) {
            self.attachment = attachment
            self.state = state
            stateClass =
                switch state {
                case "applied": "badge-ok"
                case "failed": "badge-error"
                case "review": "badge-warning"
                default: ""
                }
            reason = detail.isEmpty ? code.map(ReasonText.sentence) ?? "" : detail
            self.code = code
        }
    }

    /// A fact about the job.
    public struct Fact: Sendable {
        let name: String
        let value: String

        /// Creates a fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The heading.
    public let title: String
    let job: JobRow
    let options: [Fact]
    let items: [Item]
    let journals: [String]
    let next: String?

    /// Creates the page.
    ///
    /// - Parameter next: the cursor of the next page of items; nil where this is the last.
    public init(
        job: JobRow, options: [Fact], items: [Item], journals: [String], next: String?
    ) {
        title = job.kindName
        self.job = job
        self.options = options
        self.items = items
        self.journals = journals
        self.next = next.map { "/jobs/\(job.id)?cursor=\($0)" }
    }
}

/// What codes without a sentence of their own mean.
enum ReasonText {
    static func sentence(_ code: String) -> String {
        switch code {
        case "svg": "Vector graphics are left out (Settings)."
        case "too-small": "The image is smaller than the least size of Settings."
        case "icon-name": "Its name says that it is an icon or a logo."
        case "unsupported-type": "No describer takes files of this type."
        case "decorative": "Its alt text is empty on purpose."
        case "unused": "Nothing uses it, and only used images were asked for."
        case "ai-opt-out": "Its owner forbids giving it to AI, in the file itself."
        case "complete": "It has every text that was asked for."
        case "name-unchanged": "The file has that name already."
        case "file-shared": "Its file is another image's as well, and was renamed with that."
        case "name-taken": "Another file has that name."
        case "file-missing": "The file is not on disk."
        case "changed-since", "conflict", "changed":
            "Somebody changed it at the same moment; what they wrote was kept."
        case "ambiguous": "It cannot be said with certainty what the value means, so it was kept."
        case "unreadable": "The value could not be read with certainty, so it was kept."
        default: "Code \(code)."
        }
    }
}
