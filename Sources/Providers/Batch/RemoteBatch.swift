import HTTPClient
import Model

/// What the batch APIs of both providers have in common.
struct RemoteBatch: Sendable {
    let describer: RemoteDescriber

    /// Uploads and downloads of a whole batch take longer than one description.
    private static let transferTime = Duration.seconds(1800)
    private static let largestResult = 1 << 30

    var endpoint: Endpoint { describer.endpoint }

    // MARK: Drafts

    /// Adds the bytes of a request; `separator` goes between two requests.
    func add(
        _ request: DescriptionRequest, to draft: inout BatchDraft, limits: BatchLimits,
        separator: UInt8, wrap: (JSONValue) -> JSONValue
    ) throws(MonikerError) -> Bool {
        guard BatchID.isSafe(request.id), !draft.known.contains(request.id) else {
            throw MonikerError(
                .invalidArgument,
                "\"\(CleanText.line(request.id, atMost: 80))\" cannot name a request of this "
                    + "batch; use letters, digits, - and _, each name once")
        }
        guard draft.ids.count < limits.requests else { return false }
        let prompt = DescriptionPrompt(request)
        let question = Question(prompt, jpeg: request.jpeg, structure: .schema)
        let body = endpoint.format.body(question, model: describer.model, structure: .schema)
        let bytes = JSONWriter.bytes(wrap(body))
        guard draft.bytes.count + bytes.count + 100 <= limits.bytes else {
            guard !draft.ids.isEmpty else {
                throw MonikerError(
                    .requestRejected,
                    "the image \(request.id) alone is larger than a batch of \(limits.bytes) bytes")
            }
            return false
        }
        if !draft.ids.isEmpty { draft.bytes.append(separator) }
        draft.bytes.append(contentsOf: bytes)
        draft.ids.append(request.id)
        draft.known.insert(request.id)
        draft.mostMicrodollars += describer.mostMicrodollars(prompt, isBatch: true)
        return true
    }

    /// Reserves what a draft can cost, creates the batch, and holds the amount under its handle.
    func submit(
        most: Int, _ create: () async throws(MonikerError) -> BatchHandle
    ) async throws(MonikerError) -> BatchHandle {
        try await describer.budget.reserve(microdollars: most)
        do throws(MonikerError) {
            let handle = try await create()
            await describer.budget.hold(reserved: most, for: handle.rawValue)
            return handle
        } catch {
            if error.code == .batchUncertain {
                await describer.budget.keep(reserved: most)
            } else {
                await describer.budget.settle(reserved: most, ProviderUsage())
            }
            throw error
        }
    }

    func handle(_ body: JSONValue) throws(MonikerError) -> BatchHandle {
        guard let id = body["id"]?.string, let handle = BatchHandle(endpoint.format.provider, id)
        else {
            throw MonikerError(
                .batchUncertain,
                "\(endpoint.name) took the batch, but its answer names none; look for it there "
                    + "before submitting again")
        }
        return handle
    }

    func check(_ handle: BatchHandle) throws(MonikerError) {
        guard handle.provider == endpoint.format.provider.rawValue else {
            throw MonikerError(
                .invalidArgument,
                "the batch \(handle.rawValue) belongs to \(handle.provider); use that provider")
        }
    }

    // MARK: Calls

    /// Calls the API and repeats what can be repeated.
    ///
    /// - Parameter creates: whether a second call would make a second batch; where it is unknown
    ///   then whether the first one took effect, the failure is `batch-uncertain`.
    func call(
        _ method: String, _ path: String, body: [UInt8]? = nil,
        contentType: String = "application/json", isJSON: Bool = true, creates: Bool = false
    ) async throws(MonikerError) -> (body: JSONValue, bytes: [UInt8]) {
        var message = endpoint.request(method, path, body: body, contentType: contentType)
        if body != nil || !isJSON { message.timeout = max(message.timeout, Self.transferTime) }
        message.usesNewConnection = creates
        if !isJSON { message.responseLimit = Self.largestResult }
        var repetition = Repetition(
            policy: describer.policy, clock: describer.clock, coolDown: describer.coolDown)
        while true {
            try await describer.coolDown.wait()
            switch await endpoint.exchange(message, clock: describer.clock, isJSON: isJSON) {
            case .answered(let body, let response): return (body, response.body)
            case .failed(let failure, let hints):
                if creates, Self.mayHaveCreated(failure) { throw uncertain(failure.error) }
                try await repetition.next(after: failure, hints)
            case .unreachable(let error):
                if creates, error.mayHaveBeenCharged { throw uncertain(error) }
                try await repetition.next(after: error)
            }
        }
    }

