import HTTPClient

/// When a server says that a request may be repeated, in every dialect.
struct RetryHints {
    /// Seconds to wait; nil where the server does not say.
    var seconds: Double?
    /// What `x-should-retry` says; nil where it is absent.
    var shouldRetry: Bool?

    /// Reads the header of an answer, and the error in its body.
    init(_ response: HTTPResponse, body: JSONValue?, now: Double) {
        shouldRetry = response["x-should-retry"].flatMap { ["true": true, "false": false][$0] }
        seconds =
            Self.retryAfter(response, now: now)
            ?? Self.retryInfo(body)
            ?? Self.resets(response, now: now)
        if let value = seconds, !value.isFinite || value < 0 { seconds = 0 }
    }

    private static func retryAfter(_ response: HTTPResponse, now: Double) -> Double? {
        if let text = response["retry-after-ms"], let value = Double(text) { return value / 1000 }
        guard let text = response["retry-after"] else { return nil }
        return Double(text) ?? Timestamps.httpDate(text).map { $0 - now }
    }

    /// `google.rpc.RetryInfo` among an error's details.
    private static func retryInfo(_ body: JSONValue?) -> Double? {
        for detail in body?["error"]?["details"]?.array ?? [] {
            if let text = detail["retryDelay"]?.string, let value = Timestamps.duration(text) {
                return value
            }
        }
        return nil
    }

    /// The last reset of the limits that are used up; the next of all where none is said to be.
    private static func resets(_ response: HTTPResponse, now: Double) -> Double? {
        var all: [Double] = []
        var usedUp: [Double] = []
        func add(_ seconds: Double?, _ remaining: String?) {
            guard let seconds else { return }
            all.append(seconds)
            if remaining == "0" { usedUp.append(seconds) }
        }
        for limit in ["requests", "tokens", "input-tokens", "output-tokens"] {
            let anthropic = "anthropic-ratelimit-\(limit)"
            add(
                response["\(anthropic)-reset"].flatMap(Timestamps.rfc3339).map { $0 - now },
                response["\(anthropic)-remaining"])
            add(
                response["x-ratelimit-reset-\(limit)"].flatMap(Timestamps.duration),
                response["x-ratelimit-remaining-\(limit)"])
        }
        return usedUp.max() ?? all.min()
    }
}
