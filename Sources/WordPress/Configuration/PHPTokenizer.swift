/// A word of PHP source, as far as configuration files need it.
enum PHPToken: Hashable {
    /// A name: a function, a constant, a keyword.
    case name(String)
    /// `$name`.
    case variable(String)
    /// A quoted string without interpolation.
    case string(String)
    /// A quoted string with variables in it, or a heredoc: a value that only PHP can compute.
    case computedString
    /// A whole or floating-point number.
    case number(String)
    /// Any other character.
    case symbol(Character)
}

/// Cuts PHP source into words, without comments and without what stands outside of PHP.
struct PHPTokenizer {
    private let text: [UInt8]
    private var position = 0
    private(set) var line = 1

    init(_ contents: [UInt8]) { text = contents }

    /// All words with the lines they stand on.
    static func tokens(of contents: [UInt8]) -> [(token: PHPToken, line: Int)] {
        var tokenizer = PHPTokenizer(contents)
        var tokens: [(PHPToken, Int)] = []
        tokenizer.skipToCode()
        while let next = tokenizer.next() { tokens.append(next) }
        return tokens
    }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private func starts(with prefix: String) -> Bool {
        text[position...].starts(with: prefix.utf8)
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < text.count {
            if text[position] == 0x0A { line += 1 }
            position += 1
        }
    }

    private mutating func skipToCode() {
        while position < text.count, !starts(with: "<?") { advance() }
        advance(starts(with: "<?php") ? 5 : 2)
    }

    private mutating func next() -> (PHPToken, Int)? {
        skipBlanksAndComments()
        while starts(with: "?>") {
            skipToCode()
            skipBlanksAndComments()
        }
        guard let byte = current else { return nil }
        let start = line
        if starts(with: "<<<") { return (heredoc(), start) }
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return (quoted(byte), start)
        case UInt8(ascii: "$"):
            advance()
            return (.variable(word()), start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return (.number(word(allowing: UInt8(ascii: "."))), start)
        case _ where Self.isWord(byte) || byte == UInt8(ascii: "\\"):
            return (.name(word(allowing: UInt8(ascii: "\\"))), start)
        default:
            advance()
            return (.symbol(Character(Unicode.Scalar(byte))), start)
        }
    }

    private mutating func skipBlanksAndComments() {
        while let byte = current {
            if byte <= 0x20 {
                advance()
            } else if starts(with: "/*") {
                advance(2)
                while position < text.count, !starts(with: "*/") { advance() }
                advance(2)
            } else if starts(with: "//") || byte == UInt8(ascii: "#") && !starts(with: "#[") {
                while let byte = current, byte != 0x0A, !starts(with: "?>") {
                    _ = byte
                    advance()
                }
            } else {
                return
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private mutating func word(allowing extra: UInt8? = nil) -> String {
        let start = position
        while let byte = current, Self.isWord(byte) || byte == extra { advance() }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func quoted(_ quote: UInt8) -> PHPToken {
        advance()
        var bytes: [UInt8] = []
        var isComputed = false
        let isDouble = quote == UInt8(ascii: "\"")
        while let byte = current, byte != quote {
            if byte == UInt8(ascii: "\\") {
                advance()
                bytes += isDouble ? doubleQuotedEscape() : singleQuotedEscape()
                continue
            }
            if isDouble, byte == UInt8(ascii: "$"), position + 1 < text.count,
                Self.isWord(text[position + 1]) || text[position + 1] == UInt8(ascii: "{")
            {
                isComputed = true
            }
            bytes.append(byte)
            advance()
        }
        advance()
        return isComputed ? .computedString : .string(String(decoding: bytes, as: UTF8.self))
    }

    private mutating func singleQuotedEscape() -> [UInt8] {
        guard let byte = current else { return [] }
        advance()
        let isEscape = byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
        return isEscape ? [byte] : [UInt8(ascii: "\\"), byte]
    }

    private mutating func doubleQuotedEscape() -> [UInt8] {
        guard let byte = current else { return [] }
        advance()
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "\""): return [byte]
        case UInt8(ascii: "x"):
            let digits = text[position...].prefix(2).prefix {
                Character(Unicode.Scalar($0)).isHexDigit
            }
            guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return [UInt8(ascii: "\\"), byte]
            }
            advance(digits.count)
            return [value]
        default: return [UInt8(ascii: "\\"), byte]
        }
    }

    /// Skips `<<<NAME … NAME`, whatever it holds.
    private mutating func heredoc() -> PHPToken {
        advance(3)
        while let byte = current, byte == 0x20 || byte == 0x22 || byte == 0x27 { advance() }
        let name = Array(word().utf8)
        while position < text.count {
            while let byte = current, byte != 0x0A { advance() }
            advance()
            while let byte = current, byte == 0x20 || byte == 0x09 { advance() }
            if !name.isEmpty, text[position...].starts(with: name) {
                advance(name.count)
                return .computedString
            }
        }
        return .computedString
    }
}
