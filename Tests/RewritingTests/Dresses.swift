import Foundation
import TestSupport

/// References in every dress that a database may hold, made at random.
struct Dresses {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    private static let filler = [
        "", " ", "x", "ab", "The boats leave. ", "<p>Text</p>\n", "é", "100% & more", "a\\b",
        "\"q\"",
    ]

    /// A value that holds the path, somehow.
    mutating func value(path: String) -> [UInt8] {
        var text = Bool.random(using: &random) ? bare(path) : prose(path)
        for _ in 0..<Int.random(in: 0...3, using: &random) { text = container(text) }
        return Array(text.utf8)
    }

    private mutating func bare(_ path: String) -> String { dressed(path) }

    private mutating func prose(_ path: String) -> String {
        let reference = dressed(
            pick(["https://example.com", "//example.com", "", "http://www.example.com"])
                + "/wp-content/uploads/" + path)
        return pick(Self.filler)
            + pick([
                reference, "<img src=\"\(reference)\">", "url(\(reference))",
                "\(reference) 300w, x",
                "<!-- wp:image {\"url\":\"\(reference)\"} -->",
            ]) + pick(Self.filler)
    }

    // MARK: Characters

    /// Text whose special characters are escaped in one way, or one letter or digit of its name.
    private mutating func dressed(_ text: String) -> String {
        let isUnreserved: (UInt8) -> Bool = {
            (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 || (0x30...0x39).contains($0)
                || "-._~".utf8.contains($0)
        }
        let isWord: (UInt8) -> Bool = { isUnreserved($0) && !"-._~".utf8.contains($0) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return percent(text, keeping: isUnreserved, "%", uppercase: true)
        case 1: return percent(text, keeping: isUnreserved, "%", uppercase: false)
        case 2: return percent(text, keeping: isUnreserved, "%25", uppercase: true)
        case 3: return percent(text, keeping: isWord, "%", uppercase: true)
        case 4:
            return percent(text, keeping: { isUnreserved($0) || $0 == 0x2F }, "%", uppercase: true)
        case 5: return text.replacingOccurrences(of: "/", with: "\\/")
        case 6: return text.replacingOccurrences(of: "/", with: "\\\\\\/")
        case 7: return unicodeEscapes(text, keeping: isWord)
        case 8: return entities(text, keeping: isWord) { "&#\($0);" }
        case 9: return entities(text, keeping: isWord) { "&amp;#x\(String($0, radix: 16));" }
        case 10: return withEscapedLetter(text)
        default: return text
        }
    }

    /// One character of the file name, before its extension, in a dress that nobody has to wear.
    private mutating func withEscapedLetter(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let start = (bytes.lastIndex(of: 0x2F) ?? -1) + 1
        let end = bytes.lastIndex(of: 0x2E) ?? bytes.count
        let letters = (start..<end).filter { bytes[$0] < 0x80 && bytes[$0] != 0x20 }
        guard !letters.isEmpty else { return text }
        let position = pick(letters)
        let byte = bytes[position]
        let digits = String(byte, radix: 16)
        let form = pick([
            "%\(digits)", "%25\(digits)", "\\u00\(digits)", "&#\(byte);", "&#x\(digits);",
            "&amp;#\(byte);", "&#0\(byte);", "&#X\(digits.uppercased());", "\\\\u00\(digits)",
            "&#37;\(digits)", "%26%23\(byte)%3B", "%26%23\(byte);", "&amp;amp;#\(byte);",
            "\\u0025\(digits)", "\\u0026#\(byte);", "%5Cu00\(digits)", "&percnt;\(digits)",
            "\\u0026\\u0023\(byte)\\u003b", "&#x26;#\(byte);", "&#92;u00\(digits)",
        ])
        bytes.replaceSubrange(position...position, with: Array(form.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func percent(
        _ text: String, keeping: (UInt8) -> Bool, _ sign: String, uppercase: Bool
    ) -> String {
        text.utf8.map { byte in
            keeping(byte)
                ? String(UnicodeScalar(byte))
                : sign + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: uppercase)
        }.joined()
    }

    private func unicodeEscapes(_ text: String, keeping: (UInt8) -> Bool) -> String {
        text.utf16.map { unit in
            unit < 0x80 && keeping(UInt8(unit))
                ? String(UnicodeScalar(UInt8(unit)))
                : "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count)
                    + String(unit, radix: 16)
        }.joined()
    }

    private func entities(
        _ text: String, keeping: (UInt8) -> Bool, _ form: (UInt32) -> String
    ) -> String {
        text.unicodeScalars.map {
            $0.value < 0x80 && keeping(UInt8($0.value)) ? String($0) : form($0.value)
        }.joined()
    }

    // MARK: Containers

    private mutating func container(_ text: String) -> String {
        switch Int.random(in: 0..<11, using: &random) {
        case 0: return "a:1:{i:0;\(s(text))}"
        case 1: return "a:2:{\(s("k"))\(s(text))\(s(text))b:1;}"
        case 2: return "{\"a\":\"\(json(text))\"}"
        case 3: return "[\"\(json(text).replacingOccurrences(of: "/", with: "\\/"))\",1]"
        case 4: return "<!-- wp:x {\"v\":\"\(json(text))\"} /-->"
        case 5: return base64(text)
        case 6: return pick(Self.filler) + base64(text) + " "
        case 7: return base64(pick(["a", "ab", "abc", "{\"k\":\""]) + text)
        case 8:
            return percent(
                base64(text), keeping: { !"+/=".utf8.contains($0) }, "%", uppercase: true)
        case 9: return "a:1:{i:0;s:\(text.utf8.count + 1):\"\(text)\";}"
        default:
            return percent(
                "{\"a\":\"\(json(text))\"}",
                keeping: {
                    (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 || (0x30...0x39).contains($0)
                },
                "%", uppercase: true)
        }
    }

    private func json(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\")
            .replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(
                of: "\n", with: "\\n")
    }

    private mutating func base64(_ text: String) -> String {
        let data = Data(text.utf8)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return data.base64EncodedString(options: [.lineLength76Characters])
        case 1:
            return data.base64EncodedString(
                options: [.lineLength64Characters, .endLineWithLineFeed])
        case 2:
            return data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        default: return data.base64EncodedString()
        }
    }
}
