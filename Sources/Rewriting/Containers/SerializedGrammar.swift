/// PHP's serialize() grammar, as `unserialize` accepts it.
///
/// Walks a value without building it and without recursion, so nesting costs no stack.
struct SerializedGrammar {
    /// What a walk comes across.
    enum Event {
        /// A string: the digits of its length, its content, whether it is written with hexadecimal
        /// escapes (`S:`), and what it is there.
        case string(length: Range<Int>, content: Range<Int>, isEscaped: Bool, Position)
        /// The payload of a `C:` object.
        case payload(Range<Int>)
        /// An array begins; its strings follow.
        case beginArray
        /// An array or object is complete.
        case end
        /// An object begins.
        case beginObject
    }

    /// Where a string stands.
    enum Position: Hashable {
        case value
        case arrayKey
        case propertyName
    }

    private struct Frame {
        var isArray: Bool
        /// Keys and values still to come.
        var remaining: Int
    }

    /// Whether bytes say that they are a serialized container or string.
    ///
    /// Scalars such as `b:0;` hold nothing and are left to be text.
    static func isClaimed(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let range = trimmed(bytes, range)
        guard range.count >= 4 else { return false }
        let kind = bytes[range.lowerBound]
        guard [0x61, 0x4F, 0x73, 0x53, 0x43, 0x45].contains(kind),
            bytes[range.lowerBound + 1] == UInt8(ascii: ":")
        else { return false }
        var position = range.lowerBound + 2
        let digits = position
        while position < range.upperBound, isDigit(bytes[position]) { position += 1 }
        guard position > digits, position + 1 < range.upperBound,
            bytes[position] == UInt8(ascii: ":")
        else { return false }
        // Slashed, entity-encoded and otherwise dressed quotes are claims as well.
        return kind == UInt8(ascii: "a")
            ? bytes[position + 1] == UInt8(ascii: "{")
            : [0x22, 0x5C, 0x26].contains(bytes[position + 1])
    }

