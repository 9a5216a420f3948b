public import Model

/// Anthropic's Message Batches.
public struct AnthropicBatches: BatchDescriber {
    private let batch: RemoteBatch

    /// Creates them beside a describer, whose budget and pauses they share.
    init(_ describer: RemoteDescriber) { batch = RemoteBatch(describer: describer) }

    /// 100,000 requests and 256 MB at the API; less is held in memory here.
    public var limits: BatchLimits { BatchLimits(requests: 100_000, bytes: 192 << 20) }

    /// A draft without requests.
    public func draft() -> BatchDraft { BatchDraft(beginning: "{\"requests\":[") }

    /// Adds a request; false where the draft is full.
    ///
    /// - Throws: `invalid-argument`, `request-rejected`.
    public func add(
        _ request: DescriptionRequest, to draft: inout BatchDraft
    ) throws(MonikerError) -> Bool {
        try batch.add(request, to: &draft, limits: limits, separator: UInt8(ascii: ",")) {
            ["custom_id": .string(request.id), "params": $0]
        }
    }

    /// Submits a draft.
    ///
    /// - Throws: `budget-exhausted`, `batch-uncertain`, and what the provider refuses with.
    public func submit(_ draft: consuming BatchDraft) async throws(MonikerError) -> BatchHandle {
        let most = draft.mostMicrodollars
        var body = draft.bytes
        draft.bytes = []
        body.append(contentsOf: "]}".utf8)
        return try await batch.submit(most: most) { () async throws(MonikerError) in
            try batch.handle(
                try await batch.call("POST", "/messages/batches", body: body, creates: true).body)
        }
    }

    /// How far a batch is.
    ///
    /// - Throws: the codes of `ImageDescriber.describe`.
    public func status(_ handle: BatchHandle) async throws(MonikerError) -> BatchStatus {
        try batch.check(handle)
        let body = try await batch.call("GET", "/messages/batches/\(handle.id)").body
        if body["processing_status"]?.string == "ended" { return .ended }
        let counts = body["request_counts"]
        let ended = ["succeeded", "errored", "canceled", "expired"]
        let done = ended.reduce(0) { $0 + (counts?[$1]?.int ?? 0) }
        return .working(done: done, total: done + (counts?["processing"]?.int ?? 0))
    }

    /// Collects the answers of an ended batch.
    ///
    /// - Throws: `provider-failed` where it has not ended; the codes of `status`.
    public func collect(
        _ handle: BatchHandle, expecting: [String: Set<MetadataField>],
        receive: (BoundedDescriber.Outcome) async throws(MonikerError) -> Void
    ) async throws(MonikerError) {
        guard try await status(handle) == .ended else {
            throw MonikerError(
                .providerFailed, "the batch \(handle.rawValue) has not ended; collect it later")
        }
        // Not the URL that the answer names: the key goes to no host but the base URL's.
        let bytes = try await batch.call(
            "GET", "/messages/batches/\(handle.id)/results", isJSON: false
        ).bytes
        await batch.describer.budget.release(handle.rawValue)
        var remaining = expecting
        try await batch.read(bytes, expecting: &remaining, receive: receive) { line in
            let id = line["custom_id"]?.string
            let said = line["result"]?["error"]?["error"] ?? line["result"]?["error"]
            switch line["result"]?["type"]?.string {
            case "succeeded": return .success(line["result"]?["message"] ?? .null)
            case "expired": return .failure(batch.itemFailure(.batchExpired, "expired", id: id))
            case "canceled":
                return .failure(batch.itemFailure(.batchCancelled, "cancelled", id: id))
            default:
                let code: ErrorCode =
                    said?["type"]?.string == "invalid_request_error"
                    ? .requestRejected : .providerFailed
                return .failure(batch.itemFailure(code, said?["message"]?.string, id: id))
            }
        }
        try await batch.fail(
            remaining, .batchExpired,
            "the results of \(handle.rawValue) do not name the image; submit it again",
            receive: receive)
    }

    /// Asks the provider to end a batch.
    ///
    /// - Throws: the codes of `status`.
    public func cancel(_ handle: BatchHandle) async throws(MonikerError) {
        try batch.check(handle)
        _ = try await batch.call("POST", "/messages/batches/\(handle.id)/cancel", body: [])
    }

    /// Returns when a batch has ended.
    ///
    /// - Throws: the codes of `status`; `cancelled`.
    public func wait(
        _ handle: BatchHandle, progress: (BatchStatus) -> Void
    ) async throws(MonikerError) {
        try await poll(handle, clock: batch.describer.clock, progress: progress)
    }
}
