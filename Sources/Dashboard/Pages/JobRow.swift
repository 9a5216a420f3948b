/// A job as lists and its own page show it.
public struct JobRow: Sendable {
    let id: String
    let kind: String
    let kindName: String
    let state: String
    let stateName: String
    let stateClass: String
    let origin: String
    let originName: String
    let priority: Int
    let phase: String
    let done: Int
    let total: Int
    /// For the `max` of a progress bar, which must not be 0.
    let most: Int
    let isCounted: Bool
    let eta: String?
    let applied: Int
    let review: Int
    let skipped: Int
    let failed: Int
    let created: PageTime
    let started: PageTime?
    let finished: PageTime?
    let isFinal: Bool
    let canPause: Bool
    let canResume: Bool
    let canCancel: Bool
    let canRetry: Bool
    let isRetry: Bool
    let hasFailed: Bool
    let journal: String?
    let message: String?
    let code: String?
    let begun: String?
    let schedule: String?

    /// What a row is made from.
    public struct Values: Sendable {
        /// The id.
        public var id = ""
        /// The kind of the job.
        public var kind = ""
        /// Where it is in its life.
        public var state = ""
        /// What was asked of its worker and is not done yet: `pause`, `cancel`; nil for nothing.
        public var request: String?
        /// Where it comes from.
        public var origin = ""
        /// Which of several is begun first.
        public var priority = 0
        /// What is being done.
        public var phase = ""
        /// How many images have ended.
        public var done = 0
        /// How many images there are.
        public var total = 0
        /// Seconds until the end; nil while nothing is known.
        public var etaSeconds: Int?
        /// Images that were written.
        public var applied = 0
        /// Images that wait for a person.
        public var review = 0
        /// Images that were left out.
        public var skipped = 0
        /// Images that failed.
        public var failed = 0
        /// When it was asked for, in seconds since 1970.
        public var created: Int64 = 0
        /// When it was begun.
        public var started: Int64?
        /// When it ended.
        public var finished: Int64?
        /// The change set that it made.
        public var journal: String?
        /// The code of its failure.
        public var errorCode: String?
        /// Its failure in a sentence.
        public var errorMessage: String?
        /// How often it was begun.
        public var attempts = 0
        /// The schedule that made it.
        public var schedule: String?
        /// Whether only what failed is worked on.
        public var isRetry = false

        /// Creates values of nothing.
        public init() {}
    }

    /// Creates a row.
    public init(_ values: Values) {
        id = values.id
        kind = values.kind
        kindName = JobName.kind(values.kind)
        state = values.state
        stateName = values.request.map { "\(values.state), to \($0)" } ?? values.state
        stateClass =
            switch values.state {
            case "done": "badge-ok"
            case "partial", "paused": "badge-warning"
            case "failed": "badge-error"
            case "running": "badge-info"
            default: ""
            }
        origin = values.origin
        originName = JobName.origin(values.origin)
        priority = values.priority
        phase = values.phase
        done = values.done
        total = values.total
        most = max(1, values.total)
        isCounted = values.total > 0
        eta = values.etaSeconds.map { Wording.duration(seconds: $0) }
        applied = values.applied
        review = values.review
        skipped = values.skipped
        failed = values.failed
        created = PageTime(values.created)
        started = values.started.map(PageTime.init)
        finished = values.finished.map(PageTime.init)
        isFinal = ["done", "partial", "failed", "cancelled"].contains(values.state)
        let waits = values.request == nil
        canPause = waits && ["queued", "running"].contains(values.state)
        canResume = values.state == "paused" || values.request == "pause"
        canCancel = !isFinal && values.request != "cancel"
        canRetry = ["partial", "failed"].contains(values.state)
        isRetry = values.isRetry
        hasFailed = values.failed > 0
        journal = values.journal
        message = values.errorMessage
        code = values.errorCode
        begun = values.attempts > 1 ? "begun \(values.attempts) times" : nil
        schedule = values.schedule
    }
}

/// What pages call jobs.
enum JobName {
    /// Every kind that can be started from the page, with what it does in a sentence.
    static let startable: [(kind: String, does: String)] = [
        ("missing-alt", "Describes every image that has no alt text, and writes alt texts alone."),
        ("complete-metadata", "Fills every empty text of all images; texts that are there stay."),
        (
            "metadata-and-filename",
            "Fills every empty text, and gives files whose names say nothing a name that does. Every reference follows."
        ),
        ("scan", "Reads the media library anew: what is used where, and which texts are missing."),
        ("analyze", "Looks for copies and poor texts, and notes how the site is now."),
        ("clear", "Empties texts of images. They can be taken back in History."),
    ]

    static func kind(_ kind: String) -> String {
        switch kind {
        case "missing-alt": "Generate missing alt texts"
        case "complete-metadata": "Complete all metadata"
        case "metadata-and-filename": "Generate ALL + SEO filename"
        case "rename-map": "Rename files by a list"
        case "revert": "Take back a change set"
        case "scan": "Scan images"
        case "analyze": "Analyze duplicates and quality"
        case "clear": "Clear texts"
        default: kind
        }
    }

    static func origin(_ origin: String) -> String {
        switch origin {
        case "bulk": "asked for"
        case "upload": "new uploads"
        case "schedule": "by schedule"
        default: origin
        }
    }
}
