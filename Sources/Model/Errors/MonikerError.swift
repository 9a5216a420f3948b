/// A failure that a person or a script can act on: a stable code, one sentence that says what
/// happened, where and what to do, and the failure underneath.
///
/// Every typed `throws` of the project throws this type, so a caller never has to guess.
public struct MonikerError: Error, Sendable, CustomStringConvertible {
    /// The stable name of the failure; part of the public surface.
    public var code: ErrorCode
    /// One sentence without a trailing newline: what happened, where, and what to do.
    public var message: String
    /// Further facts for `--json`, for example `["table": "wp_posts"]`.
    public var details: [String: String]
    /// The failure underneath, if another failure was the reason.
    public var cause: (any Error)?

    /// Creates a failure.
    public init(
        _ code: ErrorCode, _ message: String, details: [String: String] = [:],
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.cause = cause
    }

    /// The message, which is what a person reads.
    public var description: String { message }
}
