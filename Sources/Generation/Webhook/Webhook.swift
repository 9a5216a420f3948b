public import HTTPClient
public import Model
public import Providers

/// Tells another service that a run has ended.
///
/// The message is JSON that Slack and its like take (`text`), with numbers beside it for programs.
/// With a secret, the header `X-Moniker-Signature: sha256=…` carries the HMAC-SHA256 of the body's
/// bytes; `timestamp` is within these, against replays.
public struct Webhook: Sendable {
    private let url: String
    private let secret: [UInt8]?
    private let client: HTTPClient
    private let clock: any RetryClock
    /// Which addresses are allowed.
    private let addresses: HTTPRequest.AddressPolicy

    /// How often the message is sent at most.
    private static let attempts = 4

    /// Creates a hook.
    ///
    /// - Parameters:
    ///   - secret: the key of the signature; nil for none.
    ///   - addresses: `publicOnly` for a URL that came over the network; the one who types a command
    ///     may name a private address. Link-local ones, where clouds keep their metadata services,
    ///     are refused always; redirects are not followed.
    public init(
        url: String, secret: [UInt8]? = nil, client: HTTPClient,
        addresses: HTTPRequest.AddressPolicy = .allButLinkLocal,
        clock: any RetryClock = SystemRetryClock()
    ) {
        self.url = url
        self.secret = secret
        self.client = client
        self.addresses = addresses
        self.clock = clock
    }

    /// Sends a message; asks again after 1, 2 and 4 seconds where the service is busy or away.
    ///
    /// The job is over by then: the caller shows a failure and lets the job be what it was.
    ///
    /// - Throws: `webhook-failed`, with the reason; `cancelled`.
    public func send(_ message: WebhookMessage) async throws(MonikerError) {
        let body = try message.json(at: Int64(clock.secondsSince1970()))
        var request = HTTPRequest(
            "POST", url, fields: [.init("content-type", "application/json")], body: body)
        if let secret {
            let code = MessageAuthentication.code(of: body, key: secret)
            request.fields.append(.init("x-moniker-signature", "sha256=\(code)"))
        }
        request.timeout = .seconds(10)
        request.responseLimit = 1 << 20
        request.addresses = addresses
        for attempt in 1...Self.attempts {
            guard let (reason, isPassing) = try await refusal(request) else { return }
            guard isPassing, attempt < Self.attempts else { throw failure(reason) }
            try await clock.sleep(seconds: Double(1 << (attempt - 1)))
        }
    }

    /// Why the service did not take the message, and whether that may pass; nil where it did.
    private func refusal(
        _ request: HTTPRequest
    ) async throws(MonikerError) -> (reason: String, isPassing: Bool)? {
        do throws(MonikerError) {
            let status = try await client.send(request).status
            if (200..<300).contains(status) { return nil }
            return ("it answered \(status)", status == 429 || status >= 500)
        } catch {
            if error.code == .cancelled { throw error }
            return (error.message, error.code == .networkFailed || error.code == .timedOut)
        }
    }

    private func failure(_ reason: String) -> MonikerError {
        MonikerError(
            .webhookFailed,
            "the web hook did not take the message (\(reason)); the job itself is not affected, check the URL"
        )
    }
}
