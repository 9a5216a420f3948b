import Foundation
import Model
import Rewriting
import Testing

/// The numbered cases that concern the rewriter and are not in the encoding table.
@Suite struct NumberedCaseTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var value: String
        var expected: String
        var testDescription: String { name }

        init(_ name: String, _ value: String, _ expected: String) {
            (self.name, self.value, self.expected) = (name, value, expected)
        }

        /// A value that must stay as it is.
        init(stays name: String, _ value: String) { self.init(name, value, value) }
    }

    private static let old = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
    private static let new = "https://example.com/wp-content/uploads/2024/05/red-bike.jpg"

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    /// An array of a value and a reference: the reference is rewritten exactly if the value parses.
    private static func beside(_ token: String, reads: Bool, _ name: String) -> Case {
        Case(
            name, "a:2:{i:0;\(token)i:1;\(s(old))}", "a:2:{i:0;\(token)i:1;\(s(reads ? new : old))}"
        )
    }

    static let tokens: [Case] = [
        beside("N;", reads: true, "P01 N;"),
        beside("N", reads: false, "P01 N without its end"),
        beside("b:0;", reads: true, "P02 false"),
        beside("b:1;", reads: true, "P02 true"),
        beside("b:2;", reads: false, "P02 b:2"),
        beside("b:true;", reads: false, "P02 b:true"),
        beside("B:1;", reads: false, "P02 B:1"),
        beside("i:+7;", reads: true, "P03 plus"),
        beside("i:-007;", reads: true, "P03 leading zeros"),
        beside("i:99999999999999999999999;", reads: true, "P03 beyond 64 bits"),
        beside("i:1.5;", reads: false, "P03 decimals"),
        beside("i: 1;", reads: false, "P03 space"),
        beside("d:0.1;", reads: true, "P04 0.1"),
        beside("d:.5;", reads: true, "P04 .5"),
        beside("d:5.;", reads: true, "P04 5."),
        beside("d:1e3;", reads: true, "P04 1e3"),
        beside("d:1E-3;", reads: true, "P04 1E-3"),
        beside("d:-0;", reads: true, "P04 P32 -0"),
        beside("d:1.0E+25;", reads: true, "P32 1.0E+25"),
        beside("d:NAN;", reads: true, "P04 NAN"),
        beside("d:-INF;", reads: true, "P04 -INF"),
        beside("d:nan;", reads: false, "P04 nan"),
        beside("d:+INF;", reads: false, "P04 +INF"),
        beside("d:.;", reads: false, "P04 only a point"),
        beside(s("é東😀"), reads: true, "P05 bytes, not characters"),
        beside("s:3:\"é東😀\";", reads: false, "P05 characters, not bytes"),
        beside(s("a\";b:0;s:5:\"\0\"x"), reads: true, "P06 quotes and NUL"),
        beside("s:1:'a';", reads: false, "P07 single quotes"),
        beside("s:+1:\"a\";", reads: false, "P07 sign"),
        beside("s:1:\"a\"", reads: false, "P07 no semicolon"),
        beside("s:001:\"a\";", reads: true, "P07 leading zeros"),
        beside(#"S:2:"\41b";"#, reads: true, "P08 S:"),
        beside(#"S:2:"\4xb";"#, reads: false, "P08 bad hexadecimal"),
        beside("a:1:{}", reads: false, "P09 count too high"),
        beside("a:0:{i:0;N;}", reads: false, "P09 count too low"),
        beside("a:-1:{}", reads: false, "P09 a:-1"),
        beside("a:+1:{i:0;N;}", reads: false, "P09 a:+1"),
        beside("a:9999999999999999999:{}", reads: false, "P09 G24 huge count"),
        beside("a:00001:{i:0;N;}", reads: true, "P09 leading zeros"),
        beside("a:1:{N;i:1;}", reads: false, "P10 null as key"),
        beside("a:1:{b:0;i:1;}", reads: false, "P10 bool as key"),
        beside("a:1:{d:1;i:1;}", reads: false, "P10 float as key"),
        beside("a:1:{a:0:{}i:1;}", reads: false, "P10 array as key"),
        beside("a:2:{s:1:\"1\";N;s:2:\"01\";N;}", reads: true, "P10 numeric strings as keys"),
        beside("O:0:\"\":0:{}", reads: false, "P12 no class name"),
        beside("O:7:\"\\Leader\":0:{}", reads: false, "P12 leading backslash"),
        beside("O:3:\"a-b\":0:{}", reads: false, "P12 invalid character"),
        beside("O:4:\"Foo\":0:{}", reads: false, "P12 wrong length"),
        beside("o:3:\"Foo\":0:{}", reads: false, "P12 lower case"),
        beside("O:8:\"STDCLASS\":0:{}", reads: true, "P14 case of a class name"),
        beside("O:5:\"A\\B\\C\":0:{}", reads: true, "P15 namespaces"),
        beside("O:3:\"Foo\":1:{i:5;N;}", reads: true, "P17 integer property"),
        beside("R:9;", reads: false, "P20 reference to nothing"),
        beside("R:0;", reads: false, "P20 reference to zero"),
        beside("r:1;", reads: false, "P20 r: to an array"),
        beside(#"C:3:"Foo":2:{ab}"#, reads: true, "G23 S18 P18 payload beside"),
        beside(#"C:3:"Foo":3:{ab}"#, reads: false, "P18 payload with a wrong length"),
    ]

    static let values: [Case] = [
        Case(
            "P11 S21 both of a duplicate key", "a:2:{i:0;\(s(old))i:0;\(s(old))}",
            "a:2:{i:0;\(s(new))i:0;\(s(new))}"),
        Case(
            "P08 S: keeps its form", "a:1:{i:0;S:56:\"\\68\(old.dropFirst())\";}",
            "a:1:{i:0;S:59:\"\\68\(new.dropFirst())\";}"),
        Case(
            "P28 incomplete class",
            "O:3:\"Foo\":2:{\(s("__PHP_Incomplete_Class_Name"))\(s("Foo"))\(s("u"))\(s(old))}",
            "O:3:\"Foo\":2:{\(s("__PHP_Incomplete_Class_Name"))\(s("Foo"))\(s("u"))\(s(new))}"),
        Case("P24 P29 white space around", " \n\(s(old))\n", " \n\(s(new))\n"),
        Case("P27 text behind a scalar", "b:0;x \(old)", "b:0;x \(new)"),
        Case(
            "P22 looks serialized, is not", "a:1:{i:0;\(s("s:8:\"a:0:{}  \";"))}",
            "a:1:{i:0;\(s("s:8:\"a:0:{}  \";"))}"),
        Case("P30 three layers", s(s(s(old))), s(s(s(new)))),
        Case("P33 line ends", "a:1:{i:0;\(s("a\r\n\(old)\n"))}", "a:1:{i:0;\(s("a\r\n\(new)\n"))}"),
        Case(
            "P34 slashed in JSON", #"["a:1:{i:0;s:58:\\\"\#(old)?x\\\";}"]"#,
            #"["a:1:{i:0;s:61:\\\"\#(new)?x\\\";}"]"#),
        Case(
            "G02 two values", "a:2:{i:0;\(s(old))i:1;\(s(old))}", "a:2:{i:0;\(s(new))i:1;\(s(new))}"
        ),
        Case(
            "G03 neighbours stay", "a:2:{i:0;\(s("x"))i:1;\(s(old))}",
            "a:2:{i:0;\(s("x"))i:1;\(s(new))}"),
        Case(
            stays: "G06 (differs) hyphenated neighbour", "/wp-content/uploads/2024/05/IMG_1-x.jpg"),
        Case("G07 CSS with line ends", s(".a{b:url(\(old))}\r\n"), s(".a{b:url(\(new))}\r\n")),
        Case("G09 text and its serialized part", "x \(old)", "x \(new)"),
        Case("G10 G11 escaped delimiters", s(#"\\\";\"; \#(old)"#), s(#"\\\";\"; \#(new)"#)),
        Case(
            stays: "G04 G16 (differs) a wrong length is not mended",
            "a:2:{i:0;s:9:\"\(old)\";i:1;\(s(old))}"),
        Case("G18 last line keeps its end", "\(old)\n", "\(new)\n"),
        Case("G19 decoy", s("s:5: ▼ \(old)"), s("s:5: ▼ \(new)")),
        Case("G22 prose with a decoy", "say s:5:\" and \(old)", "say s:5:\" and \(new)"),
        Case(stays: "G24 truncated escape", "a:1:{i:0;S:3:\"\\4"),
        Case(
            "S09 block without a target", #"<!-- wp:x {"a":"\u0022"} /-->"#,
            #"<!-- wp:x {"a":"\u0022"} /-->"#),
        Case("S08 (differs) a URL as key", "a:1:{\(s(old))\(s(old))}", "a:1:{\(s(new))\(s(new))}"),
        Case(stays: "S14 scalars", "a:4:{i:0;b:1;i:1;N;i:2;i:5;i:3;d:0.1;}"),
        Case(stays: "S16 property name", "O:8:\"stdClass\":1:{\(s(old))i:1;}"),
        Case("S25 query of an own URL", "<a href=\"/?u=\(old)\">", "<a href=\"/?u=\(new)\">"),
        Case(
            "S26 host case in a block comment",
            #"<!-- wp:x {"u":"HTTP://EXAMPLE.com/wp-content/uploads/2024/05/IMG_1.jpg"} /-->"#,
            #"<!-- wp:x {"u":"HTTP://EXAMPLE.com/wp-content/uploads/2024/05/red-bike.jpg"} /-->"#),
        Case(stays: "S28 malformed base64", base64(old).dropLast(3) + "!!"),
        Case(
            "J04 JSON keeps its digits",
            #"{ "a" : 12345678901234567890 , "b":1.0,"c":{},"c":[],"u":"\#(old)" } "#,
            #"{ "a" : 12345678901234567890 , "b":1.0,"c":{},"c":[],"u":"\#(new)" } "#),
        Case(
            "J04 JSON array of numbers", #"[1.0,"2024\/05\/IMG_1.jpg"]"#,
            #"[1.0,"2024\/05\/red-bike.jpg"]"#),
        Case("J04 byte-order mark", "\u{FEFF}{\"u\":\"\(old)\"}", "\u{FEFF}{\"u\":\"\(new)\"}"),
        Case(stays: "J06 JSON with a comment", "{\"u\":\"\(old)\" /* c */}"),
        Case(
            "J07 lone surrogate beside", #"{"x":"\ud800","u":"\#(old)"}"#,
            #"{"x":"\ud800","u":"\#(new)"}"#),
        Case(
            "J09 data attributes",
            "<img data-src=\"\(old)\" data-full-url='\(old)' data-srcset=\"\(old) 1x, \(old) 2x\">",
            "<img data-src=\"\(new)\" data-full-url='\(new)' data-srcset=\"\(new) 1x, \(new) 2x\">"),
        Case(
            "J10 comment and content", "/* \(old) */ a{content:\"\(old)\"}",
            "/* \(new) */ a{content:\"\(new)\"}"),
        Case(stays: "J14 blob: and cid:", "blob:\(old)x cid:IMG_1.jpg"),
        Case(
            "J16 serialized in a widget's JSON",
            #"{"instance":{"encoded":"\#(base64("a:1:{i:0;\(s(old))}"))"}}"#,
            #"{"instance":{"encoded":"\#(base64("a:1:{i:0;\(s(new))}"))"}}"#),
        Case("J17 before &quot;", "\(old)&quot;", "\(new)&quot;"),
        Case(
            "slashed JSON", #"[{\"u\":\"2024\\/05\\/IMG_1.jpg\"}]"#,
            #"[{\"u\":\"2024\\/05\\/red-bike.jpg\"}]"#),
        Case(
            "entities in entities", "[&quot;s:58:&amp;quot;\(old)?x&amp;quot;;&quot;]",
            "[&quot;s:61:&amp;quot;\(new)?x&amp;quot;;&quot;]"),
        Case(
            "key with a space", "a:1:{\(s("/wp-content/uploads/2024/05/legacy photo.jpg"))i:1;}",
            "a:1:{\(s("/wp-content/uploads/2024/05/old-harbour.jpg"))i:1;}"),
        Case(
            "key in a nested array", "a:1:{i:0;a:1:{\(s("2024/05/IMG_1.jpg"))i:1;}}",
            "a:1:{i:0;a:1:{\(s("2024/05/red-bike.jpg"))i:1;}}"),
        Case("U06 entity behind", "\(old)?a&amp;b", "\(new)?a&amp;b"),
        Case(stays: "U12 alt text", "<img alt=\"IMG_1.jpg\" title='2024/05/IMG_1.jpg'>"),
        Case(
            "U14 Windows path", #"..\wp-content\uploads\2024\05\IMG_1.jpg"#,
            #"..\wp-content\uploads\2024\05\red-bike.jpg"#),
        Case(
            "U18 text behind", "/wp-content/uploads/2024/05/IMG_1.jpg写",
            "/wp-content/uploads/2024/05/red-bike.jpg写"),
        Case(stays: "U20 external file", "https://cdn.example.net/IMG_1.jpg"),
    ]

    @Test(arguments: tokens + values)
    func isExact(_ item: Case) throws {
        #expect(try Sample.rewriter().result(item.value) == item.expected)
    }

    // MARK: Findings

    @Test("key collision: both stay and are reported")
    func keyCollision() throws {
        let value = "a:2:{\(s(Self.old))i:1;\(s(Self.new))i:2;}"
        let rewrite = try Sample.rewriter().rewrite(Array(value.utf8), role: .ordinary)
        #expect(rewrite.splices.isEmpty)
        #expect(rewrite.opaque.map(\.reason) == [.keyCollision])
    }

    @Test("S16 U16 a property's name is reported, its value rewritten")
    func propertyName() throws {
        let value = "O:8:\"stdClass\":1:{\(s(Self.old))\(s(Self.old))}"
        let rewrite = try Sample.rewriter().rewrite(Array(value.utf8), role: .ordinary)
        #expect(rewrite.opaque.map(\.reason) == [.propertyName])
        #expect(rewrite.references == 1)
    }

    @Test("P18 G23 a payload that names a file is reported and stays")
    func payload() throws {
        let value = "a:2:{i:0;C:3:\"Foo\":\(Self.old.utf8.count):{\(Self.old)}i:1;\(s(Self.old))}"
        let rewrite = try Sample.rewriter().rewrite(Array(value.utf8), role: .ordinary)
        #expect(rewrite.opaque.map(\.reason) == [.opaquePayload])
        #expect(rewrite.references == 1)
    }

    @Test("U13 foreign hosts are counted")
    func foreign() throws {
        let value = "https://example.org/wp-content/uploads/2024/05/IMG_1.jpg"
        let rewrite = try Sample.rewriter().rewrite(Array(value.utf8), role: .ordinary)
        #expect(rewrite.foreign == ["example.org": 1])
    }

    @Test("S27 base64 at every alignment", arguments: 0..<9)
    func alignment(padding: Int) throws {
        let filler = String(repeating: "x", count: padding)
        let value = Self.base64("\(filler) \(Self.old) \(filler)")
        #expect(
            try Sample.rewriter().result(value)
                == Self.base64("\(filler) \(Self.new) \(filler)"))
    }

    @Test("P25 arrays nested 100,000 deep end without a crash")
    func deepArrays() throws {
        let depth = 100_000
        let opening = String(repeating: "a:1:{i:0;", count: depth)
        let closing = String(repeating: "}", count: depth)
        #expect(
            try Sample.rewriter().result(opening + s(Self.old) + closing)
                == opening + s(Self.new) + closing)
    }

    @Test("P21 P30 strings serialized 60 times: whole or not at all, and reported")
    func deepStrings() throws {
        var value = Self.old
        for _ in 0..<60 { value = s(value) }
        let rewrite = try Sample.rewriter().rewrite(Array(value.utf8), role: .ordinary)
        #expect(rewrite.splices.isEmpty)
        #expect(rewrite.opaque.map(\.reason) == [.tooDeep])
        var (shallow, expected) = (Self.old, Self.new)
        for _ in 0..<30 { (shallow, expected) = (s(shallow), s(expected)) }
        #expect(try Sample.rewriter().result(shallow) == expected)
    }
}
