import Foundation
import Testing

/// A kind of value that makes a careless rewriter's work grow faster than the value.
struct HostileInput: Sendable, CustomTestStringConvertible {
    let name: String
    private let make: @Sendable (Int) -> [UInt8]

    var testDescription: String { name }

    /// A value of about `size` bytes.
    func value(size: Int) -> [UInt8] { make(size) }

    /// The same text again and again, after a beginning.
    static func repeating(_ name: String, _ unit: String, after start: String = "") -> Self {
        .init(name: name) { size in
            let unit = Array(unit.utf8)
            var value = Array(start.utf8)
            value.reserveCapacity(size + unit.count)
            while value.count < size { value += unit }
            return value
        }
    }

    /// Openings, as many as fit in half of the size, a middle, and their closings.
    static func nested(
        _ name: String, _ opening: String, _ middle: String, _ closing: String
    ) -> Self {
        .init(name: name) { size in
            let count = max(
                1, (size - middle.utf8.count) / (opening.utf8.count + closing.utf8.count))
            return Array(repeatElement(Array(opening.utf8), count: count).joined())
                + Array(middle.utf8)
                + Array(repeatElement(Array(closing.utf8), count: count).joined())
        }
    }

    /// A kernel wrapped until it is as large as wanted.
    static func wrapped(
        _ name: String, _ kernel: String, _ wrap: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> Self {
        .init(name: name) { size in
            var value = Array(kernel.utf8)
            while true {
                let next = wrap(value)
                guard next.count <= size else { break }
                value = next
            }
            // The rest is filled by more of the same, so that sizes can be compared.
            var result = value
            while result.count + value.count + 1 <= size { result += [0x20] + value }
            return result + Array(repeating: 0x20, count: max(0, size - result.count))
        }
    }

    /// One wrap after the other a fixed number of times around much text.
    static func deep(
        _ name: String, levels: Int, around unit: String,
        _ wrap: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> Self {
        .init(name: name) { size in
            var count = size
            // Wrapping makes text longer: look for how much of it comes to the size.
            while true {
                let units = max(1, count / unit.utf8.count)
                var value = Array(repeatElement(Array(unit.utf8), count: units).joined())
                for _ in 0..<levels where value.count <= 2 * size { value = wrap(value) }
                if value.count <= size + size / 8 || units == 1 { return value }
                count = max(1, min(count - 1, count * size / value.count))
            }
        }
    }

    static func serialized(_ text: [UInt8]) -> [UInt8] {
        Array("a:1:{i:0;s:\(text.count):\"".utf8) + text + Array("\";}".utf8)
    }

    static func json(_ text: [UInt8]) -> [UInt8] {
        Array("{\"a\":\"".utf8) + backslashed(text) + Array("\"}".utf8)
    }

    static func backslashed(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] }
    }

    static func percent(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { byte -> [UInt8] in
            [0x22, 0x25, 0x3A, 0x2F, 0x7B, 0x7D].contains(byte)
                ? [0x25] + Array(String(byte, radix: 16, uppercase: true).utf8) : [byte]
        }
    }

    static func entities(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { byte -> [UInt8] in
            byte == 0x22 ? Array("&quot;".utf8) : byte == 0x26 ? Array("&amp;".utf8) : [byte]
        }
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        Array(Data(bytes).base64EncodedString().utf8)
    }
}

extension HostileInput {
    private static let url = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"

    /// All inputs; each has a name for the reports.
    static let all: [HostileInput] =
        anchorsAndHosts + escapes + serializedValues + jsonValues + markup + base64Values + layers

