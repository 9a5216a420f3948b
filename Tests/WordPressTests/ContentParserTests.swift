import Foundation
import Model
import Testing
import WordPress

/// Another parser reads the same tags, with other text alternatives where they are to follow.
@Suite("Text alternatives in contents, as another parser sees them") struct ContentParserTests {
    /// Compares the start tags of contents before and after, by Python's parser.
    private static let judge = #"""
        import json, sys
        from html.parser import HTMLParser
        class Tags(HTMLParser):
            def __init__(self, text):
                super().__init__(); self.tags = []; self.feed(text); self.close()
            def handle_starttag(self, tag, attributes):
                first = {}
                for name, value in attributes:
                    first.setdefault(name, value or "")
                self.tags.append((tag, first))
        followed = wrong = 0
        for before, after in json.load(sys.stdin):
            tags = Tags(before).tags
            for tag, attributes in tags:
                ids = {c for c in attributes.get("class", "").split() if c[:9] == "wp-image-"}
                if tag == "img" and ids == {"wp-image-5"} and attributes.get("alt", "") in ("", "old & \"alt\""):
                    attributes["alt"] = "new 'alt' & <b> \"x\""
                    followed += 1
            if tags != Tags(after).tags:
                wrong += 1
                print("WRONG", repr(before), repr(after), file=sys.stderr)
        print(followed, wrong)
        """#

    @Test("the same tags, only these attributes changed", arguments: [11, 12, 13] as [UInt64])
    func sameTags(_ seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        func pick(_ values: [String]) -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return values[Int((state >> 33) % UInt64(values.count))]
        }
        let attributes = [
            "class=\"wp-image-5\"", "class='a  wp-image-5\n'", "CLASS=wp-image-5", "alt=\"\"",
            "alt=''", "alt", "alt=\"old &amp; &quot;alt&quot;\"", "alt='old & \"alt\"'",
            "alt=\"mine\"", "alt=mine", "src=\"a>b\"", "title='<img class=\"wp-image-5\">'",
            "class=\"wp-image-6\"", "class=\"wp-image-5 wp-image-6\"", "data-x", "ALT = \"\"",
            "é=\"日本 😀\"",
        ]
        let others = [
            "text ", "&lt;img class=\"wp-image-5\"&gt;", "<!-- <img class=\"wp-image-5\"> -->",
            "<script>'<img class=\"wp-image-5\">'</script>", "<p title=\"a > b\">", "</p>",
            "<style><img class=\"wp-image-5\"></style>", "<!-- wp:image {\"id\":5} -->", "<br/>",
            "<a href='?a=1&b=2'>x</a>", "日本",
        ]
        let alternatives = ContentAlternatives([
            AttachmentID(5): ContentAlternatives.Change(
                old: Array("old & \"alt\"".utf8), new: Array("new 'alt' & <b> \"x\"".utf8))
        ])
        var pairs: [[String]] = []
        for _ in 0..<2_000 {
            var content = ""
            for _ in 0..<6 {
                content += pick(others) + pick(["<img ", "<IMG\n", "<image "])
                for _ in 0..<3 { content += pick(attributes) + pick([" ", "\n\t"]) }
                content += pick([">", "/>", " />"])
            }
            let bytes = Array(content.utf8)
            let after = alternatives.edits(in: bytes).splices.applied(to: bytes)
            pairs.append([content, String(decoding: after, as: UTF8.self)])
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "contents-\(UUID().uuidString).json")
        try JSONEncoder().encode(pairs).write(to: file)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        let python = Process()
        let output = Pipe()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = ["-c", Self.judge]
        python.standardInput = try FileHandle(forReadingFrom: file)
        python.standardOutput = output
        try python.run()
        let answer = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        python.waitUntilExit()
        let numbers = answer.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(numbers.count == 2 && numbers[0] > 1_000 && numbers[1] == 0, "\(answer)")
    }
}
