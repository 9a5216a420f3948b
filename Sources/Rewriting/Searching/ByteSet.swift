/// Up to four bytes any of which is searched for, many at a time.
struct ByteSet: Sendable {
    private let bytes: [UInt8]

    /// - Precondition: there are at most four.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count <= 4)
        self.bytes = bytes
    }

    /// Where the first of them stands that lies in a range; nil where there is none.
    func firstPosition(in text: [UInt8], _ range: Range<Int>) -> Int? {
        guard let first = bytes.first, !range.isEmpty else { return nil }
        precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
        let one = SIMD16<UInt8>(repeating: first)
        let two = SIMD16<UInt8>(repeating: bytes.count > 1 ? bytes[1] : first)
        let three = SIMD16<UInt8>(repeating: bytes.count > 2 ? bytes[2] : first)
        let four = SIMD16<UInt8>(repeating: bytes.count > 3 ? bytes[3] : first)
        // SAFETY: the buffer holds the array's bytes while the closure runs, and blocks are only
        // loaded where the range has sixteen more of them.
        return unsafe text.withUnsafeBytes { text -> Int? in
            guard let base = text.baseAddress else { return nil }
            var position = range.lowerBound
            while position + 16 <= range.upperBound {
                let block = unsafe base.loadUnaligned(
                    fromByteOffset: position, as: SIMD16<UInt8>.self)
                let isAny =
                    (block .== one) .| (block .== two) .| (block .== three) .| (block .== four)
                let lanes = unsafe unsafeBitCast(isAny, to: SIMD2<UInt64>.self)
                if lanes[0] != 0 { return position + lanes[0].trailingZeroBitCount / 8 }
                if lanes[1] != 0 { return position + 8 + lanes[1].trailingZeroBitCount / 8 }
                position += 16
            }
            while position < range.upperBound {
                let byte = unsafe text[position]
                if bytes.contains(byte) { return position }
                position += 1
            }
            return nil
        }
    }
}
