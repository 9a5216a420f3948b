/// Base64 as it stands in a value: its alphabet, padding, line breaks and escapes, so that it can be
/// encoded again in the same style (RFC 4648).
struct Base64 {
    /// The decoded bytes.
    let decoded: [UInt8]
    private let isURLSafe: Bool
    private let padding: [UInt8]?
    private let plus: [UInt8]
    private let slash: [UInt8]
    private let lineWidth: Int?
    private let lineBreak: [UInt8]
    private let tail: [UInt8]

    /// Reads a range that is base64 as a whole.
    ///
    /// Accepted: both alphabets, with padding or without, MIME line breaks, and `+`, `/`, `=`
    /// percent-encoded or `/` as `\/`. Not accepted: encodings that another encoder would write
    /// differently, because their bytes could not be kept.
    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        var sextets: [UInt8] = []
        sextets.reserveCapacity(range.count)
        var isURLSafe = false
        var isStandard = false
        var padding: [UInt8]?
        var paddingCount = 0
        var plus: [UInt8] = [UInt8(ascii: "+")]
        var slash: [UInt8] = [UInt8(ascii: "/")]
        var lineBreak: [UInt8] = []
        var lineWidth: Int?
        var tail: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let (raw, byte) = Self.symbol(bytes, at: position, limit: range.upperBound)
            position += raw.count
            if byte == 0x0D || byte == 0x0A {
                var run = raw
                while position < range.upperBound,
                    bytes[position] == 0x0A || bytes[position] == 0x0D
                {
                    run.append(bytes[position])
                    position += 1
                }
                if position == range.upperBound {
                    tail = run
                    break
                }
                guard paddingCount == 0 else { return nil }
                if let lineWidth {
                    guard sextets.count % lineWidth == 0, run == lineBreak else { return nil }
                } else {
                    lineWidth = sextets.count
                    lineBreak = run
                    guard !sextets.isEmpty else { return nil }
                }
                continue
            }
            if byte == UInt8(ascii: "=") {
                padding = raw
                paddingCount += 1
                continue
            }
            guard paddingCount == 0, let value = Self.value(byte) else { return nil }
            switch byte {
            case UInt8(ascii: "+"):
                plus = raw
                isStandard = true
            case UInt8(ascii: "/"):
                slash = raw
                isStandard = true
            case UInt8(ascii: "-"), UInt8(ascii: "_"): isURLSafe = true
            default: break
            }
            sextets.append(value)
        }
        guard !(isURLSafe && isStandard), sextets.count % 4 != 1, !sextets.isEmpty,
            paddingCount == 0 || (sextets.count + paddingCount) % 4 == 0 && paddingCount < 3
        else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(sextets.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        for sextet in sextets {
            buffer = buffer << 6 | UInt32(sextet)
            bits += 6
            if bits >= 8 {
                bits -= 8
                decoded.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        // Left-over bits have to be zero, or an encoder would have written another last letter.
        guard buffer & (1 << UInt32(bits) - 1) == 0 else { return nil }
        self.decoded = decoded
        self.isURLSafe = isURLSafe
        let isPadded = paddingCount > 0 || sextets.count % 4 == 0
        self.padding = isPadded ? padding ?? Self.usualPadding(plus: plus, slash: slash) : nil
        self.plus = plus
        self.slash = slash
        self.lineWidth = lineWidth
        self.lineBreak = lineBreak
        self.tail = tail
    }

    /// The padding of an encoding that shows none: escaped where its other symbols are.
    private static func usualPadding(plus: [UInt8], slash: [UInt8]) -> [UInt8] {
        plus.count == 3 || slash.count == 3 ? Array("%3D".utf8) : [UInt8(ascii: "=")]
    }

    /// Encodes bytes in the style that was read.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 4 / 3 + 8)
        var written = 0
        func write(_ sextet: Int) {
            if let lineWidth, written > 0, written % lineWidth == 0 { result += lineBreak }
            written += 1
            switch sextet {
            case 62: result += isURLSafe ? [UInt8(ascii: "-")] : plus
            case 63: result += isURLSafe ? [UInt8(ascii: "_")] : slash
            default: result.append(alphabet[sextet])
            }
        }
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0)
            }
            for offset in 0...count { write(group >> (18 - 6 * offset) & 63) }
            if count < 3, let padding {
                for _ in count..<3 {
                    if let lineWidth, written % lineWidth == 0 { result += lineBreak }
                    written += 1
                    result += padding
                }
            }
            index += 3
        }
        return result + tail
    }

    /// Whether bytes could begin base64: a quick look before the work.
    static func isPlausible(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count >= 8 else { return false }
        return bytes[range].prefix(80).allSatisfy {
            value($0) != nil || [0x0A, 0x0D, 0x3D, 0x25].contains($0)
        }
    }

    /// The symbol at a position, through `%2B`, `%2F`, `%3D` and `\/`.
    static func symbol(
        _ bytes: [UInt8], at position: Int, limit: Int
    ) -> (raw: [UInt8], byte: UInt8) {
        let byte = bytes[position]
        if byte == UInt8(ascii: "%"), position + 2 < limit {
            let raw = Array(bytes[position..<(position + 3)])
            switch (raw[1], raw[2] | 0x20) {
            case (0x32, 0x62): return (raw, UInt8(ascii: "+"))
            case (0x32, 0x66): return (raw, UInt8(ascii: "/"))
            case (0x33, 0x64): return (raw, UInt8(ascii: "="))
            default: break
            }
        }
        if byte == UInt8(ascii: "\\"), position + 1 < limit,
            bytes[position + 1] == UInt8(ascii: "/")
        {
            return ([byte, bytes[position + 1]], UInt8(ascii: "/"))
        }
        return ([byte], byte)
    }

    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    /// The letters that a word has in every base64 text that contains it, for the three ways in
    /// which it can lie on the groups of three bytes.
    ///
    /// `first` is the letter's place in its group of four.
    static func cores(of word: [UInt8]) -> [(letters: [UInt8], first: Int)] {
        (0..<3).compactMap { alignment in
            let firstLetter = (8 * alignment + 5) / 6
            let endLetter = 8 * (alignment + word.count) / 6
            guard endLetter > firstLetter + 1 else { return nil }
            let padded = [UInt8](repeating: 0, count: alignment) + word + [0, 0, 0]
            let letters = standardLetters(padded)
            return (Array(letters[firstLetter..<endLetter]), firstLetter % 4)
        }
    }

    /// The letters of bytes whose count need not be a multiple of three; no padding.
    static func standardLetters(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                result.append(alphabet[buffer >> bits & 63])
            }
        }
        return result
    }
}
