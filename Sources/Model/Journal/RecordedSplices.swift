/// The replacements in a value, ordered and not overlapping.
///
/// All their bytes lie in one array: a bulk rename records more than a million, and arrays for each
/// would take longer than writing them down.
public struct RecordedSplices: Hashable, Sendable {
    /// Where the runs of one replacement are.
    public struct Place: Hashable, Sendable {
        /// Where the old bytes begin in the value before.
        public let offset: Int
        /// Where the bytes before are in `bytes`.
        public let old: Range<Int>
        /// Where the bytes after are in `bytes`.
        public let new: Range<Int>
    }

    /// The replacements, in order.
    public private(set) var places: [Place]
    /// The bytes of all runs.
    public private(set) var bytes: [UInt8]

    /// Records splices together with the bytes that they replace in `value`.
    public init(_ splices: [Splice], of value: [UInt8]) {
        self.init(count: splices.count, bytes: splices.reduce(0) { $0 + $1.bytes })
        for splice in splices {
            append(
                offset: splice.range.lowerBound, old: value[splice.range],
                new: splice.replacement[...])
        }
    }

    /// Puts replacements together.
    public init(_ splices: some Collection<RecordedSplice>) {
        self.init(
            count: splices.count, bytes: splices.reduce(0) { $0 + $1.old.count + $1.new.count })
        for splice in splices {
            append(offset: splice.offset, old: splice.old[...], new: splice.new[...])
        }
    }

    private init(count: Int, bytes size: Int) {
        places = []
        places.reserveCapacity(count)
        bytes = []
        bytes.reserveCapacity(size)
    }

    private mutating func append(offset: Int, old: ArraySlice<UInt8>, new: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes += old
        let middle = bytes.count
        bytes += new
        places.append(
            Place(offset: offset, old: start..<middle, new: middle..<bytes.count))
    }

    /// The value before, made from the value after; nil where that does not hold the bytes that
    /// were recorded, so that no damaged record is ever followed.
    public func reverted(_ value: [UInt8]) -> [UInt8]? { inverse(in: value)?.applied(to: value) }

    /// What turns the value after back into the value before; nil where that does not hold the bytes
    /// that were recorded.
    public func inverse(in value: [UInt8]) -> [Splice]? {
        let inverse = inverse
        var end = 0
        for (place, splice) in zip(places, inverse) {
            guard splice.range.lowerBound >= end, splice.range.upperBound <= value.count,
                value[splice.range].elementsEqual(bytes[place.new])
            else { return nil }
            end = splice.range.upperBound
        }
        return inverse
    }

    /// The splices that turn the value after back into the value before.
    public var inverse: [Splice] {
        var shift = 0
        return places.map { place in
            let start = place.offset + shift
            shift += place.new.count - place.old.count
            return Splice(
                range: start..<(start + place.new.count), replacement: Array(bytes[place.old]))
        }
    }

    /// The splices that turn the value before into the value after.
    public var forward: [Splice] {
        places.map { place in
            Splice(
                range: place.offset..<(place.offset + place.old.count),
                replacement: Array(bytes[place.new]))
        }
    }
}

extension RecordedSplices: RandomAccessCollection {
    /// The place of the first replacement.
    public var startIndex: Int { 0 }

    /// The place after the last replacement.
    public var endIndex: Int { places.count }

    /// One replacement with copies of its bytes.
    public subscript(position: Int) -> RecordedSplice {
        let place = places[position]
        return RecordedSplice(
            offset: place.offset, old: Array(bytes[place.old]), new: Array(bytes[place.new]))
    }
}

extension RecordedSplices: ExpressibleByArrayLiteral {
    /// Puts replacements together.
    public init(arrayLiteral splices: RecordedSplice...) { self.init(splices) }
}

extension Splice {
    /// How many bytes it takes away and puts in.
    fileprivate var bytes: Int { range.count + replacement.count }
}
