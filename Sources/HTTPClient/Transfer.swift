import CCurl
import Glibc
import Model

/// One request on its way; used by the loop's thread only, once it was handed over.
final class Transfer: @unchecked Sendable {
    // SAFETY (of @unchecked Sendable): created by one task and given to the loop's inbox, whose
    // lock orders it before every use by the loop's thread, the only one that uses it then.
    let request: HTTPRequest
    let ticket: Ticket
    private let continuation: CheckedContinuation<Result<HTTPResponse, MonikerError>, Never>
    private var uploaded = 0
    private var response = HTTPResponse(status: 0)
    private(set) var isTooLarge = false
    var refusedAddress: String?

    init(
        _ request: HTTPRequest, ticket: Ticket,
        continuation: CheckedContinuation<Result<HTTPResponse, MonikerError>, Never>
    ) {
        self.request = request
        self.ticket = ticket
        self.continuation = continuation
    }

    func end(_ result: Result<HTTPResponse, MonikerError>) {
        continuation.resume(returning: result)
    }

    func end(status: Int) {
        response.status = status
        end(.success(response))
    }

    // MARK: What libcurl asks for and brings

    /// Copies the next part of the body to libcurl's buffer.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = request.body else { return 0 }
        let count = min(buffer.count, body.count - uploaded)
        // SAFETY: both ranges are within their buffers by the minimum above.
        unsafe body.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[uploaded..<uploaded + count]))
        }
        uploaded += count
        return count
    }

    /// Goes back in the body, which libcurl needs when a kept connection turns out to be dead.
    ///
    /// Not after the whole body went out: the server may have acted on it, so whether it is sent
    /// again is the caller's decision.
    func seek(to offset: Int) -> Bool {
        guard !wasSent, offset >= 0, offset <= request.body?.count ?? 0 else { return false }
        uploaded = offset
        return true
    }

    /// Whether the whole body was taken, after which a server may have acted on it.
    var wasSent: Bool { request.body.map { uploaded == $0.count } ?? false }

    /// Keeps a part of the answer; false ends the transfer.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard response.body.count + bytes.count <= request.responseLimit else {
            isTooLarge = true
            return false
        }
        unsafe response.body.append(contentsOf: bytes)
        return true
    }

    /// Keeps a line of the answer's header; what a line of an earlier status said is dropped.
    func receive(line: String) {
        if line.hasPrefix("HTTP/") {
            response.fields = []
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let blank: (Character) -> Bool = { $0.isWhitespace }
        let value = line[line.index(after: colon)...].drop(while: blank)
        let end = value.lastIndex { !$0.isWhitespace }.map(value.index(after:)) ?? value.startIndex
        response.fields.append(
            HTTPRequest.Field(line[..<colon].lowercased(), String(value[..<end])))
    }
}
