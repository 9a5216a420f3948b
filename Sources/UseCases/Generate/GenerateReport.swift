import Generation
import Model

/// What `generate` did: the report of the change, with what became of the images beside it.
public struct GenerateReport: Encodable, Sendable {
    /// An image that waits for a person.
    public struct Review: Encodable, Sendable {
        /// The attachment.
        public var attachment: Int64
        /// The code of the rule that holds its texts back.
        public var reason: String
        /// The proposed text alternative.
        public var alt: String
    }

    /// An image without a usable answer.
    public struct Failure: Encodable, Sendable {
        /// The attachment.
        public var attachment: Int64
        /// The stable code.
        public var reason: String
        /// One sentence.
        public var detail: String
    }

    /// A result that was chosen for checking by hand.
    public struct Sample: Encodable, Sendable {
        /// The attachment.
        public var attachment: Int64
        /// The file below uploads.
        public var file: String
        /// `applied` or `review`.
        public var state: String
        /// The proposed texts, by field.
        public var texts: [String: String]
        /// The new name without extension; nil where the file keeps its own.
        public var name: String?
    }

    /// What was written, or would be.
    public var change: ChangeReport
    /// How many images have a description.
    public var described: Int
    /// The images that wait for a person.
    public var review: [Review]
    /// The images without a usable answer.
    public var failed: [Failure]
    /// What this process has spent.
    public var usage: UsageReport
    /// Requests of which nobody knows whether they were paid for.
    public var uncertainRequests: Int
    /// What the run was expected to cost; nil where it costs nothing.
    public var estimate: Estimate?
    /// Results for checking by hand; nil where nobody asked for them.
    public var sample: [Sample]?

    /// What a run was expected to cost.
    public struct Estimate: Encodable, Sendable {
        /// Images that are looked at.
        public var images: Int
        /// How many would be asked about at most.
        public var requests: Int
        /// How many would be left out, by reason.
        public var skipped: [String: Int]
        /// Tokens sent; nil where the model has answered nothing yet.
        public var inputTokens: Int?
        /// Tokens received; nil where the model has answered nothing yet.
        public var outputTokens: Int?
        /// US dollars; nil where no price is known.
        public var usd: Double?

        init(_ estimate: GenerationEstimate) {
            images = estimate.images
            requests = estimate.requests
            skipped = estimate.skipped
            inputTokens = estimate.inputTokens
            outputTokens = estimate.outputTokens
            usd = estimate.microdollars.map { Double($0) / 1_000_000 }
        }

        private enum CodingKeys: String, CodingKey {
            case images, requests, skipped, usd
            case inputTokens = "input_tokens"
            case outputTokens = "output_tokens"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case described, review, failed, usage, estimate, sample
        case uncertainRequests = "uncertain_requests"
    }

    init(_ result: GenerationResult, change: ChangeReport, estimate: GenerationEstimate?) {
        self.change = change
        described = result.described
        review = result.review.map {
            Review(
                attachment: $0.attachment, reason: $0.reason ?? "", alt: $0.texts[.alt] ?? "")
        }
        failed = result.failed.map {
            Failure(attachment: $0.attachment, reason: $0.reason ?? "", detail: $0.detail)
        }
        usage = UsageReport(result.usage)
        uncertainRequests = result.uncertainRequests
        self.estimate = estimate.map(Estimate.init)
    }

    /// The keys of the change report, and those of the generation beside them.
    public func encode(to encoder: any Encoder) throws {
        try change.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(described, forKey: .described)
        try container.encode(review, forKey: .review)
        try container.encode(failed, forKey: .failed)
        try container.encode(usage, forKey: .usage)
        try container.encode(uncertainRequests, forKey: .uncertainRequests)
        try container.encodeIfPresent(estimate, forKey: .estimate)
        try container.encodeIfPresent(sample, forKey: .sample)
    }
}
