public import Model

/// OpenAI's batches: a file of requests goes up, files of answers and errors come down.
public struct OpenAIBatches: BatchDescriber {
    private let batch: RemoteBatch
    // No line of JSON begins with it, because JSON escapes line breaks.
    private static let boundary = "moniker-5c1e7b1d0b5f4b06"

    /// Creates them beside a describer, whose budget and pauses they share.
    init(_ describer: RemoteDescriber) { batch = RemoteBatch(describer: describer) }

    /// 50,000 requests and 200 MB at the API.
    public var limits: BatchLimits { BatchLimits(requests: 50_000, bytes: 180 << 20) }

    /// A draft without requests: the beginning of the form that uploads it.
    public func draft() -> BatchDraft {
        BatchDraft(
            beginning: """
                --\(Self.boundary)\r
                Content-Disposition: form-data; name="purpose"\r
                \r
                batch\r
                --\(Self.boundary)\r
                Content-Disposition: form-data; name="file"; filename="images.jsonl"\r
                Content-Type: application/jsonl\r
                \r

                """)
    }

    /// Adds a request; false where the draft is full.
    ///
    /// - Throws: `invalid-argument`, `request-rejected`.
    public func add(
        _ request: DescriptionRequest, to draft: inout BatchDraft
    ) throws(MonikerError) -> Bool {
        try batch.add(request, to: &draft, limits: limits, separator: UInt8(ascii: "\n")) {
            [
                "custom_id": .string(request.id), "method": "POST", "url": "/v1/chat/completions",
                "body": $0,
            ]
        }
    }

    /// Submits a draft.
    ///
    /// - Throws: `budget-exhausted`, `batch-uncertain`, and what the provider refuses with.
    public func submit(_ draft: consuming BatchDraft) async throws(MonikerError) -> BatchHandle {
        let most = draft.mostMicrodollars
        var form = draft.bytes
        draft.bytes = []
        form.append(contentsOf: "\r\n--\(Self.boundary)--\r\n".utf8)
        return try await batch.submit(most: most) { () async throws(MonikerError) in
            // A file that was uploaded twice costs nothing; only the batch does.
            let file = try await batch.call(
                "POST", "/files", body: form,
                contentType: "multipart/form-data; boundary=\(Self.boundary)"
            ).body
            guard let id = file["id"]?.string else {
                throw ProviderFailure(malformed: batch.endpoint).error
            }
            let order: JSONValue = [
                "input_file_id": .string(id), "endpoint": "/v1/chat/completions",
                "completion_window": "24h",
            ]
            return try batch.handle(
                try await batch.call(
                    "POST", "/batches", body: JSONWriter.bytes(order), creates: true
                ).body)
        }
    }

    /// How far a batch is.
    ///
    /// - Throws: the codes of `ImageDescriber.describe`.
    public func status(_ handle: BatchHandle) async throws(MonikerError) -> BatchStatus {
        Self.status(of: try await object(handle))
    }

    private func object(_ handle: BatchHandle) async throws(MonikerError) -> JSONValue {
        try batch.check(handle)
        return try await batch.call("GET", "/batches/\(handle.id)").body
    }

    private static func status(of body: JSONValue) -> BatchStatus {
        switch body["status"]?.string {
        case "completed", "failed", "expired", "cancelled": return .ended
        default:
            let counts = body["request_counts"]
            let done = (counts?["completed"]?.int ?? 0) + (counts?["failed"]?.int ?? 0)
            return .working(done: done, total: counts?["total"]?.int ?? 0)
        }
    }

    /// Collects the answers of an ended batch.
    ///
    /// - Throws: `provider-failed` where it has not ended; the codes of `status`.
    public func collect(
        _ handle: BatchHandle, expecting: [String: Set<MetadataField>],
        receive: (BoundedDescriber.Outcome) async throws(MonikerError) -> Void
    ) async throws(MonikerError) {
        let body = try await object(handle)
        guard Self.status(of: body) == .ended else {
            throw MonikerError(
                .providerFailed, "the batch \(handle.rawValue) has not ended; collect it later")
        }
        var files: [[UInt8]] = []
        for name in ["output_file_id", "error_file_id"] {
            guard let id = body[name]?.string, BatchID.isSafe(id, atMost: 200) else { continue }
            files.append(try await batch.call("GET", "/files/\(id)/content", isJSON: false).bytes)
        }
        await batch.describer.budget.release(handle.rawValue)
        var remaining = expecting
        for bytes in files {
            try await batch.read(bytes, expecting: &remaining, receive: receive, item: item)
        }
        let (code, reason): (ErrorCode, String) =
            switch body["status"]?.string {
            case "cancelled": (.batchCancelled, "was cancelled before it was described")
            case "failed": (.requestRejected, "was refused with its batch\(refusal(body))")
            default: (.batchExpired, "was not described in time")
            }
        try await batch.fail(
            remaining, code, "the image \(reason) (\(handle.rawValue)); submit it again",
            receive: receive)
    }

    private func refusal(_ body: JSONValue) -> String {
        guard let said = body["errors"]?["data"]?[0]?["message"]?.string else { return "" }
        return ", " + CleanText.line(Redaction.redact(said, batch.endpoint.key), atMost: 200)
    }

    private func item(_ line: JSONValue) -> Result<JSONValue, MonikerError> {
        let id = line["custom_id"]?.string
        let response = line["response"]
        if let status = response?["status_code"]?.int {
            let body = response?["body"] ?? .null
            if status == 200 { return .success(body) }
            let code: ErrorCode = (400..<500).contains(status) ? .requestRejected : .providerFailed
            return .failure(
                batch.itemFailure(code, body["error"]?["message"]?.string, id: id))
        }
        let error = line["error"]
        let code: ErrorCode =
            switch error?["code"]?.string {
            case "batch_expired": .batchExpired
            case "batch_cancelled": .batchCancelled
            default: .providerFailed
            }
        return .failure(batch.itemFailure(code, error?["message"]?.string, id: id))
    }

    /// Asks the provider to end a batch.
    ///
    /// - Throws: the codes of `status`.
    public func cancel(_ handle: BatchHandle) async throws(MonikerError) {
        try batch.check(handle)
        _ = try await batch.call("POST", "/batches/\(handle.id)/cancel", body: [])
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
