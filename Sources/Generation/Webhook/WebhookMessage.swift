import Foundation
public import Model

/// What a web hook is told about a job that has ended.
public struct WebhookMessage: Hashable, Sendable {
    /// The site, such as `https://example.com`.
    public var site: String
    /// The code and sentence of what ended the job early; nil where it went through.
    public var failure: Failure?
    /// The change set that was written; nil where nothing was.
    public var journal: String?
    /// How many images ended how.
    public var counts: GenerationProgress.Counts
    /// What it cost.
    public var usage: ProviderUsage

    /// What ended a job early.
    public struct Failure: Codable, Hashable, Sendable {
        /// The stable code.
        public var code: String
        /// One sentence.
        public var message: String

        /// Creates a failure.
        public init(_ error: MonikerError) {
            code = error.code.rawValue
            message = error.message
        }
    }

    /// Creates a message.
    public init(
        site: String, failure: Failure?, journal: String?, counts: GenerationProgress.Counts,
        usage: ProviderUsage
    ) {
        self.site = site
        self.failure = failure
        self.journal = journal
        self.counts = counts
        self.usage = usage
    }

    /// One line for people.
    public var text: String {
        let numbers =
            "\(counts.applied) written, \(counts.review) to review, \(counts.skipped) skipped, \(counts.failed) failed"
        let spent = String(format: "$%.4f", Double(usage.microdollars) / 1e6)
        let end = failure.map { "stopped (\($0.code)): \($0.message)" } ?? "finished"
        let taken = journal.map { "; take it back with: moniker revert \($0)" } ?? ""
        return Self.escaped("Image texts of \(site) \(end). \(numbers), \(spent)\(taken)")
    }

    /// Slack reads these three as markup (links, mentions of everybody).
    private static func escaped(_ text: String) -> String {
        text.replacingScalars("&", with: "&amp;").replacingScalars("<", with: "&lt;")
            .replacingScalars(">", with: "&gt;")
    }

    private struct Body: Encodable {
        let text: String
        let event: String
        let site: String
        let timestamp: Int64
        let journal: String?
        let failure: Failure?
        let items: GenerationProgress.Counts
        let usage: Usage
    }

    private struct Usage: Encodable {
        let requests: Int
        let input_tokens: Int
        let output_tokens: Int
        let usd: Double
    }

    func json(at timestamp: Int64) throws(MonikerError) -> [UInt8] {
        let body = Body(
            text: text, event: failure == nil ? "generate.done" : "generate.failed", site: site,
            timestamp: timestamp, journal: journal, failure: failure, items: counts,
            usage: Usage(
                requests: usage.requests, input_tokens: usage.inputTokens,
                output_tokens: usage.outputTokens, usd: Double(usage.microdollars) / 1e6))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(body))
        } catch {
            throw MonikerError(
                .webhookFailed, "the message for the web hook is no JSON", cause: error)
        }
    }
}
