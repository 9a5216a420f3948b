/// JSON's grammar, as PHP's json_decode accepts it (RFC 8259).
///
/// Walks a document without building it and without recursion.
enum JSONGrammar {
    /// Whether bytes begin as a JSON container or string would, so that text which merely begins
    /// with a bracket (`[gallery]`, `[text](url)`, `{{name}}`) is no claim.
    static func isClaimed(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var position = skipSpace(bytes, skipMark(bytes, range), range.upperBound)
        guard position < range.upperBound else { return false }
        let first = bytes[position]
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            // A lone string is JSON only if it ends as one too.
            return first == UInt8(ascii: "\"") && range.count > 1
                && bytes[range.upperBound - 1] == UInt8(ascii: "\"")
        }
        position = skipSpace(bytes, position + 1, range.upperBound)
        guard position < range.upperBound else { return false }
        switch bytes[position] {
        case UInt8(ascii: "\""): return true
        case UInt8(ascii: "}"): return first == UInt8(ascii: "{")
        case UInt8(ascii: "{"): return first == UInt8(ascii: "[")
        case UInt8(ascii: "["):
            // `[[shortcode]]` is an escaped shortcode.
            let next = skipSpace(bytes, position + 1, range.upperBound)
            return first == UInt8(ascii: "[") && next < range.upperBound
                && [0x22, 0x7B, 0x5B].contains(bytes[next])
        default: return false
        }
    }

    /// Whether bytes may be a JSON array whose first value is no string and no container: prose
    /// such as `[1] …` begins like that as well, so one that does not parse is text.
    static func isPossible(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var position = skipSpace(bytes, skipMark(bytes, range), range.upperBound)
        guard position < range.upperBound, bytes[position] == UInt8(ascii: "[") else {
            return false
        }
        position = skipSpace(bytes, position + 1, range.upperBound)
        guard position < range.upperBound else { return false }
        switch bytes[position] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "t"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "["), UInt8(ascii: "]"):
            return true
        default: return false
        }
    }

    /// Walks all documents of a range, which white space may separate.
    ///
    /// - Parameter body: is handed the content of each string, whether it has escapes, and whether
    ///   it is a key. Calls for a range that turns out not to be JSON are to be forgotten.
    /// - Returns: whether the whole range is JSON.
    static func walk(
        _ bytes: [UInt8], _ range: Range<Int>,
        _ body: (_ content: Range<Int>, _ hasEscapes: Bool, _ isKey: Bool) -> Void
    ) -> Bool {
        var position = skipMark(bytes, range)
        repeat {
            guard let end = document(bytes, position..<range.upperBound, body) else { return false }
            position = skipSpace(bytes, end, range.upperBound)
        } while position < range.upperBound
        return true
    }

    /// A string of a document.
    struct StringToken {
        var content: Range<Int>
        var hasEscapes: Bool
        var isKey: Bool
    }

    /// The strings of all documents of a range that have at least so many bytes; nil where the range
    /// is not JSON.
    static func strings(
        _ bytes: [UInt8], _ range: Range<Int>, atLeast shortest: Int
    ) -> [StringToken]? {
        var strings: [StringToken] = []
        let isJSON = walk(bytes, range) { content, hasEscapes, isKey in
            guard content.count >= shortest else { return }
            strings.append(StringToken(content: content, hasEscapes: hasEscapes, isKey: isKey))
        }
        return isJSON ? strings : nil
    }

    /// Walks one document at the beginning of a range.
    ///
    /// - Returns: where it ends; nil where there is none.
    static func document(
        _ bytes: [UInt8], _ range: Range<Int>,
        _ body: (_ content: Range<Int>, _ hasEscapes: Bool, _ isKey: Bool) -> Void
    ) -> Int? {
        var scanner = Scanner(bytes: bytes, position: range.lowerBound, end: range.upperBound)
        return scanner.run(body) ? scanner.position : nil
    }

    private static func skipMark(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        bytes[range].starts(with: [0xEF, 0xBB, 0xBF]) ? range.lowerBound + 3 : range.lowerBound
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func skipSpace(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var position = start
        while position < end, isSpace(bytes[position]) { position += 1 }
        return position
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position: Int
        let end: Int
        /// The open containers: true for an object.
        var open = BitStack()

        mutating func run(_ body: (Range<Int>, Bool, Bool) -> Void) -> Bool {
            while true {
                space()
                guard position < end else { return false }
                switch bytes[position] {
                case UInt8(ascii: "{"):
                    position += 1
                    open.append(true)
                    space()
                    if take(UInt8(ascii: "}")) { break }
                    guard key(body) else { return false }
                    continue
                case UInt8(ascii: "["):
                    position += 1
                    open.append(false)
                    space()
                    if take(UInt8(ascii: "]")) { break }
                    continue
                default:
                    guard scalar(body) else { return false }
                    guard !open.isEmpty else { return true }
                    guard let goesOn = next(body) else { return false }
                    if goesOn { continue }
                }
                // A container has been closed.
                open.removeLast()
                guard !open.isEmpty else { return true }
                while true {
                    guard let goesOn = next(body) else { return false }
                    if goesOn { break }
                    open.removeLast()
                    guard !open.isEmpty else { return true }
                }
            }
        }

        /// What follows a value in a container: true for another value, false for its end.
        private mutating func next(_ body: (Range<Int>, Bool, Bool) -> Void) -> Bool? {
            space()
            guard position < end, let isObject = open.last else { return nil }
            if take(UInt8(ascii: ",")) {
                space()
                guard isObject else { return true }
                return key(body) ? true : nil
            }
            return take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) ? false : nil
        }

        private mutating func key(_ body: (Range<Int>, Bool, Bool) -> Void) -> Bool {
            guard string(isKey: true, body) else { return false }
            space()
            return take(UInt8(ascii: ":"))
        }

        private mutating func scalar(_ body: (Range<Int>, Bool, Bool) -> Void) -> Bool {
            switch bytes[position] {
            case UInt8(ascii: "\""): return string(isKey: false, body)
            case UInt8(ascii: "t"): return word("true")
            case UInt8(ascii: "f"): return word("false")
            case UInt8(ascii: "n"): return word("null")
            default: return number()
            }
        }

        private mutating func string(
            isKey: Bool, _ body: (Range<Int>, Bool, Bool) -> Void
        ) -> Bool {
            guard take(UInt8(ascii: "\"")) else { return false }
            let start = position
            var hasEscapes = false
            while position < end {
                let byte = bytes[position]
                if byte == UInt8(ascii: "\"") {
                    body(start..<position, hasEscapes, isKey)
                    position += 1
                    return true
                }
                if byte == UInt8(ascii: "\\") {
                    hasEscapes = true
                    guard escape() else { return false }
                } else {
                    guard byte >= 0x20 else { return false }
                    position = StringScan.end(in: bytes, position + 1, end)
                }
            }
            return false
        }

        private mutating func escape() -> Bool {
            guard position + 1 < end else { return false }
            switch bytes[position + 1] {
            case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
                position += 2
                return true
            case UInt8(ascii: "u"):
                guard position + 5 < end,
                    bytes[(position + 2)..<(position + 6)].allSatisfy({
                        CharacterReader.digit($0) != nil
                    })
                else { return false }
                position += 6
                return true
            default: return false
            }
        }

        private mutating func number() -> Bool {
            _ = take(UInt8(ascii: "-"))
            if !take(UInt8(ascii: "0")), digits() == 0 { return false }
            if take(UInt8(ascii: ".")), digits() == 0 { return false }
            if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
                position += 1
                if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
                return digits() > 0
            }
            return true
        }

        private mutating func digits() -> Int {
            let start = position
            while position < end, (0x30...0x39).contains(bytes[position]) { position += 1 }
            return position - start
        }

        private mutating func word(_ text: String) -> Bool {
            guard bytes[position..<end].starts(with: text.utf8) else { return false }
            position += text.utf8.count
            return true
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard position < end, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        private mutating func space() {
            position = JSONGrammar.skipSpace(bytes, position, end)
        }
    }
}
