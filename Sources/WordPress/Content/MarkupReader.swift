/// An attribute of a tag, as offsets into the content.
struct MarkupAttribute {
    /// The name.
    var name: Range<Int>
    /// What stands between the quotes, or without quotes; nil where there is no `=`.
    var value: Range<Int>?
    /// Whether the value is in quotes.
    var isQuoted = false

    /// Behind the attribute.
    var end: Int { value.map { isQuoted ? $0.upperBound + 1 : $0.upperBound } ?? name.upperBound }
}

/// A start tag, as offsets into the content.
struct MarkupTag {
    /// The name.
    var name: Range<Int>
    /// The attributes; of two with one name, the first counts.
    var attributes: [MarkupAttribute] = []

    /// Behind the last attribute, or behind the name.
    var attributesEnd: Int { attributes.last?.end ?? name.upperBound }
}

/// Reads start tags and comments of a content as the tokenizer of the HTML standard does.
///
/// What scripts, styles, form texts and comments contain is no tag.
struct MarkupReader {
    /// A part of the content.
    enum Piece {
        /// What stands between `<!--` and `-->`.
        case comment(Range<Int>)
        /// A start tag.
        case tag(MarkupTag)
    }

    private let bytes: [UInt8]
    private var position = 0
    /// Otherwise many openings without an end would cost the square.
    private var lacksSectionEnd = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next part; nil at the end, and where what begins does not end.
    ///
    /// - Complexity: linear in the content, over all calls.
    mutating func next() -> Piece? {
        while let start = index(of: "<", from: position) {
            switch byte(start + 1) {
            case UInt8(ascii: "!"):
                if let comment = comment(at: start) { return .comment(comment) }
            case UInt8(ascii: "?"): skipThroughBracket(from: start + 2)
            case UInt8(ascii: "/"): readEndTag(at: start)
            case let letter where Self.isLetter(letter):
                guard let tag = tag(nameAt: start + 1) else {
                    position = bytes.count
                    return nil
                }
                skipRawText(of: tag.name)
                return .tag(tag)
            default: position = start + 1
            }
        }
        return nil
    }

    // MARK: Comments

    private mutating func comment(at start: Int) -> Range<Int>? {
        guard holds("<!--", at: start) else {
            // A section of character data is a broken comment in HTML; WordPress reads to its end.
            if holds("<![CDATA[", at: start), !lacksSectionEnd {
                if let end = index(of: "]]>", from: start + 9) {
                    position = end + 3
                    return nil
                }
                lacksSectionEnd = true
            }
            skipThroughBracket(from: start + 2)
            return nil
        }
        let body = start + 4
        for short: StaticString in [">", "->"] where holds(short, at: body) {
            position = body + short.utf8CodeUnitCount
            return nil
        }
        var dashes = body
        while let found = index(of: "--", from: dashes) {
            for end: StaticString in ["-->", "--!>"] where holds(end, at: found) {
                position = found + end.utf8CodeUnitCount
                return body..<found
            }
            dashes = found + 1
        }
        position = bytes.count
        return nil
    }

    private mutating func skipThroughBracket(from start: Int) {
        position = index(of: ">", from: start).map { $0 + 1 } ?? bytes.count
    }

    // MARK: Tags

    private mutating func readEndTag(at start: Int) {
        if Self.isLetter(byte(start + 2)) {
            if tag(nameAt: start + 2) == nil { position = bytes.count }
        } else {
            skipThroughBracket(from: start + 2)
        }
    }

    /// Reads a tag from its name on, and goes behind it; nil where it does not end.
    private mutating func tag(nameAt start: Int) -> MarkupTag? {
        var end = start
        while !Self.endsName(byte(end)) { end += 1 }
        var tag = MarkupTag(name: start..<end)
        position = end
        while true {
            while Self.isSpace(byte(position)) || byte(position) == UInt8(ascii: "/") {
                position += 1
            }
            guard let next = byte(position) else { return nil }
            if next == UInt8(ascii: ">") {
                position += 1
                return tag
            }
            guard let attribute = attribute() else { return nil }
            tag.attributes.append(attribute)
        }
    }

