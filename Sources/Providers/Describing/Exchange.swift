import HTTPClient
import Model

/// What sending one request came to.
enum Exchange {
    /// Status 2xx; the body as JSON, or null where none was wanted.
    case answered(JSONValue, HTTPResponse)
    /// Any other answer.
    case failed(ProviderFailure, RetryHints)
    /// No answer.
    case unreachable(MonikerError)
}

extension Endpoint {
    /// Sends a request and judges what comes back; never throws, so that costs can be settled.
    func exchange(
        _ request: HTTPRequest, clock: any RetryClock, structure: AnswerStructure? = nil,
        isStructureProven: Bool = true, isJSON: Bool = true
    ) async -> Exchange {
        let response: HTTPResponse
        do throws(MonikerError) {
            response = try await client.send(request)
        } catch {
            return .unreachable(redacted(error))
        }
        let isSuccess = (200..<300).contains(response.status)
        if isSuccess, !isJSON { return .answered(.null, response) }
        let body = JSONParser.value(response.body)
        if isSuccess, let body { return .answered(body, response) }
        var failure = ProviderFailure(
            response, body: body, endpoint: self, structure: structure,
            isStructureProven: isStructureProven)
        if isSuccess {
            failure = ProviderFailure(malformed: self)
        }
        let hints = RetryHints(response, body: body, now: clock.secondsSince1970())
        return .failed(failure, hints)
    }

    private func redacted(_ error: MonikerError) -> MonikerError {
        var error = error
        error.message = Redaction.redact(error.message, key)
        return error
    }
}

extension ProviderFailure {
    /// An answer that is not of the API: it may have been paid for, so it is not asked for again.
    init(malformed endpoint: Endpoint) {
        consequence = .fail
        error = MonikerError(
            .malformedAnswer,
            "\(endpoint.name) answered with something that is not its API's JSON; check --base-url",
            details: [:])
    }
}

extension MonikerError {
    /// Whether asking again may help, though no answer came.
    var isRetryableSilence: Bool { code == .networkFailed || code == .timedOut }

    /// Whether the server may have worked on the request, and charge it.
    var mayHaveBeenCharged: Bool { details["sent"] == "true" }
}
