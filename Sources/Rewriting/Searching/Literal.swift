internal import Glibc

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
    func isContained(in text: [UInt8]) -> Bool { firstPosition(in: text, 0..<text.count) != nil }

    /// Where the first of these begins that lies in a range; nil where there is none.
    ///
    /// - Complexity: O(range · count), in practice that of reading the range.
    func firstPosition(in text: [UInt8], _ range: Range<Int>) -> Int? {
        let count = bytes.count
        guard count > 0, range.count >= count else { return nil }
        precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
        let last = range.upperBound - count
        var start = range.lowerBound
        // SAFETY: the buffer holds the array's bytes while the closure runs. Every start is at most
        // `last`, a block is only loaded where all of its starts are, and probes are less than
        // `count`, so that nothing behind the range is read.
        return unsafe text.withUnsafeBytes { text -> Int? in
            guard let base = text.baseAddress else { return nil }
            let first = SIMD16<UInt8>(repeating: bytes[firstProbe])
            let second = SIMD16<UInt8>(repeating: bytes[secondProbe])
            let candidates = { (offset: Int) -> SIMD2<UInt64> in
                let isFirst =
                    unsafe base.loadUnaligned(
                        fromByteOffset: offset + firstProbe, as: SIMD16<UInt8>.self) .== first
                let isSecond =
                    unsafe base.loadUnaligned(
                        fromByteOffset: offset + secondProbe, as: SIMD16<UInt8>.self) .== second
                return unsafe unsafeBitCast(isFirst .& isSecond, to: SIMD2<UInt64>.self)
            }
            while start + 63 <= last {
                let all =
                    candidates(start) | candidates(start + 16) | candidates(start + 32)
                    | candidates(start + 48)
                if all[0] | all[1] != 0 {
                    for group in 0..<4 {
                        let lanes = candidates(start + 16 * group)
                        for half in 0..<2 {
                            // Each candidate is a byte of ones, the first one in the lowest byte.
                            var mask = lanes[half]
                            while mask != 0 {
                                let lane = mask.trailingZeroBitCount / 8
                                let position = start + 16 * group + 8 * half + lane
                                if unsafe matches(base + position) { return position }
                                mask &= ~(0xFF << UInt64(8 * lane))
                            }
                        }
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
    }

    /// Whether the bytes stand at a place from which on there are as many.
    private func matches(_ place: UnsafeRawPointer) -> Bool {
        // SAFETY: the caller has seen that `bytes.count` bytes can be read.
        guard unsafe place.load(fromByteOffset: firstProbe, as: UInt8.self) == bytes[firstProbe]
        else { return false }
        return unsafe bytes.withUnsafeBytes { bytes in
            guard let own = bytes.baseAddress else { return false }
            return unsafe memcmp(place, own, bytes.count) == 0
        }
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
