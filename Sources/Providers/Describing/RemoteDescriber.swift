import HTTPClient
public import Model

/// Describes images by a model behind an API.
///
/// All workers of one provider use one describer: its cool-down, its budget and what it has
/// learnt of the server are shared. An answer that was paid for is never asked for again, also
/// where it cannot be used.
public struct RemoteDescriber: ImageDescriber {
    let endpoint: Endpoint
    /// The model's name.
    public let model: String
    let policy: RetryPolicy
    let clock: any RetryClock
    let coolDown: CoolDown
    let structures: StructureMemory
    /// What is spent and may be spent.
    public let budget: Budget
    let price: ModelPrice?

    /// The provider's name, such as `anthropic`.
    public var provider: String { endpoint.format.provider.rawValue }

    init(
        endpoint: Endpoint, model: String, policy: RetryPolicy, clock: any RetryClock,
        budget: Budget, price: ModelPrice?
    ) {
        self.endpoint = endpoint
        self.model = model
        self.policy = policy
        self.clock = clock
        self.budget = budget
        self.price = price
        coolDown = CoolDown(clock: clock)
        structures = StructureMemory(
            endpoint.format.structures.first ?? .text, isProven: endpoint.isOwnServer)
    }

    /// Describes one image, with as many attempts as make sense.
    ///
    /// Cancelling the task ends a running request at once.
    ///
    /// - Throws: `key-rejected`, `payment-required`, `quota-exhausted`, `unknown-model`, after
    ///   which every further call fails the same way without a request; `rate-limited`,
    ///   `provider-failed`, `network-failed`, `timed-out` after the last attempt;
    ///   `request-rejected`, `refused`, `content-filtered`, `truncated`, `empty-answer`,
    ///   `malformed-answer`, `incomplete-answer`, `response-too-large`, `address-refused` at the
    ///   first; `budget-exhausted` before a request; `cancelled`. The details hold what the
    ///   attempts cost.
    public func describe(
        _ request: DescriptionRequest
    ) async throws(MonikerError) -> DescriptionAnswer {
        var usage = ProviderUsage()
        // Before anybody becomes the one who finds out about structures.
        try await coolDown.wait()
        let (structure, isTrying) = await structures.begin()
        let result: Result<DescriptionAnswer, MonikerError>
        do throws(MonikerError) {
            result = .success(try await describe(request, structure, &usage))
        } catch {
            result = .failure(error)
        }
        if isTrying { await structures.giveUp() }
        switch result {
        case .success(let answer): return answer
        case .failure(var error):
            error.details["image"] = request.id
            error.add(usage)
            throw error
        }
    }

    private func describe(
        _ request: DescriptionRequest, _ first: AnswerStructure, _ usage: inout ProviderUsage
    ) async throws(MonikerError) -> DescriptionAnswer {
        let prompt = DescriptionPrompt(request)
        let reserved = mostMicrodollars(prompt)
        var structure = first
        var repetition = Repetition(policy: policy, clock: clock, coolDown: coolDown)
        while true {
            try await coolDown.wait()
            if Task.isCancelled {
                throw MonikerError(.cancelled, "the description of an image was cancelled")
            }
            let message = message(
                Question(prompt, jpeg: request.jpeg, structure: structure), structure)
            try await budget.reserve(microdollars: reserved)
            let exchange = await endpoint.exchange(
                message, clock: clock, structure: structure,
                isStructureProven: await structures.isProven)
            switch exchange {
            case .answered(let body, _):
                await structures.prove(structure)
                guard let answer = endpoint.format.answer(body) else {
                    await budget.keep(reserved: reserved)
                    throw ProviderFailure(malformed: endpoint).error
                }
                let cost = cost(of: answer)
                usage = usage + cost
                await budget.settle(reserved: reserved, cost)
                return DescriptionAnswer(
                    description: try AnswerParser.description(
                        try answer.completeText(), fields: request.fields),
                    provider: provider, model: answer.model ?? model, usage: usage)
            case .failed(let failure, let hints):
                let cost = ProviderUsage(requests: 1)
                usage = usage + cost
                await budget.settle(reserved: reserved, cost)
                if failure.consequence == .structureRefused,
                    let next = endpoint.format.structures.first(where: { $0 > structure })
                {
                    structure = next
                } else {
                    try await repetition.next(after: failure, hints)
                }
            case .unreachable(let error):
                if error.mayHaveBeenCharged {
                    await budget.keep(reserved: reserved)
                } else {
                    await budget.settle(reserved: reserved, ProviderUsage())
                }
                try await repetition.next(after: error)
            }
        }
    }

    private func message(_ question: Question, _ structure: AnswerStructure) -> HTTPRequest {
        let body = endpoint.format.body(question, model: model, structure: structure)
        return endpoint.request(
            "POST", endpoint.format.path(model: model), body: JSONWriter.bytes(body))
    }

    func cost(of answer: ModelAnswer, isBatch: Bool = false) -> ProviderUsage {
        ProviderUsage(
            requests: 1, inputTokens: answer.inputTokens, outputTokens: answer.outputTokens,
            microdollars: price?.microdollars(
                inputTokens: answer.inputTokens, outputTokens: answer.outputTokens,
                isBatch: isBatch) ?? 0)
    }

    func mostMicrodollars(_ prompt: DescriptionPrompt, isBatch: Bool = false) -> Int {
        price?.microdollars(
            inputTokens: prompt.tokens + endpoint.format.imageTokens,
            outputTokens: Question.longestDescription, isBatch: isBatch) ?? 0
    }

    /// About what descriptions will cost, in millionths of a US dollar; nil without a price.
    ///
    /// Computed from one request as an example, and an answer of usual length.
    public func estimate(
        _ count: Int, like request: DescriptionRequest, isBatch: Bool = false
    ) -> Int? {
        let prompt = DescriptionPrompt(request)
        return price.map {
            count
                * $0.microdollars(
                    inputTokens: prompt.tokens / 2 + endpoint.format.imageTokens,
                    outputTokens: 200, isBatch: isBatch)
        }
    }
}

extension MonikerError {
    /// Tells what was spent on what failed.
    mutating func add(_ usage: ProviderUsage) {
        details["requests"] = String(usage.requests)
        details["input_tokens"] = String(usage.inputTokens)
        details["output_tokens"] = String(usage.outputTokens)
        details["microdollars"] = String(usage.microdollars)
    }
}
