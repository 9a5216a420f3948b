/// A password: a string that no log, error message or dump of a value ever shows.
public struct Secret: Hashable, Sendable {
    private let text: String

    /// Wraps a secret.
    public init(_ text: String) { self.text = text }

    /// The secret itself, for the one call that has to send it.
    public var revealed: String { text }

    /// Whether there is no secret.
    public var isEmpty: Bool { text.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always three asterisks.
    public var description: String { "***" }

    /// Always three asterisks.
    public var debugDescription: String { "***" }

    /// No children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