    private static let anchorsAndHosts: [HostileInput] = [
        .repeating("anchors without a path", "/wp-content/uploads/"),
        .repeating("anchors of many hosts", "https://a.test/wp-content/uploads/2024/05/IMG_1.jpg "),
        .init(name: "anchors of hosts that all differ") { size in
            var value: [UInt8] = []
            var number = 0
            while value.count < size {
                number += 1
                value += Array("https://h\(number).test/wp-content/uploads/2024/05/IMG_1.jpg ".utf8)
            }
            return value
        },
        .repeating("references without a space", url),
        .repeating("references with commas", url + ","),
        .repeating("near misses of a name", "/wp-content/uploads/2024/05/IMG_1.jpgx "),
        .repeating("near misses of a size", "/wp-content/uploads/2024/05/IMG_1-300x20.jpg "),
        .repeating("one path that goes on", "-300x200", after: "/wp-content/uploads/2024/05/IMG_1"),
        .repeating("one host that goes on", "a.", after: "https://"),
        .repeating("slashes behind an anchor", "/", after: "/wp-content/uploads"),
        .repeating("dot segments", "./", after: "/wp-content/uploads/"),
        .repeating("parent segments", "../"),
        .repeating("parent segments with spaces", "../ ../../"),
        .repeating("proxies in proxies", "https://i0.wp.com/"),
    ]

