import Foundation
import Model
import Rewriting
import Testing

/// Every dress and every "never" of the contract, one line each.
@Suite struct EncodingTableTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var value: String
        var expected: String
        var opaque = 0
        var testDescription: String { name }

        init(_ name: String, _ value: String, _ expected: String, opaque: Int = 0) {
            (self.name, self.value, self.expected, self.opaque) = (name, value, expected, opaque)
        }

        /// A value that must stay as it is.
        init(never name: String, _ value: String, opaque: Int = 0) {
            self.init(name, value, value, opaque: opaque)
        }
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }

    private static func rawurlencode(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return (character.isASCII && (character.isLetter || character.isNumber))
                || "-._~".contains(character) ? String(character) : String(format: "%%%02X", byte)
        }.joined()
    }

    private static let old = "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg"
    private static let new = "https://example.com/wp-content/uploads/2024/05/red-bike.jpg"

    static let urls: [Case] = [
        Case("absolute https", old, new),
        Case(
            "absolute http", "http://example.com/wp-content/uploads/2024/05/IMG_1.jpg",
            "http://example.com/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "scheme and host in any letter case",
            "HTTPS://Example.COM/wp-content/uploads/2024/05/IMG_1.jpg",
            "HTTPS://Example.COM/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "www", "https://www.example.com/wp-content/uploads/2024/05/IMG_1.jpg",
            "https://www.example.com/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "default port", "https://example.com:443/wp-content/uploads/2024/05/IMG_1.jpg",
            "https://example.com:443/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "protocol-relative", "//example.com/wp-content/uploads/2024/05/IMG_1.jpg",
            "//example.com/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "root-relative", "/wp-content/uploads/2024/05/IMG_1.jpg",
            "/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "relative with ../", "../../wp-content/uploads/2024/05/IMG_1.jpg",
            "../../wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "relative without a slash", "wp-content/uploads/2024/05/IMG_1.jpg",
            "wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "host without a scheme", "see example.com/wp-content/uploads/2024/05/IMG_1.jpg",
            "see example.com/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "U07 image proxy",
            "https://i0.wp.com/example.com/wp-content/uploads/2024/05/IMG_1.jpg?resize=300%2C200&ssl=1",
            "https://i0.wp.com/example.com/wp-content/uploads/2024/05/red-bike.jpg?resize=300%2C200&ssl=1"
        ),
        Case(
            "U07 Cloudflare, path",
            "/cdn-cgi/image/width=80,quality=75/wp-content/uploads/2024/05/IMG_1.jpg",
            "/cdn-cgi/image/width=80,quality=75/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "U07 Cloudflare, whole URL",
            "https://example.com/cdn-cgi/image/width=80/https://example.com/wp-content/uploads/2024/05/IMG_1.jpg",
            "https://example.com/cdn-cgi/image/width=80/https://example.com/wp-content/uploads/2024/05/red-bike.jpg"
        ),
        Case(
            "U07 server path", "/var/www/html/wp-content/uploads/2024/05/IMG_1.jpg",
            "/var/www/html/wp-content/uploads/2024/05/red-bike.jpg"),
        Case(
            "server path as file URL", "file:///var/www/html/wp-content/uploads/2024/05/IMG_1.jpg",
            "file:///var/www/html/wp-content/uploads/2024/05/red-bike.jpg"),
        Case("bare path, whole string", "2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
        Case("U06 query", old + "?ver=1.2", new + "?ver=1.2"),
        Case("U06 fragment", old + "#top", new + "#top"),
        Case("U06 session", old + ";jsessionid=1", new + ";jsessionid=1"),
        Case(
            "size variant", "/wp-content/uploads/2024/05/IMG_1-300x200.jpg",
            "/wp-content/uploads/2024/05/red-bike-300x200.jpg"),
        Case(
            "U14 doubled slashes", "https://example.com//wp-content/uploads//2024/05//IMG_1.jpg",
            "https://example.com//wp-content/uploads//2024/05//red-bike.jpg"),
        Case(
            "U14 ./ segments", "https://example.com/./wp-content/uploads/./2024/05/IMG_1.jpg",
            "https://example.com/./wp-content/uploads/./2024/05/red-bike.jpg"),
        Case(
            "in another URL's query", "https://www.facebook.com/sharer.php?u=\(old)",
            "https://www.facebook.com/sharer.php?u=\(new)"),
        Case(
            "in another URL's query, encoded",
            "https://www.facebook.com/sharer.php?u=\(rawurlencode(old))&t=x",
            "https://www.facebook.com/sharer.php?u=\(rawurlencode(new))&t=x"),
    ]

    static let markup: [Case] = [
        Case(
            "img src", #"<img src="\#(old)" alt="IMG_1.jpg">"#,
            #"<img src="\#(new)" alt="IMG_1.jpg">"#),
        Case("single quotes", "<img src='\(old)'>", "<img src='\(new)'>"),
        Case("unquoted attribute", "<img src=\(old) class=x>", "<img src=\(new) class=x>"),
        Case(
            "J09 srcset",
            #"<img srcset="\#(old) 1200w, /wp-content/uploads/2024/05/IMG_1-300x200.jpg 300w">"#,
            #"<img srcset="\#(new) 1200w, /wp-content/uploads/2024/05/red-bike-300x200.jpg 300w">"#),
        Case("J09 srcset without spaces", "\(old) 1x,\(old) 2x", "\(new) 1x,\(new) 2x"),
        Case("comma list", "\(old),\(old)", "\(new),\(new)"),
        Case("J10 CSS url()", "background:url(\(old));", "background:url(\(new));"),
        Case("J10 CSS url(\"\")", #"background:url("\#(old)")"#, #"background:url("\#(new)")"#),
        Case(
            "J10 CSS url('')", "background:url('/wp-content/uploads/2024/05/IMG_1.jpg')",
            "background:url('/wp-content/uploads/2024/05/red-bike.jpg')"),
        Case("J17 Markdown", "![a](\(old)) and <\(old)>.", "![a](\(new)) and <\(new)>."),
        Case("J17 end of a sentence", "See \(old). And \(old), too", "See \(new). And \(new), too"),
        Case(
            "J11 caption shortcode",
            #"[caption id="attachment_4"]<img src="\#(old)" /> IMG_1[/caption]"#,
            #"[caption id="attachment_4"]<img src="\#(new)" /> IMG_1[/caption]"#),
        Case(
            "J11 WPBakery css",
            #"[vc_row css=".vc_custom_1{background-image: url(\#(old)?id=12) !important;}"]"#,
            #"[vc_row css=".vc_custom_1{background-image: url(\#(new)?id=12) !important;}"]"#),
        Case(
            "J11 WPBakery link",
            #"[vc_btn link="url:https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2FIMG_1.jpg|target:_blank"]"#,
            #"[vc_btn link="url:https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2Fred-bike.jpg|target:_blank"]"#
        ),
        Case(
            "J11 gallery ids", #"[gallery ids="1,2,3" size="full"]"#,
            #"[gallery ids="1,2,3" size="full"]"#),
        Case(
            "J03 block attributes",
            #"<!-- wp:image {"id":4,"url":"\#(old)"} --><img src="\#(old)"/><!-- /wp:image -->"#,
            #"<!-- wp:image {"id":4,"url":"\#(new)"} --><img src="\#(new)"/><!-- /wp:image -->"#),
        Case(
            "J03 block attributes, --",
            #"<!-- wp:x {"url":"/wp-content/uploads/2024/05/double\u002d\u002ddash.jpg"} /-->"#,
            #"<!-- wp:x {"url":"/wp-content/uploads/2024/05/dash.jpg"} /-->"#),
        Case(
            "bare path in block attributes", #"<!-- wp:x {"file":"2024/05/IMG_1.jpg"} /-->"#,
            #"<!-- wp:x {"file":"2024/05/red-bike.jpg"} /-->"#),
        Case(
            "J08 entities around", "<a data-x=\"{&quot;url&quot;:&quot;\(old)&quot;}\">",
            "<a data-x=\"{&quot;url&quot;:&quot;\(new)&quot;}\">"),
        Case(
            "J08 entities inside",
            "https&#58;&#47;&#47;example.com&#x2f;wp-content&#x2F;uploads&#47;2024&#47;05&#47;IMG_1.jpg",
            "https&#58;&#47;&#47;example.com&#x2f;wp-content&#x2F;uploads&#47;2024&#47;05&#47;red-bike.jpg"
        ),
        Case("J08 query with &amp;", "\(old)?a=1&amp;b=2", "\(new)?a=1&amp;b=2"),
        Case(
            "J09 escaped JSON in data-*",
            #"<div data-settings="{&quot;url&quot;:&quot;https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg&quot;}">"#,
            #"<div data-settings="{&quot;url&quot;:&quot;https:\/\/example.com\/wp-content\/uploads\/2024\/05\/red-bike.jpg&quot;}">"#
        ),
        Case(
            "JavaScript string",
            #"var a = "https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg";"#,
            #"var a = "https:\/\/example.com\/wp-content\/uploads\/2024\/05\/red-bike.jpg";"#),
        Case(
            "line break before, escaped", #"x\n\/wp-content\/uploads\/2024\/05\/IMG_1.jpg\nz"#,
            #"x\n\/wp-content\/uploads\/2024\/05\/red-bike.jpg\nz"#),
    ]

    static let names: [Case] = [
        Case(
            "U15 spaces raw", "/wp-content/uploads/2024/05/legacy photo.jpg",
            "/wp-content/uploads/2024/05/old-harbour.jpg"),
        Case(
            "J12 spaces %20", "/wp-content/uploads/2024/05/legacy%20photo.jpg",
            "/wp-content/uploads/2024/05/old-harbour.jpg"),
        Case(
            "U15 literal %20", "/wp-content/uploads/2024/05/photo%20encoded.jpg",
            "/wp-content/uploads/2024/05/encoded.jpg"),
        Case(
            "J12 literal %20, encoded", "/wp-content/uploads/2024/05/photo%2520encoded.jpg",
            "/wp-content/uploads/2024/05/encoded.jpg"),
        Case(
            "U18 CJK raw", "/wp-content/uploads/2024/05/東京.jpgで",
            "/wp-content/uploads/2024/05/tokyo.jpgで"),
        Case(
            "J12 CJK percent, upper case", "/wp-content/uploads/2024/05/%E6%9D%B1%E4%BA%AC.jpg",
            "/wp-content/uploads/2024/05/tokyo.jpg"),
        Case(
            "J12 CJK percent, lower case", "/wp-content/uploads/2024/05/%e6%9d%b1%e4%ba%ac.jpg",
            "/wp-content/uploads/2024/05/tokyo.jpg"),
        Case(
            "J07 CJK \\u", #"{"u":"\/wp-content\/uploads\/2024\/05\/\u6771\u4eac.jpg"}"#,
            #"{"u":"\/wp-content\/uploads\/2024\/05\/tokyo.jpg"}"#),
        Case(
            "J08 entity in a name", "/wp-content/uploads/2024/05/Caf&#233;.jpg",
            "/wp-content/uploads/2024/05/cafe.jpg"),
        Case(
            "U15 metacharacters", "/wp-content/uploads/2024/05/a(1)+[x].jpg",
            "/wp-content/uploads/2024/05/brackets.jpg"),
        Case(
            "U15 metacharacters encoded", "/wp-content/uploads/2024/05/a%281%29%2B%5Bx%5D.jpg",
            "/wp-content/uploads/2024/05/brackets.jpg"),
        Case(
            "J10 escaped parentheses", #"url(/wp-content/uploads/2024/05/a\(1\)+[x].jpg)"#,
            #"url(/wp-content/uploads/2024/05/brackets.jpg)"#),
        Case(
            "new name with metacharacters", "/wp-content/uploads/2024/05/plain.jpg",
            "/wp-content/uploads/2024/05/b(1)+[x].jpg"),
        Case(
            "new CJK name, raw", "/wp-content/uploads/2024/05/ascii.jpg",
            "/wp-content/uploads/2024/05/大阪.jpg"),
        Case(
            "new CJK name, percent",
            "https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2Fascii.jpg",
            "https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2F%E5%A4%A7%E9%98%AA.jpg"),
        Case(
            "new CJK name, JSON",
            #"["https:\/\/example.com\/wp-content\/uploads\/2024\/05\/ascii.jpg"]"#,
            #"["https:\/\/example.com\/wp-content\/uploads\/2024\/05\/\u5927\u962a.jpg"]"#),
        Case(
            "U03 folder like the name", "/wp-content/uploads/2024/05/05.jpg",
            "/wp-content/uploads/2024/05/five.jpg"),
    ]

    static let containers: [Case] = [
        Case(
            "J01 JSON with \\/",
            #"{"url":"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg","n":1.0}"#,
            #"{"url":"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/red-bike.jpg","n":1.0}"#
        ),
        Case(
            "J01 JSON with /", #"{"url": "\#(old)", "e": {}, "b": 12345678901234567890}"#,
            #"{"url": "\#(new)", "e": {}, "b": 12345678901234567890}"#),
        Case(
            "J02 JSON with \\u002f",
            #"{"url":"https:\u002f\u002fexample.com\u002fwp-content\u002fuploads\u002f2024\u002f05\u002fIMG_1.jpg"}"#,
            #"{"url":"https:\u002f\u002fexample.com\u002fwp-content\u002fuploads\u002f2024\u002f05\u002fred-bike.jpg"}"#
        ),
        Case(
            "J02 JSON with \\u002d",
            #"{"url":"\/wp\u002dcontent\/uploads\/2024\/05\/IMG_1\u002d300x200.jpg"}"#,
            #"{"url":"\/wp\u002dcontent\/uploads\/2024\/05\/red\u002dbike\u002d300x200.jpg"}"#),
        Case(
            "J01 bare path in JSON", #"{"file":"2024\/05\/IMG_1.jpg"}"#,
            #"{"file":"2024\/05\/red-bike.jpg"}"#),
        Case(
            "J05 JSON in JSON",
            #"{"a":"{\"url\":\"https:\\\/\\\/example.com\\\/wp-content\\\/uploads\\\/2024\\\/05\\\/IMG_1.jpg\"}"}"#,
            #"{"a":"{\"url\":\"https:\\\/\\\/example.com\\\/wp-content\\\/uploads\\\/2024\\\/05\\\/red-bike.jpg\"}"}"#
        ),
        Case("JSON key", #"{"\#(old)":1}"#, #"{"\#(new)":1}"#),
        Case("S04 serialized", "a:1:{\(s("url"))\(s(old))}", "a:1:{\(s("url"))\(s(new))}"),
        Case(
            "G05 serialized with emoji", "a:1:{\(s("t"))\(s("😀 <img src='\(old)'> ▼"))}",
            "a:1:{\(s("t"))\(s("😀 <img src='\(new)'> ▼"))}"),
        Case(
            "serialized bare path", "a:1:{\(s("file"))\(s("2024/05/IMG_1.jpg"))}",
            "a:1:{\(s("file"))\(s("2024/05/red-bike.jpg"))}"),
        Case(
            "P21 serialized in serialized", "a:1:{i:0;\(s("a:1:{i:0;\(s(old))}"))}",
            "a:1:{i:0;\(s("a:1:{i:0;\(s(new))}"))}"),
        Case(
            "S23 JSON in serialized", "a:1:{i:0;\(s(#"{"u":"\#(old)"}"#))}",
            "a:1:{i:0;\(s(#"{"u":"\#(new)"}"#))}"),
        Case(
            "S23 serialized in JSON",
            #"{"a":"a:1:{i:0;s:56:\"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg\";}"}"#,
            #"{"a":"a:1:{i:0;s:59:\"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/red-bike.jpg\";}"}"#
        ),
        Case("serialized array key", "a:1:{\(s(old))i:1;}", "a:1:{\(s(new))i:1;}"),
        Case(
            "P13 unknown class", "O:7:\"Unknown\":1:{\(s("p"))\(s(old))}",
            "O:7:\"Unknown\":1:{\(s("p"))\(s(new))}"),
        Case(
            "P16 private property", "O:3:\"Foo\":1:{\(s("\0Foo\0p"))\(s(old))}",
            "O:3:\"Foo\":1:{\(s("\0Foo\0p"))\(s(new))}"),
        Case(
            "P19 enum beside", "a:2:{i:0;E:11:\"Suit:Hearts\";i:1;\(s(old))}",
            "a:2:{i:0;E:11:\"Suit:Hearts\";i:1;\(s(new))}"),
        Case(
            "P20 references", "a:4:{i:0;\(s(old))i:1;R:2;i:2;O:8:\"stdClass\":0:{}i:3;r:3;}",
            "a:4:{i:0;\(s(new))i:1;R:2;i:2;O:8:\"stdClass\":0:{}i:3;r:3;}"),
        Case(
            "P31 floats beside", "a:2:{i:0;d:0.10000000000000001;i:1;\(s(old))}",
            "a:2:{i:0;d:0.10000000000000001;i:1;\(s(new))}"),
        Case(
            "P34 slashed serialized", #"a:1:{s:3:\"url\";s:56:\"\#(old)\";}"#,
            #"a:1:{s:3:\"url\";s:59:\"\#(new)\";}"#),
        Case(
            "entity-encoded serialized", "a:1:{s:3:&quot;url&quot;;s:56:&quot;\(old)&quot;;}",
            "a:1:{s:3:&quot;url&quot;;s:59:&quot;\(new)&quot;;}"),
        Case(
            "percent-encoded serialized", rawurlencode("a:1:{\(s("url"))\(s(old))}"),
            rawurlencode("a:1:{\(s("url"))\(s(new))}")),
        Case(
            "percent-encoded JSON", rawurlencode(#"{"url":"\#(old)"}"#),
            rawurlencode(#"{"url":"\#(new)"}"#)),
        Case("J12 whole URL encoded", rawurlencode(old), rawurlencode(new)),
        Case(
            "J12 lower-case hex",
            rawurlencode(old).replacingOccurrences(of: "%3A", with: "%3a").replacingOccurrences(
                of: "%2F", with: "%2f"),
            rawurlencode(new).replacingOccurrences(of: "%3A", with: "%3a").replacingOccurrences(
                of: "%2F", with: "%2f")),
        Case(
            "J12 double-encoded", rawurlencode(rawurlencode(old)), rawurlencode(rawurlencode(new))),
        Case("J13 base64 of a URL", base64(old), base64(new)),
        Case(
            "J13 base64 of a bare path", base64("2024/05/IMG_1.jpg"), base64("2024/05/red-bike.jpg")
        ),
        Case(
            "J13 base64 of HTML", base64("<p><img src=\"\(old)\"></p>\n"),
            base64("<p><img src=\"\(new)\"></p>\n")),
        Case(
            "J11 vc_raw_html",
            "[vc_raw_html]\(base64(rawurlencode("<img src=\"\(old)\">")))[/vc_raw_html]",
            "[vc_raw_html]\(base64(rawurlencode("<img src=\"\(new)\">")))[/vc_raw_html]"),
        Case(
            "Elementor action",
            "#elementor-action%3Aaction%3Dlightbox%26settings%3D\(rawurlencode(base64(#"{"url":"\#(old)"}"#)))",
            "#elementor-action%3Aaction%3Dlightbox%26settings%3D\(rawurlencode(base64(#"{"url":"\#(new)"}"#)))"
        ),
        Case("base64 in serialized", "a:1:{i:0;\(s(base64(old)))}", "a:1:{i:0;\(s(base64(new)))}"),
        Case("serialized in base64", base64("a:1:{i:0;\(s(old))}"), base64("a:1:{i:0;\(s(new))}")),
    ]

    static let nevers: [Case] = [
        Case(never: "U01 longer number", "/wp-content/uploads/2024/05/IMG_10.jpg"),
        Case(never: "U01 prefix", "/wp-content/uploads/2024/05/xIMG_1.jpg"),
        Case(never: "U01 .bak", "/wp-content/uploads/2024/05/IMG_1.jpg.bak"),
        Case(never: "U17 .webp of no family", "/wp-content/uploads/2024/05/IMG_1.jpg.webp"),
        Case(never: "U01 letter behind", "/wp-content/uploads/2024/05/IMG_1.jpgx"),
        Case(never: "U01 hyphen behind", "/wp-content/uploads/2024/05/IMG_1.jpg-old"),
        Case(never: "U01 underscore behind", "/wp-content/uploads/2024/05/IMG_1.jpg_"),
        Case(never: "U05 other extension", "/wp-content/uploads/2024/05/IMG_1.png"),
        Case(never: "U08 other letter case", "/wp-content/uploads/2024/05/img_1.JPG"),
        Case(never: "U03 longer folder", "/wp-content/uploads/12024/05/IMG_1.jpg"),
        Case(never: "U04 other month", "/wp-content/uploads/2024/06/IMG_1.jpg"),
        Case(
            never: "U04 other site of the network", "/wp-content/uploads/sites/2/2024/05/IMG_1.jpg"),
        Case(
            never: "other site of the host",
            "https://example.com/shop/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(
            never: "other site of the host, root-relative",
            "/shop/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(never: "U13 foreign host", "https://example.org/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(
            never: "foreign host, longer name",
            "https://example.com.evil.test/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(
            never: "foreign host, prefix",
            "https://notexample.com/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(
            never: "foreign subdomain",
            "https://cdn.example.com/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(
            never: "foreign behind proxy",
            "https://i0.wp.com/example.org/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(never: "archived copy", "https://web.archive.org/web/2020/\(old)"),
        Case(never: "U12 prose", "the file 2024/05/IMG_1.jpg is nice"),
        Case(never: "U12 name in prose", "IMG_1.jpg"),
        Case(
            never: "J14 data URI",
            "<img src=\"data:image/svg+xml;utf8,<svg><image href='\(old)'/></svg>\">"),
        Case(
            never: "J14 data URI, base64",
            "<img src=\"data:image/svg+xml;base64,\(base64("<image href='\(old)'/>"))\">"),
        Case(never: "S24 base64-looking text", "uploadsuploadsuploads"),
        Case(never: "P23 trailing bytes", "a:1:{i:0;\(s(old))}x", opaque: 1),
        Case(never: "P05 wrong length", "a:1:{i:0;s:55:\"\(old)\";}", opaque: 1),
        Case(never: "P18 C: payload", "C:3:\"Foo\":\(old.utf8.count):{\(old)}", opaque: 1),
        Case(never: "J06 truncated JSON", #"{"url":"\#(old)""#, opaque: 1),
        Case(never: "embedded serialized string", "x=s:\(old.utf8.count):\"\(old)\"; y", opaque: 1),
        Case(never: "other server folder", "/srv/other/wp-content/uploads/2024/05/IMG_1.jpg"),
        Case(never: "upper-case folder", "/WP-CONTENT/uploads/2024/05/IMG_1.jpg"),
    ]

    @Test(arguments: urls + markup + names + containers + nevers)
    func isExact(_ item: Case) throws {
        let rewriter = try Sample.rewriter()
        let bytes = Array(item.value.utf8)
        let rewrite = rewriter.rewrite(bytes, role: .ordinary)
        let result = String(decoding: rewrite.splices.applied(to: bytes), as: UTF8.self)
        #expect(result == item.expected)
        #expect(rewrite.opaque.count == item.opaque)
        // Whatever can be rewritten or is opaque must get through the prefilter.
        if !rewrite.occurrences.isEmpty || !rewrite.opaque.isEmpty {
            let passes = rewriter.prefilterTerms.contains { term in
                !term.isEmpty && String(decoding: bytes, as: UTF8.self).utf8.count >= term.count
                    && (0...(bytes.count - term.count)).contains {
                        Array(bytes[$0..<($0 + term.count)]) == term
                    }
            }
            #expect(passes)
        }
    }

    @Test func hasAtLeast87Cases() {
        #expect((Self.urls + Self.markup + Self.names + Self.containers + Self.nevers).count >= 87)
    }
}
