internal import Glibc

/// Bytes to be searched for, many at a time.
///
/// Two of them, the ones that are to be expected least, are compared in 64 places at once; where both
/// are right, the rest is.
struct Literal: Sendable {
    let bytes: [UInt8]
    private let firstProbe: Int
    private let secondProbe: Int
    /// What is set in each byte before it is compared: the bit that letters of both cases differ in.
    private let fold: UInt8

    /// - Parameter isCaseInsensitive: whether ASCII letters match in either case; then the bytes are
    ///   lower-case ones, and what matches may be some other character as well.
    init(_ bytes: [UInt8], isCaseInsensitive: Bool = false) {
        fold = isCaseInsensitive ? 0x20 : 0
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
            let folding = SIMD16<UInt8>(repeating: fold)
            let candidates = { (offset: Int) -> SIMD2<UInt64> in
                let isFirst =
                    (unsafe base.loadUnaligned(
                        fromByteOffset: offset + firstProbe, as: SIMD16<UInt8>.self) | folding)
                    .== first
                let isSecond =
                    (unsafe base.loadUnaligned(
                        fromByteOffset: offset + secondProbe, as: SIMD16<UInt8>.self) | folding)
                    .== second
                return unsafe unsafeBitCast(isFirst .& isSecond, to: SIMD2<UInt64>.self)
            }
            // Each candidate is a byte of ones, the first one in the lowest byte.
            let hit = { (offset: Int, lanes: SIMD2<UInt64>) -> Int? in
                for half in 0..<2 {
                    var mask = lanes[half]
                    while mask != 0 {
                        let lane = mask.trailingZeroBitCount / 8
                        let position = offset + 8 * half + lane
                        if unsafe matches(base + position) { return position }
                        mask &= ~(0xFF << UInt64(8 * lane))
                    }
                }
                return nil
            }
            // Most searches of dense text end soon.
            if start + 15 <= last {
                let lanes = candidates(start)
                if lanes[0] | lanes[1] != 0, let position = hit(start, lanes) { return position }
                start += 16
            }
            while start + 63 <= last {
                let (first, second) = (candidates(start), candidates(start + 16))
                let (third, fourth) = (candidates(start + 32), candidates(start + 48))
                let all = first | second | third | fourth
                if all[0] | all[1] != 0 {
                    if let position = hit(start, first) ?? hit(start + 16, second)
                        ?? hit(start + 32, third) ?? hit(start + 48, fourth)
                    {
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
    }

    /// Whether the bytes stand at a position, with their end not behind a limit.
    func stands(in text: [UInt8], at position: Int, before limit: Int) -> Bool {
        guard position >= 0, limit <= text.count, position <= limit - bytes.count else {
            return false
        }
        // SAFETY: as many bytes as this has lie between the position and the limit.
        return unsafe text.withUnsafeBytes { text in
            unsafe bytes.withUnsafeBytes { bytes in
                guard let place = text.baseAddress, let own = bytes.baseAddress else {
                    return unsafe bytes.isEmpty
                }
                return unsafe memcmp(place + position, own, bytes.count) == 0
            }
        }
    }

    /// Whether the bytes stand at a place from which on there are as many.
    private func matches(_ place: UnsafeRawPointer) -> Bool {
        // SAFETY: the caller has seen that `bytes.count` bytes can be read.
        if fold != 0 {
            return bytes.indices.allSatisfy {
                unsafe place.load(fromByteOffset: $0, as: UInt8.self) | fold == bytes[$0]
            }
        }
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
