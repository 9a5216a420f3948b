/// One replacement in a value: the bytes of `range` become `replacement`.
public struct Splice: Hashable, Sendable {
    /// The bytes that go, as offsets into the value before any splice.
    public var range: Range<Int>
    /// The bytes that come.
    public var replacement: [UInt8]

    /// Creates a replacement.
    public init(range: Range<Int>, replacement: [UInt8]) {
        self.range = range
        self.replacement = replacement
    }
}

extension [Splice] {
    /// The value after all splices, which must be ordered and must not overlap.
    ///
    /// - Complexity: O(value + replacements); one allocation of exactly the result's size.
    public func applied(to value: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count + growth)
        var position = 0
        for splice in self {
            result += value[position..<splice.range.lowerBound]
            result += splice.replacement
            position = splice.range.upperBound
        }
        result += value[position...]
        return result
    }

    /// How many bytes longer (negative: shorter) the value becomes.
    public var growth: Int {
        reduce(0) { $0 + $1.replacement.count - $1.range.count }
    }

    /// The splices that turn the result of these back into `value`, the value they were made for.
    public func inverted(for value: [UInt8]) -> [Splice] {
        var shift = 0
        return map { splice in
            let start = splice.range.lowerBound + shift
            shift += splice.replacement.count - splice.range.count
            return Splice(
                range: start..<(start + splice.replacement.count),
                replacement: Array<UInt8>(value[splice.range]))
        }
    }
}

extension [UInt8] {
    /// Replaces parts of the value, in place where it is long and has room, so that it is never in
    /// memory twice.
    ///
    /// - Parameter splices: ordered, and not overlapping.
    /// - Complexity: O(value) for each splice in place, of which there are few then; else O(value +
    ///   replacements) and a copy.
    public mutating func apply(_ splices: [Splice]) {
        guard count >= 1 << 20, splices.count <= 8, capacity >= count + splices.growth else {
            self = splices.applied(to: self)
            return
        }
        for splice in splices.reversed() {
            replaceSubrange(splice.range, with: splice.replacement)
        }
    }
}