    private mutating func attribute() -> MarkupAttribute? {
        let start = position
        // A `=` at the beginning belongs to the name.
        position += 1
        while !Self.endsName(byte(position)), byte(position) != UInt8(ascii: "=") { position += 1 }
        var attribute = MarkupAttribute(name: start..<position)
        skipSpaces()
        guard byte(position) == UInt8(ascii: "=") else { return attribute }
        position += 1
        skipSpaces()
        guard let first = byte(position) else { return nil }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            let value = position + 1
            position = value
            while let next = byte(position), next != first { position += 1 }
            guard byte(position) != nil else { return nil }
            attribute.value = value..<position
            attribute.isQuoted = true
            position += 1
        } else {
            let value = position
            while let next = byte(position), !Self.isSpace(next), next != UInt8(ascii: ">") {
                position += 1
            }
            attribute.value = value..<position
        }
        return attribute
    }

    // MARK: Text that is not markup

    private static let rawTexts: [StaticString] = [
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
    ]

    private mutating func skipRawText(of name: Range<Int>) {
        let isNamed = { [self] (text: StaticString) in
            name.count == text.utf8CodeUnitCount && holds(text, at: name.lowerBound)
        }
        if isNamed("plaintext") { position = bytes.count }
        guard let text = Self.rawTexts.first(where: isNamed) else { return }
        let isScript = isNamed("script")
        // In a script, `<!--` and `<script` make the next `</script` a part of it.
        var isEscaped = false
        var isNested = false
        while position < bytes.count {
            if isEscaped, holds("-->", at: position) {
                (isEscaped, isNested) = (false, false)
                position += 3
            } else if byte(position) != UInt8(ascii: "<") {
                position += 1
            } else if isScript, !isEscaped, holds("<!--", at: position) {
                isEscaped = true
                // Its dashes can be those of its end.
                position += 2
            } else if isEscaped, !isNested, opens(text, at: position + 1) {
                isNested = true
                position += 1
            } else if byte(position + 1) == UInt8(ascii: "/"), opens(text, at: position + 2) {
                if !isNested { return }
                isNested = false
                position += 1
            } else {
                position += 1
            }
        }
    }

    private func opens(_ name: StaticString, at start: Int) -> Bool {
        guard let next = byte(start + name.utf8CodeUnitCount) else { return false }
        return holds(name, at: start) && Self.endsName(next)
    }

    // MARK: Bytes

    private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpaces() {
        while Self.isSpace(byte(position)) { position += 1 }
    }

    /// Whether a text stands at a place, letters of either case.
    private func holds(_ text: StaticString, at start: Int) -> Bool {
        bytes.holds(text, at: start)
    }

    private func index(of text: StaticString, from start: Int) -> Int? {
        guard let first = text.description.utf8.first else { return nil }
        var position = start
        while position < bytes.count {
            if bytes[position] == first, holds(text, at: position) { return position }
            position += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8?) -> Bool {
        byte.map { (0x61...0x7A).contains($0 | 0x20) } ?? false
    }

    static func isSpace(_ byte: UInt8?) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0C, 0x0D: true
        default: false
        }
    }

    /// Whether a name ends here, or the content.
    private static func endsName(_ byte: UInt8?) -> Bool {
        byte == nil || isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }
}

extension [UInt8] {
    /// Whether an ASCII text stands at a place, letters of either case.
    func holds(_ text: StaticString, at start: Int) -> Bool {
        guard start + text.utf8CodeUnitCount <= count else { return false }
        var position = start
        for unit in text.description.utf8 {
            let byte = self[position]
            let lowered = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            let wanted = (0x41...0x5A).contains(unit) ? unit | 0x20 : unit
            guard lowered == wanted else { return false }
            position += 1
        }
        return true
    }
}
