/// What waits and works, each origin apart.
public struct JobOverview: Encodable, Hashable, Sendable {
    /// The jobs of one origin that have not ended.
    public struct Origin: Encodable, Hashable, Sendable {
        /// Jobs that wait for a worker.
        public var queued = 0
        /// Jobs that a worker holds.
        public var running = 0
        /// Jobs that a person has stopped.
        public var paused = 0
        /// Attachments of them that have ended.
        public var done = 0
        /// Attachments of them, as far as known.
        public var total = 0
        /// Seconds until the last running one ends; nil while nothing is known.
        public var etaSeconds: Int?

        private enum CodingKeys: String, CodingKey {
            case queued, running, paused, done, total
            case etaSeconds = "eta_seconds"
        }
    }

    /// By the name of the origin; all of them.
    public var origins: [String: Origin] = Dictionary(
        uniqueKeysWithValues: JobOrigin.allCases.map { ($0.rawValue, Origin()) })
    /// Uploads that are in no job yet, because more may come.
    public var waitingUploads = 0

    private enum CodingKeys: String, CodingKey {
        case origins
        case waitingUploads = "waiting_uploads"
    }

    /// Creates an overview of nothing.
    public init() {}
}
