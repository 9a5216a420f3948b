/// One replacement in a value, with the bytes on both sides, so that it can be taken back.
public struct RecordedSplice: Hashable, Sendable {
    /// Where the old bytes begin in the value before.
    public var offset: Int
    /// The bytes before.
    public var old: [UInt8]
    /// The bytes after.
    public var new: [UInt8]

    /// Creates a recorded replacement.
    public init(offset: Int, old: [UInt8], new: [UInt8]) {
        self.offset = offset
        self.old = old
        self.new = new
    }
}
