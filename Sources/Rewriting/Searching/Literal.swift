/// Bytes to be searched for, many at a time.
///
/// Two of them, the ones that are to be expected least, are compared in 64 places at once; where both
/// are right, the rest is.
struct Literal: Sendable {
    let bytes: [UInt8]
    private let firstProbe: Int
    private let secondProbe: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let order = bytes.indices.sorted {
            (-ByteRarity.bits(bytes[$0]), $0) < (-ByteRarity.bits(bytes[$1]), $1)
        }
        firstProbe = order.first ?? 0
        secondProbe = order.dropFirst().first ?? firstProbe
    }

    /// Whether some bytes contain these; nothing contains an empty literal.
    func isContained(in text: [UInt8]) -> Bool {
        // SAFETY: the buffer is only read, inside of its own bounds, while it is borrowed.
        unsafe text.withUnsafeBytes { unsafe firstPosition(in: $0, 0..<$0.count) } != nil
    }

    /// Where the first of these begins that lies in a range; nil where there is none.
    ///
    /// - Complexity: O(range · count), in practice that of reading the range.
    func firstPosition(in text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        let count = bytes.count
        guard count > 0, range.count >= count, let base = text.baseAddress else { return nil }
        precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
        // SAFETY: every start is at most `range.upperBound - count`, and a block is only loaded where
        // all of its 64 starts are; probes are less than `count`, so no load leaves the range, which
        // is known to lie in the buffer.
        let last = range.upperBound - count
        var start = range.lowerBound
        let first = SIMD64<UInt8>(repeating: bytes[firstProbe])
        let second = SIMD64<UInt8>(repeating: bytes[secondProbe])
        while start + 63 <= last {
            let isFirst =
                unsafe base.loadUnaligned(
                    fromByteOffset: start + firstProbe, as: SIMD64<UInt8>.self) .== first
            let isSecond =
                unsafe base.loadUnaligned(
                    fromByteOffset: start + secondProbe, as: SIMD64<UInt8>.self) .== second
            if any(isFirst .& isSecond) {
                for position in start..<(start + 64) where unsafe matches(base + position) {
                    return position
                }
            }
            start += 64
        }
        while start <= last {
            if unsafe matches(base + start) { return start }
            start += 1
        }
        return nil
    }

    /// Whether the bytes stand at a place from which on there are as many.
    private func matches(_ place: UnsafeRawPointer) -> Bool {
        guard
            unsafe place.load(fromByteOffset: firstProbe, as: UInt8.self) == bytes[firstProbe]
        else { return false }
        for index in bytes.indices
        where unsafe place.load(fromByteOffset: index, as: UInt8.self) != bytes[index] {
            return false
        }
        return true
    }
}

/// How little single bytes are to be expected in text and markup.
enum ByteRarity {
    /// About the bits that a byte tells.
    static func bits(_ byte: UInt8) -> Int {
        switch byte {
        case _ where " etaoinsr".utf8.contains(byte): 4
        case _ where "hldcupm/\"=<>.-".utf8.contains(byte): 5
        case UInt8(ascii: "0")...UInt8(ascii: "9"): 7
        case UInt8(ascii: "A")...UInt8(ascii: "Z"),
            _ where "jqxz".utf8.contains(byte):
            9
        case UInt8(ascii: "a")...UInt8(ascii: "z"): 6
        default: 8
        }
    }
}