    private static func mayHaveCreated(_ failure: ProviderFailure) -> Bool {
        failure.error.code == .malformedAnswer
            || failure.error.code == .providerFailed && failure.error.details["status"] != "529"
    }

    private func uncertain(_ error: MonikerError) -> MonikerError {
        MonikerError(
            .batchUncertain,
            "whether \(endpoint.name) created the batch is unknown, because its answer was lost; "
                + "look for it there before submitting again", cause: error)
    }

    // MARK: Results

    /// Gives the lines of a result to `item`, each expected id once, and takes it off the list.
    func read(
        _ bytes: [UInt8], expecting remaining: inout [String: Set<MetadataField>],
        receive: (BoundedDescriber.Outcome) async throws(MonikerError) -> Void,
        item: (JSONValue) -> Result<JSONValue, MonikerError>
    ) async throws(MonikerError) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let object = JSONParser.value(Array(line)),
                let id = object["custom_id"]?.string,
                let fields = remaining.removeValue(forKey: id)
            else { continue }
            let result: Result<DescriptionAnswer, MonikerError>
            switch item(object) {
            case .success(let body): result = await answer(body, id: id, fields: fields)
            case .failure(let error): result = .failure(error)
            }
            try await receive(BoundedDescriber.Outcome(id: id, result: result))
        }
    }

    /// Fails what no line was about.
    func fail(
        _ remaining: [String: Set<MetadataField>], _ code: ErrorCode, _ message: String,
        receive: (BoundedDescriber.Outcome) async throws(MonikerError) -> Void
    ) async throws(MonikerError) {
        for id in remaining.keys.sorted() {
            let error = MonikerError(code, message, details: ["image": id])
            try await receive(BoundedDescriber.Outcome(id: id, result: .failure(error)))
        }
    }

    private func answer(
        _ body: JSONValue, id: String, fields: Set<MetadataField>
    ) async -> Result<DescriptionAnswer, MonikerError> {
        guard let answer = endpoint.format.answer(body) else {
            return .failure(ProviderFailure(malformed: endpoint).error)
        }
        let cost = describer.cost(of: answer, isBatch: true)
        await describer.budget.settle(reserved: 0, cost)
        do throws(MonikerError) {
            return .success(
                DescriptionAnswer(
                    description: try AnswerParser.description(
                        try answer.completeText(), fields: fields),
                    provider: describer.provider, model: answer.model ?? describer.model,
                    usage: cost))
        } catch {
            var error = error
            error.details["image"] = id
            error.add(cost)
            return .failure(error)
        }
    }

    /// A failure that a result names.
    func itemFailure(_ code: ErrorCode, _ said: String?, id: String?) -> MonikerError {
        let line = CleanText.line(Redaction.redact(said ?? "", endpoint.key), atMost: 300)
        return MonikerError(
            code,
            "\(endpoint.name) did not describe the image\(line.isEmpty ? "" : " (\(line))"); "
                + "submit it again", details: id.map { ["image": $0] } ?? [:])
    }
}

extension BatchDescriber {
    func poll(
        _ handle: BatchHandle, clock: any RetryClock, progress: (BatchStatus) -> Void
    ) async throws(MonikerError) {
        var seconds = 15.0
        while true {
            let status = try await status(handle)
            progress(status)
            if status == .ended { return }
            try await clock.sleep(seconds: seconds)
            seconds = min(seconds * 1.5, 300)
        }
    }
}
