/// A text that must not be shown: passwords.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself.
    public let value: String

    /// Wraps a text.
    public init(_ value: String) { self.value = value }

    /// Three asterisks.
    public var description: String { "***" }

    /// Three asterisks.
    public var debugDescription: String { "***" }
}
