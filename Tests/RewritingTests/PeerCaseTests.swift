import Model
import Rewriting
import Testing

/// Cases that the tests of other tools have, in our terms.
@Suite struct PeerCaseTests {
    private static let old = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
    private static let new = "https://example.com/wp-content/uploads/2024/05/red-bike.jpg"

    static let cases: [(name: String, value: String, expected: String)] = [
        ("W01 no matches", "nothing here", "nothing here"),
        (
            "W13 a property of an object", "O:8:\"stdClass\":1:{\(s("u"))\(s(old))}",
            "O:8:\"stdClass\":1:{\(s("u"))\(s(new))}"
        ),
        (
            "W14 W15 escaped slashes",
            #"x "https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg""#,
            #"x "https:\/\/example.com\/wp-content\/uploads\/2024\/05\/red-bike.jpg""#
        ),
        (
            "W16 S12 quotes around, http and https",
            "<a href=\"\(old)\">'http://example.com/wp-content/uploads/2024/05/IMG_1.jpg'",
            "<a href=\"\(new)\">'http://example.com/wp-content/uploads/2024/05/red-bike.jpg'"
        ),
        (
            "W23 S08 (differs: a whole key is a reference) serialized text in content",
            "a:1:{\(s(old))\(s(old))}", "a:1:{\(s(new))\(s(new))}"
        ),
        (
            "W24 an object as content", "O:8:\"stdClass\":1:{\(s("a"))\(s("<p>\(old)</p>"))}",
            "O:8:\"stdClass\":1:{\(s("a"))\(s("<p>\(new)</p>"))}"
        ),
        (
            "W31 other letter case (U08)", "/wp-content/uploads/2024/05/img_1.jpg",
            "/wp-content/uploads/2024/05/img_1.jpg"
        ),
        (
            "W39 W40 W41 W42 unknown classes (differs: rewritten, since nothing is instantiated)",
            "a:1:{i:0;O:13:\"Gone\\Dict_v12\":1:{\(s("\0*\0data"))a:1:{\(s("u"))\(s(old))}}}",
            "a:1:{i:0;O:13:\"Gone\\Dict_v12\":1:{\(s("\0*\0data"))a:1:{\(s("u"))\(s(new))}}}"
        ),
        (
            "G08 escaped by MySQL and PHP, lengths count unescaped bytes",
            #"a:1:{s:3:\"u\\r\";s:56:\"\#(old)\";}"#, #"a:1:{s:3:\"u\\r\";s:59:\"\#(new)\";}"#
        ),
        (
            "G12 G21 double-quoted and unescaped forms", "a:1:{\(s("k\"k"))\(s(old))}",
            "a:1:{\(s("k\"k"))\(s(new))}"
        ),
        ("G13 padding around", "a:1:{i:0;\(s("   \(old)   "))}", "a:1:{i:0;\(s("   \(new)   "))}"),
        ("S02 other letters beside", "☀ ☆ ☂ \(old) ☻ ♞ ☯", "☀ ☆ ☂ \(new) ☻ ♞ ☯"),
        (
            "S13 Elementor's and WPBakery's escapes from one map",
            #"{"a":"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg","b":"url:https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2FIMG_1.jpg|"}"#,
            #"{"a":"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/red-bike.jpg","b":"url:https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2Fred-bike.jpg|"}"#
        ),
        (
            "S15 shorter", "a:1:{i:0;\(s("/wp-content/uploads/2024/05/double--dash.jpg"))}",
            "a:1:{i:0;\(s("/wp-content/uploads/2024/05/dash.jpg"))}"
        ),
        ("S19 a string that looks serialized", "a:1:{i:0;\(s(s(old)))}", "a:1:{i:0;\(s(s(new)))}"),
        ("S22 a scalar JSON string", "\"\(old)\"", "\"\(new)\""),
        (
            "J18 escaped for SQL", "x', '\(old.replacing("/", with: "\\/"))', 'y",
            "x', '\(new.replacing("/", with: "\\/"))', 'y"
        ),
    ]

    @Test(arguments: cases)
    func isExact(_ item: (name: String, value: String, expected: String)) throws {
        #expect(try Sample.rewriter().result(item.value) == item.expected, "\(item.name)")
    }

    @Test("D12 A value with 5,000 references")
    func manyReferences() throws {
        let value = String(repeating: "<img src=\"\(Self.old)\"> ", count: 5000)
        let rewrite = try Sample.rewriter().rewrite(Array(value.utf8), role: .ordinary)
        #expect(rewrite.references == 5000)
        #expect(
            String(decoding: rewrite.splices.applied(to: Array(value.utf8)), as: UTF8.self)
                == value.replacing("IMG_1", with: "red-bike"))
    }
}
