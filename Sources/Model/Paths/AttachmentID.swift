/// The id of an attachment: `ID` in the site's posts table.
public struct AttachmentID: RawRepresentable, Hashable, Sendable, Comparable,
    CustomStringConvertible
{
    /// The number.
    public let rawValue: Int64

    /// Creates an id.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Creates an id.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Whether the id orders before another.
    public static func < (left: AttachmentID, right: AttachmentID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number in decimal digits.
    public var description: String { String(rawValue) }
}
