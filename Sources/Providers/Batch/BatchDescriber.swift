public import Model

/// Describes many images for half the price, within a day instead of at once.
///
/// A process fills a draft, submits it and keeps the handle; the same or a later one collects the
/// answers.
public protocol BatchDescriber: Sendable {
    /// The most that a draft can hold.
    var limits: BatchLimits { get }

    /// A draft without requests.
    func draft() -> BatchDraft

    /// Adds a request; false where the draft is full and has to be submitted first.
    ///
    /// - Throws: `invalid-argument` for an id that batches cannot carry (letters, digits, `-` and
    ///   `_`, at most 64) or that the draft has; `request-rejected` where the request alone is
    ///   larger than a batch.
    func add(
        _ request: DescriptionRequest, to draft: inout BatchDraft
    ) throws(MonikerError) -> Bool

    /// Submits a draft; from then on it costs money.
    ///
    /// - Throws: `budget-exhausted`; the codes of `ImageDescriber.describe` for what the provider
    ///   refused; `batch-uncertain` where the answer was lost after the request had gone out, so
    ///   that the batch may exist: it is not submitted again, lest it be paid for twice.
    func submit(_ draft: consuming BatchDraft) async throws(MonikerError) -> BatchHandle

    /// How far a batch is.
    ///
    /// - Throws: the codes of `ImageDescriber.describe`.
    func status(_ handle: BatchHandle) async throws(MonikerError) -> BatchStatus

    /// Collects what an ended batch answered: each expected id once, in any order.
    ///
    /// What expired, was cancelled, failed or is missing comes as a failure with its code. Ids
    /// that were not expected are passed over. May be called again.
    ///
    /// - Throws: `provider-failed` where the batch has not ended; the codes of
    ///   `ImageDescriber.describe`; what `receive` throws.
    func collect(
        _ handle: BatchHandle, expecting: [String: Set<MetadataField>],
        receive: (BoundedDescriber.Outcome) async throws(MonikerError) -> Void
    ) async throws(MonikerError)

    /// Asks the provider to end a batch; what was answered can be collected.
    ///
    /// - Throws: the codes of `ImageDescriber.describe`.
    func cancel(_ handle: BatchHandle) async throws(MonikerError)

    /// Returns when a batch has ended; asks at growing intervals and tells `progress` each time.
    ///
    /// - Throws: the codes of `status`; `cancelled`, after which the batch goes on at the provider.
    func wait(
        _ handle: BatchHandle, progress: (BatchStatus) -> Void
    ) async throws(MonikerError)
}

/// The most that one batch can hold.
public struct BatchLimits: Hashable, Sendable {
    /// Requests.
    public var requests: Int
    /// Bytes, images encoded.
    public var bytes: Int

    /// Creates limits.
    public init(requests: Int, bytes: Int) {
        self.requests = requests
        self.bytes = bytes
    }
}

/// How far a batch is.
public enum BatchStatus: Hashable, Sendable {
    /// It is being worked on; the provider may count nothing before the end.
    case working(done: Int, total: Int)
    /// It has ended, with or without answers.
    case ended
}

/// Names a batch at its provider; a string that can be stored.
public struct BatchHandle: RawRepresentable, Codable, Hashable, Sendable {
    /// `PROVIDER:ID`.
    public let rawValue: String

    /// Creates a handle from a stored string; nil where it is none.
    public init?(rawValue: String) {
        let parts = rawValue.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ProviderChoice(rawValue: String(parts[0])) != nil,
            BatchID.isSafe(parts[1], atMost: 200)
        else { return nil }
        self.rawValue = rawValue
    }

    init?(_ provider: ProviderChoice, _ id: String) {
        self.init(rawValue: "\(provider.rawValue):\(id)")
    }

    var provider: String { String(rawValue.prefix { $0 != ":" }) }
    var id: String { String(rawValue.drop { $0 != ":" }.dropFirst()) }
}

/// Requests that are to become a batch.
public struct BatchDraft: Sendable {
    /// The names of the requests, in their order.
    public internal(set) var ids: [String] = []
    /// The most that the batch can cost, in millionths of a US dollar.
    public internal(set) var mostMicrodollars = 0
    var known: Set<String> = []
    var bytes: [UInt8]

    init(beginning: String) { bytes = Array(beginning.utf8) }
}

/// The names that both batch APIs take, and that are safe within a path.
enum BatchID {
    static func isSafe(_ text: some StringProtocol, atMost limit: Int = 64) -> Bool {
        (1...limit).contains(text.utf8.count)
            && text.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
            }
    }
}
