/// An encoding that covers a whole string: decoded as a whole, rewritten inside, and only the
/// replaced stretches encoded again.
struct Layer {
    /// The decoded bytes.
    var decoded: [UInt8]
    /// From decoded to encoded offsets.
    private(set) var map: OffsetMap

    /// Decodes a range unit by unit.
    ///
    /// - Parameter unit: the decoded bytes of the unit at a position and the position behind it;
    ///   nil where the encoding does not allow what stands there.
    init?(
        _ range: Range<Int>, unit: (Int) -> CharacterReader.Unit?
    ) {
        decoded = []
        decoded.reserveCapacity(range.count)
        map = OffsetMap(base: range.lowerBound)
        var position = range.lowerBound
        while position < range.upperBound {
            guard let next = unit(position) else { return nil }
            if next.end - position != next.count {
                map.append(
                    decoded: decoded.count, raw: position, decodedCount: next.count,
                    rawCount: next.end - position)
            }
            for index in 0..<next.count { decoded.append(next.byte(index)) }
            position = next.end
        }
    }
}

/// Where each decoded byte came from.
///
/// Only characters that were escaped take memory.
struct OffsetMap {
    private struct Entry {
        var decoded: Int
        var raw: Int
        var decodedCount: Int32
        var rawCount: Int32
    }

    private let base: Int
    private var entries: [Entry] = []

    init(base: Int) { self.base = base }

    mutating func append(decoded: Int, raw: Int, decodedCount: Int, rawCount: Int) {
        entries.append(
            Entry(
                decoded: decoded, raw: raw, decodedCount: Int32(decodedCount),
                rawCount: Int32(rawCount)))
    }

    /// The encoded offset of the character that begins at a decoded offset.
    ///
    /// - Complexity: O(log of the number of escaped characters).
    func raw(_ decoded: Int) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].decoded <= decoded { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return base + decoded }
        let entry = entries[low - 1]
        let inside = decoded - entry.decoded
        guard inside >= Int(entry.decodedCount) else { return entry.raw }
        return entry.raw + Int(entry.rawCount) + inside - Int(entry.decodedCount)
    }

    /// The encoded stretch of a decoded one.
    func raw(_ decoded: Range<Int>) -> Range<Int> {
        raw(decoded.lowerBound)..<raw(decoded.upperBound)
    }
}