    private static let escapes: [HostileInput] = [
        .repeating("backslashes", "\\"),
        .repeating("backslashes and quotes", "\\\\\\\""),
        .repeating("escaped anchors", #"\\\/wp-content\\\/uploads\\\/"#),
        .repeating("percent signs", "%25"),
        .repeating("percent signs of percent signs", "%252525252F"),
        .repeating("percent-encoded anchors", "%2Fwp-content%2Fuploads%2F"),
        .repeating(
            "percent-encoded path that goes on", "%2E", after: "/wp-content/uploads/2024/05/"),
        .repeating("entities of ampersands", "&amp;"),
        .repeating("unfinished entities", "&#x"),
        .repeating("entities with many zeros", "0", after: "/wp-content/uploads/&#x"),
        .repeating("entities for slashes", "&#x2f;", after: "/wp-content/uploads"),
        .repeating("Unicode escapes", #"\u002f"#),
        .repeating("Unicode escapes of backslashes", #"\u005c"#),
        .repeating("half surrogates", #"\ud83d"#, after: #"{"a":""#),
        .repeating("NUL bytes", "\0"),
        .repeating("two-byte characters", "é", after: "/wp-content/uploads/2024/05/"),
    ]

    private static let serializedValues: [HostileInput] = [
        .nested("nested arrays", "a:1:{i:0;", "N;", "}"),
        .nested("nested arrays around a reference", "a:1:{i:0;", "s:56:\"\(url)\";", "}"),
        .repeating("arrays that are never closed", "a:1:{i:0;"),
        .repeating("arrays with a huge count", "i:0;s:56:\"\(url)\";", after: "a:999999999:{"),
        .repeating("strings with huge lengths", "s:99999999:\"\(url) "),
        .repeating("escaped strings with huge lengths", "s:99999999:\\\"\(url) "),
        .repeating("unfinished strings", "s:9:\""),
        .repeating("serialized strings in text", "x s:56:\"\(url)\"; "),
        .repeating("objects that are never closed", #"O:8:"stdClass":1:{s:1:"a";"#),
        .repeating("custom payloads", "C:3:\"Foo\":56:{\(url)}"),
        .repeating("digits of a length", "9", after: "s:"),
        .init(name: "keys that are references") { size in
            let pair = "s:56:\"\(url)\";i:1;"
            let count = max(1, size / pair.utf8.count)
            return Array("a:\(count):{\(String(repeating: pair, count: count))}".utf8)
        },
        .init(name: "references in one array") { size in
            let pair = "i:7;s:56:\"\(url)\";"
            let count = max(1, size / pair.utf8.count)
            return Array("a:\(count):{\(String(repeating: pair, count: count))}".utf8)
        },
    ]

    private static let jsonValues: [HostileInput] = [
        .nested("nested JSON arrays", "[", "\"\(url)\"", "]"),
        .nested("nested JSON objects", "{\"a\":", "\"\(url)\"", "}"),
        .repeating("JSON arrays that are never closed", "["),
        .repeating("JSON objects that are never closed", "{\"\(url)\":"),
        .repeating("JSON strings that are never closed", "{\"a\":\"\(url) "),
        .repeating("JSON after JSON", "{\"a\":\"\(url)\"} "),
        .init(name: "keys of one JSON object") { size in
            let pair = "\"\(url)\":1,"
            return Array(
                "{\(String(repeating: pair, count: max(1, size / pair.utf8.count)))\"z\":1}".utf8)
        },
        .init(name: "a JSON document that breaks at its end") { size in
            let item = "\"\(url)\","
            return Array(
                "[\(String(repeating: item, count: max(1, size / item.utf8.count)))x]".utf8)
        },
    ]

    private static let markup: [HostileInput] = [
        .repeating("block openings", "<!-- wp:x {\"a\":"),
        .repeating("block openings with a string", "<!-- wp:x {\"a\":\""),
        .repeating("block openings with an array", "<!-- wp:x {\"a\":[{\"b\":\"\(url)\"}] "),
        .repeating("block openings with spaces", "<!--  wp:x   {   "),
        .repeating("spaces in a block opening", " ", after: "<!-- wp:x"),
        .repeating("blocks that end wrongly", "<!-- wp:x {\"u\":\"\(url)\"} -- "),
        .repeating("blocks in blocks", #"<!-- wp:x {"u":"<!-- wp:x {\"u\":\"\#(url)\"} -->"} -->"#),
        .repeating("candidates of one srcset", "\(url) 300w, ", after: "<img srcset=\""),
        .repeating("openings of CSS functions", "url("),
        .repeating("CSS functions that are never closed", "url(\(url) "),
        .repeating("shortcode openings", "[vc_raw_html]"),
        .repeating("quotes in quotes", "\"'\"'\(url)"),
        .repeating("tags that are never closed", "<img src=\"\(url) "),
        .repeating("openings of data URIs", "data:image/png;"),
        .repeating("quoted data URIs", "\"data:image/png;base64,\(url) "),
        .repeating("data URIs that are never closed", "\"data:image/svg+xml,"),
    ]

    private static let base64Values: [HostileInput] = [
        .repeating("base64 without an end", "d3AtY29udGVudC91cGxvYWRz"),
        .repeating("base64 letters that are none", "dXBsb2Fkc+_"),
        .repeating("base64 at odd places", "dXBsb2Fkc"),
        .repeating("base64 of references", base64Text(url) + " "),
        .repeating("base64 with percent signs", "dXBsb2Fkcw%3D%3D"),
        .repeating("base64 with padding inside", "dXBsb2Fkcw==dXBsb2Fkcw=="),
        .repeating("base64 with line breaks", "d3AtY29udGVudC91cGxvYWRz\r\n"),
        .wrapped("base64 in base64", url, base64),
        .wrapped("base64 in base64 that names the folder", "uploadscontent") { inner in
            // Nothing but letters of base64, in whole groups, so that each level is base64 as well.
            var text = inner + Array("uploadscontent".utf8)
            while !text.count.isMultiple(of: 12) { text.append(UInt8(ascii: "x")) }
            return base64(text)
        },
        .wrapped(
            "base64 beside its folder", url,
            {
                base64(Array("/wp-content/uploads/ ".utf8) + $0)
            }),
        .wrapped(
            "base64 in broken serialized text", url,
            {
                base64(Array("a:1:{i:0;s:9:\"/wp-content/uploads/ ".utf8) + $0)
            }),
    ]

    private static let layers: [HostileInput] = [
        .deep("serialized in serialized", levels: 60, around: url + " ", serialized),
        .deep("JSON in JSON", levels: 6, around: "/wp-content/uploads/2024/05/IMG_1.jpg ", json),
        .deep(
            "JSON in serialized in JSON", levels: 6, around: url + " ", { json(serialized($0)) }),
        .deep("percent in percent", levels: 6, around: url + " ", percent),
        .deep("serialized in percent", levels: 6, around: url + " ", { percent(serialized($0)) }),
        .deep("JSON in entities", levels: 6, around: url + " ", { entities(json($0)) }),
        .deep(
            "serialized with backslashes", levels: 6, around: url + " ",
            { backslashed(serialized($0)) }),
        .deep("broken serialized in serialized", levels: 60, around: "s:9:\"\(url) ", serialized),
        .deep("broken JSON in JSON", levels: 6, around: "{\"\(url)\" ", json),
        .deep(
            "JSON in blocks", levels: 6, around: url + " ",
            {
                Array("<!-- wp:x ".utf8) + json($0) + Array(" -->".utf8)
            }),
        .deep(
            "serialized in base64 in JSON", levels: 6, around: url + " ",
            { json(base64(serialized($0))) }),
    ]

    private static func base64Text(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }
}
