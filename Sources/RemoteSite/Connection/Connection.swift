import Foundation
import HTTPClient
import Model

/// Sends requests to one site and judges what comes back.
struct Connection: Sendable {
    let client: HTTPClient
    let settings: RemoteSiteSettings
    let site: SiteAddress
    let clock: any RemoteClock
    /// Whether the site says that it takes application passwords; nil until it was asked.
    var takesPasswords: Bool?

    /// Checks that a password may be sent to the site at all.
    ///
    /// - Throws: `invalid-argument`, `insecure-address`.
    init(
        _ settings: RemoteSiteSettings, client: HTTPClient, clock: any RemoteClock
    ) throws(MonikerError) {
        guard let site = SiteAddress(settings.url) else {
            throw MonikerError(
                .invalidArgument,
                "\(displayText(settings.url.utf8)) is no http or https URL without user name; "
                    + "give the address of the site's front page")
        }
        guard !settings.user.isEmpty, !settings.user.contains(":"),
            settings.user.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw MonikerError(
                .invalidArgument, "the user name is empty or holds a colon; check its spelling")
        }
        guard site.isSecure || site.isLoopback || settings.allowsPlainHTTP else {
            throw MonikerError(
                .insecureAddress,
                "\(site.url) is not encrypted, so everybody on the way could read the password; "
                    + "use https, or allow plain http explicitly")
        }
        self.client = client
        self.settings = settings
        self.site = site
        self.clock = clock
    }

    /// A request with the fields that every request has.
    func request(_ method: String, _ url: String, isAuthenticated: Bool = true) -> HTTPRequest {
        var request = HTTPRequest(
            method, url,
            fields: [
                HTTPRequest.Field("User-Agent", settings.userAgent),
                // Firewalls doubt requests without a language, and caches must not answer.
                HTTPRequest.Field("Accept-Language", "en"),
                HTTPRequest.Field("Cache-Control", "no-cache"),
            ])
        if isAuthenticated {
            request.fields += [
                HTTPRequest.Field("Accept", "application/json"),
                HTTPRequest.Field(
                    "Authorization", settings.password.authorization(user: settings.user)),
            ]
        }
        request.timeout = settings.timeout
        return request
    }

    /// Reads JSON, asking again while the site is busy.
    ///
    /// - Throws: what the network throws, and what `RemoteFailure` says.
    func read<Value: Decodable>(
        _ type: Value.Type, _ url: String
    ) async throws(MonikerError) -> (value: Value, response: HTTPResponse) {
        let response = try await send(request("GET", url))
        return (try decode(type, response, url), response)
    }

    /// Sends a form, once: what it writes has to be compared again before it may be sent again.
    ///
    /// - Throws: what the network throws, and what `RemoteFailure` says.
    func post<Value: Decodable>(
        _ type: Value.Type, _ url: String, form: [(name: String, value: String)]
    ) async throws(MonikerError) -> Value {
        var request = request("POST", url)
        request.fields.append(
            HTTPRequest.Field(
                "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
        request.body = Array(PercentEncoding.form(form).utf8)
        let response = try await sendOnce(request)
        guard (200..<300).contains(response.status) else {
            throw RemoteFailure(response, url: url, connection: self).error
        }
        return try decode(type, response, url)
    }

    /// Sends a request that changes nothing, again while the site is busy; any status but 2xx is a
    /// failure.
    func send(_ request: HTTPRequest) async throws(MonikerError) -> HTTPResponse {
        var attempt = 1
        while true {
            let response = try await sendOnce(request)
            if (200..<300).contains(response.status) { return response }
            let error = RemoteFailure(response, url: request.url, connection: self).error
            guard let wait = wait(after: error, attempt: attempt) else { throw error }
            try await clock.sleep(wait)
            attempt += 1
        }
    }

    /// How long to wait before a request is sent again; nil where it should not be.
    ///
    /// - Parameter attempt: how often it was sent.
    func wait(after error: MonikerError, attempt: Int) -> Duration? {
        guard error.details["busy"] == "true", attempt < settings.attempts else { return nil }
        // Without a word from the site: 1, 2, 4 seconds.
        let seconds = error.details["retry_after"].flatMap { Int64($0) } ?? 1 << (attempt - 1)
        return .seconds(seconds) <= settings.longestWait ? .seconds(seconds) : nil
    }

    /// Sends a request once and returns the answer of any status.
    func sendOnce(_ request: HTTPRequest) async throws(MonikerError) -> HTTPResponse {
        do throws(MonikerError) {
            return try await client.send(request)
        } catch {
            var error = error
            error.message = redacted(error.message)
            throw error
        }
    }

    /// A text of the site's without the password.
    func redacted(_ text: String) -> String {
        settings.password.redacting(text, user: settings.user)
    }

    /// The JSON of an answer.
    func decode<Value: Decodable>(
        _ type: Value.Type, _ response: HTTPResponse, _ url: String
    ) throws(MonikerError) -> Value {
        // Some files of plugins begin with a byte order mark, which ends up before every answer.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body =
            response.body.starts(with: mark) ? response.body.dropFirst(3) : response.body[...]
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw RemoteFailure.notJSON(response, url: url, connection: self)
        }
    }
}

/// JSON of any shape.
struct IgnoredValue: Decodable {
    init(from decoder: any Decoder) throws {}
}
