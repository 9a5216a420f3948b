import Model
import TestSupport
import Testing

@testable import Rewriting

/// Ways that only plain references can go lead where the general way leads.
@Suite struct ShortcutTests {
    private static let pairs: [(String, String)] =
        Sample.pairs + [
            ("2024/05/photo-1.jpg", "2024/05/old--harbour-1.jpg"),
            ("2024/05/IMG_1-768x512.jpg", "2023/01/elsewhere-768x512.jpg"),
            ("2024/05/same.jpg", "2024/05/same.jpg"), ("README", "NOTES"), ("a.b.jpg", "c.d.jpg"),
        ]

    private static let locations = [
        Sample.location,
        UploadsLocation(
            hosts: ["example.com", "localhost:8080"], urlPaths: ["/files", "/blog/files"],
            directories: [], assumesUsualServerFolders: true),
        UploadsLocation(
            hosts: ["media.example.com"], urlPaths: [""],
            directories: [Array("/srv/my-media/uploads".utf8)], assumesUsualServerFolders: false),
    ]

    private static let roots = [
        "https://example.com/wp-content/uploads/", "http://www.example.com/wp-content/uploads/",
        "/wp-content/uploads/", "//example.com/wp-content/uploads/", "https://example.com/files/",
        "http://localhost:8080/blog/files/", "https://media.example.com/",
        "/var/www/html/wp-content/uploads/", "https://example.org/wp-content/uploads/",
        #"https:\/\/example.com\/wp-content\/uploads\/"#,
        #"https:\\\/\\\/example.com\\\/wp-content\\\/uploads\\\/"#,
        "wp-content%2Fuploads%2F", #"\wp-content\uploads\"#, #"wp-content\/uploads\/u002f"#,
        #"wp\-content\/uploads\/"#, "wp&#45;content/uploads/", "", "/srv/my-media/uploads/",
    ]

    /// What stands around references, and what tempts a shortcut.
    private static let pieces = [
        "<img src=\"", "\" srcset=\"", "\">", "'", " 300w, ", "(", ")", " ", "\n", ",", "?v=1",
        "#x",
        "%", "%20", "%2F", "\\", "\\/", "\\u002f", "\\u0061", "&", "&amp;", "&#47;", "/", "//",
        "./",
        ".", "..", ".jpg", "jpg", "x", "-", "_", "-300x200", "é", "\0", "content", "wp-content",
        "uploads/", "data:image/png;base64,", "s:9:\"", "s:56:\"", "\";", "<!-- wp:x {\"u\":\"",
        "\"} /-->", "{\"a\":\"", "\"}", "a:1:{i:0;", "}", "d3AtY29udGVudC91cGxvYWRz",
        "Y29udGVudA==",
        "https://i0.wp.com/", "https://web.archive.org/", "u:p@", ":443", "url(", "\\n",
    ]

    private static func text(_ random: inout SplitMix64) -> String {
        (0..<Int.random(in: 1...6, using: &random)).map { _ in
            switch Int.random(in: 0..<4, using: &random) {
            case 0: pieces[Int.random(in: pieces.indices, using: &random)]
            case 1:
                roots[Int.random(in: roots.indices, using: &random)]
                    + pairs[Int.random(in: pairs.indices, using: &random)].0
            case 2:
                roots[Int.random(in: roots.indices, using: &random)]
                    + pairs[Int.random(in: pairs.indices, using: &random)].0
                    + pieces[Int.random(in: pieces.indices, using: &random)]
            default:
                (roots[Int.random(in: roots.indices, using: &random)]
                    + pairs[Int.random(in: pairs.indices, using: &random)].0)
                    .replacing("/", with: "\\/")
            }
        }.joined()
    }

    /// A container of some strings, mostly well-formed.
    private static func container(_ texts: [String], _ kind: Int) -> String {
        let json: (String) -> String = {
            $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n").replacing("\0", with: "\\u0000")
        }
        switch kind {
        case 0:
            return "a:\(texts.count):{\(texts.enumerated().map { "i:\($0);\(s($1))" }.joined())}"
        case 1:
            return
                "a:\(texts.count):{\(texts.enumerated().map { s("\($1)") + "i:\($0);" }.joined())}"
        case 2: return "[\(texts.map { "\"\(json($0))\"" }.joined(separator: ","))]"
        case 3:
            return
                "[\(texts.map { "\"\(json($0).replacing("/", with: "\\/"))\"" }.joined(separator: ","))]"
        case 4: return "{\(texts.map { "\"\(json($0))\":\"\(json($0))\"" }.joined(separator: ","))}"
        case 5:
            return
                "<!-- wp:x {\(texts.map { "\"k\":\"\(json($0))\"" }.joined(separator: ","))} /-->"
        case 6: return "O:1:\"A\":\(texts.count):{\(texts.map { s($0) + s($0) }.joined())}"
        default: return texts.joined(separator: " ")
        }
    }

    @Test("with and without shortcuts, the same comes out", arguments: [21, 22, 23] as [UInt64])
    func areExact(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let map = try Sample.map(Self.pairs)
        let both = try Self.locations.map { location in
            (
                fast: try Rewriter(map: map, location: location),
                general: try Rewriter(map: map, location: location, takesShortcuts: false)
            )
        }
        let roles: [ValueRole] = [
            .ordinary, .ordinary, .prose, .attachmentMetadata(directory: try MediaPath("2024/05")),
            .uploadedFile(directory: try MediaPath("2024/05")),
        ]
        var references = 0
        for _ in 0..<2_000 {
            var texts = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.text(&random) }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                texts = [Self.container(texts, Int.random(in: 0..<8, using: &random)), texts[0]]
            }
            let value = Array(
                Self.container(texts, Int.random(in: 0..<10, using: &random)).utf8)
            let role = roles[Int.random(in: roles.indices, using: &random)]
            for (fast, general) in both {
                let one = fast.rewrite(value, role: role)
                let other = general.rewrite(value, role: role)
                let text = "\(String(decoding: value, as: UTF8.self)), \(role)"
                #expect(one.splices == other.splices, "\(text)")
                #expect(one.occurrences == other.occurrences, "\(text)")
                #expect(one.references == other.references, "\(text)")
                #expect(one.opaque == other.opaque, "\(text)")
                #expect(one.foreign == other.foreign, "\(text)")
                references += one.references
            }
        }
        #expect(references > 2_500)
    }
}