    /// The range without the white space that WordPress trims before it unserializes.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        // PHP's trim(): a form feed is no white space to it.
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D, 0x00, 0x0B].contains($0) }
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Walks a value.
    ///
    /// - Returns: whether the bytes are one complete value, with nothing but white space around it.
    ///   Events of a value that turns out not to be are to be forgotten.
    /// - Complexity: O(tokens): strings are skipped by their length.
    static func walk(
        _ bytes: [UInt8], _ range: Range<Int>, _ body: (Event) -> Void
    ) -> Bool {
        var walker = Walker(bytes: bytes, range: trimmed(bytes, range))
        return walker.run(body)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private struct Walker {
        let bytes: [UInt8]
        var position: Int
        let end: Int
        var frames: [Frame] = []
        /// What `r:` and `R:` count: every value that is no key, in order; true for an object.
        private var slots: [Bool] = []

        init(bytes: [UInt8], range: Range<Int>) {
            self.bytes = bytes
            position = range.lowerBound
            end = range.upperBound
        }

        mutating func run(_ body: (Event) -> Void) -> Bool {
            repeat {
                guard token(body) else { return false }
                while let frame = frames.last, frame.remaining == 0 {
                    guard take(UInt8(ascii: "}")) else { return false }
                    frames.removeLast()
                    body(.end)
                    complete()
                }
            } while !frames.isEmpty
            return position == end
        }

        /// Counts a finished value against the container it is in.
        private mutating func complete() {
            if !frames.isEmpty { frames[frames.count - 1].remaining -= 1 }
        }

        private var stringPosition: Position {
            guard let frame = frames.last, frame.remaining % 2 == 0 else { return .value }
            return frame.isArray ? .arrayKey : .propertyName
        }

        private mutating func token(_ body: (Event) -> Void) -> Bool {
            guard position + 1 < end else { return false }
            let kind = bytes[position]
            let isKey = stringPosition != .value
            if isKey, kind != 0x69, kind != 0x73, kind != 0x53 { return false }
            position += 1
            if !isKey, kind != UInt8(ascii: "R") {
                slots.append(kind == 0x4F || kind == 0x43 || kind == 0x45)
            }
            switch kind {
            case UInt8(ascii: "N"):
                guard take(UInt8(ascii: ";")) else { return false }
            case UInt8(ascii: "b"):
                guard take(UInt8(ascii: ":")), position < end,
                    bytes[position] == 0x30 || bytes[position] == 0x31
                else { return false }
                position += 1
                guard take(UInt8(ascii: ";")) else { return false }
            case UInt8(ascii: "i"):
                guard take(UInt8(ascii: ":")), takeInteger(), take(UInt8(ascii: ";")) else {
                    return false
                }
            case UInt8(ascii: "d"):
                guard take(UInt8(ascii: ":")), takeFloat(), take(UInt8(ascii: ";")) else {
                    return false
                }
            case UInt8(ascii: "r"), UInt8(ascii: "R"):
                guard take(UInt8(ascii: ":")), let number = takeNumber(), number.value > 0,
                    number.value <= slots.count, take(UInt8(ascii: ";"))
                else { return false }
                if kind == UInt8(ascii: "r") {
                    // The same object again: never itself, never anything but an object.
                    guard slots[number.value - 1] else { return false }
                    slots[slots.count - 1] = true
                }
            case UInt8(ascii: "s"), UInt8(ascii: "S"):
                return string(isEscaped: kind == UInt8(ascii: "S"), body)
            case UInt8(ascii: "a"):
                guard take(UInt8(ascii: ":")), let count = takeNumber(), take(UInt8(ascii: ":"))
                else { return false }
                return open(count.value, isArray: true, body)
            case UInt8(ascii: "O"):
                guard takeClassName(), take(UInt8(ascii: ":")), let count = takeNumber(),
                    take(UInt8(ascii: ":"))
                else { return false }
                return open(count.value, isArray: false, body)
            case UInt8(ascii: "C"): return customObject(body)
            case UInt8(ascii: "E"):
                guard takeClassName(allowing: UInt8(ascii: ":")), take(UInt8(ascii: ";")) else {
                    return false
                }
            default: return false
            }
            complete()
            return true
        }

        private mutating func open(
            _ count: Int, isArray: Bool, _ body: (Event) -> Void
        ) -> Bool {
            // A pair takes at least four bytes: a larger count cannot be true.
            guard take(UInt8(ascii: "{")), count <= (end - position) / 4 else { return false }
            frames.append(Frame(isArray: isArray, remaining: count * 2))
            body(isArray ? .beginArray : .beginObject)
            guard count == 0 else { return true }
            guard take(UInt8(ascii: "}")) else { return false }
            frames.removeLast()
            body(.end)
            complete()
            return true
        }

        private mutating func string(isEscaped: Bool, _ body: (Event) -> Void) -> Bool {
            let place = stringPosition
            guard take(UInt8(ascii: ":")), let length = takeNumber(), take(UInt8(ascii: ":")),
                take(UInt8(ascii: "\""))
            else { return false }
            let start = position
            if isEscaped {
                for _ in 0..<length.value {
                    guard position < end else { return false }
                    if bytes[position] == UInt8(ascii: "\\") {
                        guard position + 2 < end,
                            CharacterReader.digit(bytes[position + 1]) != nil,
                            CharacterReader.digit(bytes[position + 2]) != nil
                        else { return false }
                        position += 3
                    } else {
                        position += 1
                    }
                }
            } else {
                guard length.value <= end - position else { return false }
                position += length.value
            }
            let content = start..<position
            guard take(UInt8(ascii: "\"")), take(UInt8(ascii: ";")) else { return false }
            body(
                .string(
                    length: length.digits, content: content, isEscaped: isEscaped, place))
            complete()
            return true
        }

        private mutating func customObject(_ body: (Event) -> Void) -> Bool {
            guard takeClassName(), take(UInt8(ascii: ":")), let length = takeNumber(),
                take(UInt8(ascii: ":")), take(UInt8(ascii: "{")), length.value <= end - position
            else { return false }
            let payload = position..<(position + length.value)
            position += length.value
            guard take(UInt8(ascii: "}")) else { return false }
            body(.payload(payload))
            complete()
            return true
        }

        // MARK: Parts

        private mutating func take(_ byte: UInt8) -> Bool {
            guard position < end, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        /// Digits without a sign, as lengths and counts are written; leading zeros are accepted.
        private mutating func takeNumber() -> (value: Int, digits: Range<Int>)? {
            let start = position
            var value = 0
            while position < end, isDigit(bytes[position]) {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow, product < Int.max / 16 else { return nil }
                value = product + Int(bytes[position] - 0x30)
                position += 1
            }
            return position > start ? (value, start..<position) : nil
        }

        private mutating func takeInteger() -> Bool {
            if position < end, bytes[position] == 0x2B || bytes[position] == 0x2D { position += 1 }
            return takeDigits() > 0
        }

        private mutating func takeDigits() -> Int {
            let start = position
            while position < end, isDigit(bytes[position]) { position += 1 }
            return position - start
        }

        private mutating func takeFloat() -> Bool {
            for word in ["NAN", "INF", "-INF"] where bytes[position..<end].starts(with: word.utf8) {
                position += word.utf8.count
                return true
            }
            if position < end, bytes[position] == 0x2B || bytes[position] == 0x2D { position += 1 }
            var digits = takeDigits()
            if take(UInt8(ascii: ".")) { digits += takeDigits() }
            guard digits > 0 else { return false }
            guard position < end, bytes[position] | 0x20 == UInt8(ascii: "e") else { return true }
            position += 1
            return takeInteger()
        }

        /// `:N:"Name"`, with the name's length in bytes.
        private mutating func takeClassName(allowing extra: UInt8? = nil) -> Bool {
            guard take(UInt8(ascii: ":")), let length = takeNumber(), length.value > 0,
                take(UInt8(ascii: ":")), take(UInt8(ascii: "\"")), length.value <= end - position
            else { return false }
            let name = bytes[position..<(position + length.value)]
            let isValid = name.allSatisfy {
                isDigit($0) || (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 || $0 == 0x5F
                    || $0 == 0x5C || $0 >= 0x7F || $0 == extra
            }
            guard isValid, name.first != 0x5C else { return false }
            position += length.value
            return take(UInt8(ascii: "\""))
        }
    }
}
