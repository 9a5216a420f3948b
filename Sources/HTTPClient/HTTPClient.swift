public import Model
import Synchronization

/// Sends HTTP requests, any number of them at once, on one thread of its own.
///
/// Redirects are not followed, so that no credential goes to a host that was not named; cookies
/// and `.netrc` are not used. Certificates are checked against the system's authorities. HTTP/2
/// is used where a server offers it. Proxies come from the environment (`https_proxy`,
/// `no_proxy`), never for this machine itself. The thread ends with the client.
public final class HTTPClient: Sendable {
    private let loop: TransferLoop

    /// Creates a client and starts its thread.
    ///
    /// - Throws: `network-failed` where the system has no thread or descriptor left.
    public init() throws(MonikerError) {
        loop = try TransferLoop()
        try loop.start()
    }

    deinit { loop.close() }

    /// Sends a request and waits for the whole answer, of any status.
    ///
    /// Cancelling the task ends the transfer at once. How many run at once is the caller's choice.
    ///
    /// - Throws: `network-failed`, `timed-out`, `response-too-large`, `address-refused`;
    ///   `cancelled`; `invalid-argument` for a URL or field that HTTP cannot express. Where the
    ///   server may have got the whole request, the details say `"sent": "true"`.
    public func send(_ request: HTTPRequest) async throws(MonikerError) -> HTTPResponse {
        try request.check()
        let ticket = Ticket()
        let result: Result<HTTPResponse, MonikerError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.add(Transfer(request, ticket: ticket, continuation: continuation))
            }
        } onCancel: {
            ticket.isCancelled.store(true, ordering: .releasing)
            loop.cancel(ticket)
        }
        return try result.get()
    }
}

/// What one call of `send` and its transfer share.
final class Ticket: Sendable {
    let isCancelled = Atomic(false)
}

extension HTTPRequest {
    /// The URL without what may be secret, for messages.
    var place: String {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        return String(url[..<end])
    }

    func check() throws(MonikerError) {
        let lowercased = url.lowercased()
        guard lowercased.hasPrefix("http://") || lowercased.hasPrefix("https://"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !authority.contains("@")
        else {
            throw MonikerError(
                .invalidArgument,
                "\(place) is no http or https URL without user name; check its spelling")
        }
        let fieldsAreSafe = fields.allSatisfy { field in
            !field.name.isEmpty
                && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
                && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        guard fieldsAreSafe else {
            throw MonikerError(
                .invalidArgument,
                "a header field for \(place) holds a control character; check the key and options")
        }
    }

    private var authority: Substring {
        let rest = url.drop { $0 != ":" }.dropFirst(3)
        return rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    /// Whether the URL names this machine, which no proxy can reach.
    var isLocal: Bool {
        let host = authority.lowercased()
        return host.hasPrefix("127.") || host.hasPrefix("[::1]") || host == "localhost"
            || host.hasPrefix("localhost:")
    }
}
