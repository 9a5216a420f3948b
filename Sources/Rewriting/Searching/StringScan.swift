/// Skips what needs no look in a JSON string, many bytes at a time.
enum StringScan {
    /// The first position from one on where a quote, a backslash or a control character stands; the
    /// limit where there is none.
    static func end(in text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        precondition(start >= 0 && limit <= text.count)
        let quote = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
        let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        let space = SIMD16<UInt8>(repeating: 0x20)
        // SAFETY: the buffer holds the array's bytes while the closure runs, and blocks are only
        // loaded where sixteen more of them come before the limit.
        return unsafe text.withUnsafeBytes { text -> Int in
            guard let base = text.baseAddress else { return limit }
            var position = start
            while position + 16 <= limit {
                let block = unsafe base.loadUnaligned(
                    fromByteOffset: position, as: SIMD16<UInt8>.self)
                let isSpecial = (block .== quote) .| (block .== backslash) .| (block .< space)
                let lanes = unsafe unsafeBitCast(isSpecial, to: SIMD2<UInt64>.self)
                if lanes[0] != 0 { return position + lanes[0].trailingZeroBitCount / 8 }
                if lanes[1] != 0 { return position + 8 + lanes[1].trailingZeroBitCount / 8 }
                position += 16
            }
            while position < limit {
                let byte = unsafe text[position]
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    return position
                }
                position += 1
            }
            return limit
        }
    }
}
