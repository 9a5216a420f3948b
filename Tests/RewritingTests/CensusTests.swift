import Model
import Rewriting
import TestSupport
import Testing

/// Whatever a rename finds in a value, the census has told of before there was a rename.
@Suite struct CensusTests {
    private static let pieces = [
        "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg",
        "/wp-content/uploads/2024/05/IMG_1-300x200.jpg?x=1",
        #"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg"#,
        #"https:\\\/\\\/example.com\\\/wp-content\\\/uploads\\\/2024\\\/05\\\/IMG_1.jpg"#,
        "https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2FIMG_1.jpg",
        "%252Fwp-content%252Fuploads%252F2024%252F05%252FIMG_1.jpg",
        "/wp-content&#47;uploads&#x2f;2024/05/05.jpg", "/wp-content/uploads/2024/./05//05%2Ejpg",
        "/var/www/html/wp-content/uploads/2024/05/IMG_1.jpg",
        "https://elsewhere.org/wp-content/uploads/2024/05/IMG_1.jpg",
        "d3AtY29udGVudC91cGxvYWRzLzIwMjQvMDUvSU1HXzEuanBn", "MjAyNC8wNS9JTUdfMS5qcGc=",
        "2024/05/IMG_1.jpg", "IMG_1.jpg", "IMG_10.jpg", "05.jpg", "2024/05/Caf\\u00e9.jpg",
        "2024/05/legacy%20photo.jpg", "/wp-content/uploads/2024/05/legacy photo.jpg",
        "/wp-content/uploads/2024/05/Caf&eacute;.jpg", "photo%20encoded.jpg",
        "/wp-content/uploads/", "/wp-content/uploads/2024/05/", "[1,", "1]",
        "a:1:{i:0;", "s:56:\"", "\";}", "{\"a\":\"", "\"}", "[\"", "\"]", "data:image/png;base64,",
        "<!-- wp:x {\"u\":\"", "\"} /-->", "%7B%22a%22%3A%22", "%22%7D", "{&quot;a&quot;:&quot;",
        "&quot;}", "{\\\"a\\\":\\\"", "\\\"}", "<img src=\"", "\">", "url(", ")", " ", "\n", "\\",
        "%", "&", "é", "\0", "s:9:", "C:3:\"Foo\":5:{", "O:8:\"stdClass\":1:{", "S:5:\"\\41",
    ]

    private static let roles: [ValueRole] = [
        .ordinary, .prose, .attachmentMetadata(directory: MediaPath(ifValid: "2024/05".utf8)),
    ]

    private static func value(_ random: inout SplitMix64) -> [UInt8] {
        let piece = { (random: inout SplitMix64) in
            pieces[Int.random(in: pieces.indices, using: &random)]
        }
        var text = (0..<Int.random(in: 1...6, using: &random)).map { _ in piece(&random) }.joined()
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: text = "a:2:{i:0;\(s(text))\(s(piece(&random)))i:1;}"
            case 1: text = "a:1:{\(s("file"))\(s(text))}"
            case 2: text = "{\"k\":\"\(text)\"}"
            case 3: text = piece(&random) + text
            case 4: text = text + piece(&random)
            default: text = String(text.dropLast(Int.random(in: 0...3, using: &random)))
            }
        }
        return Array(text.utf8)
    }

    /// A map of one name to a few, drawn from those that occur.
    private static func map(_ random: inout SplitMix64) -> [(String, String)] {
        let all = Sample.pairs + [("05.jpg", "x.jpg"), ("IMG_1.jpg", "y.jpg")]
        let count = Int.random(in: 1...4, using: &random)
        var chosen: [String: String] = [:]
        for _ in 0..<count {
            let pair = all[Int.random(in: all.indices, using: &random)]
            chosen[pair.0] = pair.1
        }
        return chosen.map { ($0.key, $0.value) }
    }

    @Test(
        "what any map's rewriter finds, reports or counts is under one of the map's keys",
        arguments: [1, 2, 3] as [UInt64])
    func covers(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let census = try PathCensus(location: Sample.location)
        var found = 0
        var attributed = 0
        for _ in 0..<150 {
            let pairs = Self.map(&random)
            let rewriter = try Sample.rewriter(pairs)
            let keys = Set(
                try pairs.flatMap { pair in
                    try #require(PathCensus.keys(of: try MediaPath(pair.0)))
                })
            for _ in 0..<100 {
                let value = Self.value(&random)
                let role = Self.roles[Int.random(in: Self.roles.indices, using: &random)]
                let rewrite = rewriter.rewrite(value, role: role)
                guard
                    !rewrite.occurrences.isEmpty || !rewrite.opaque.isEmpty
                        || !rewrite.foreign.isEmpty
                else { continue }
                found += 1
                // The index does not know what will be renamed, so it reads metadata as ordinary.
                let names = census.read(value, role: role == .prose ? .prose : .ordinary)
                if !names.keys.isDisjoint(with: keys) { attributed += 1 }
                #expect(
                    names.canBeAny || !names.keys.isDisjoint(with: keys),
                    "\(pairs) \(role) \(String(decoding: value, as: UTF8.self))")
            }
        }
        #expect(found > 1_000)
        #expect(attributed > 800)
    }

    @Test("values that PHP built are found by their keys", arguments: [20_260_102])
    func coversPHP(seed: Int) throws {
        let pairs = [
            ("2024/05/IMG_1.jpg", "2024/05/a.jpg"), ("2024/05/legacy photo.jpg", "2024/05/b.jpg"),
            ("2024/05/東京.jpg", "2024/05/c.jpg"), ("2024/05/05.jpg", "2024/05/d.jpg"),
        ]
        let census = try PathCensus(location: Sample.location)
        let values = try PHPOracle.pairs(seed: seed, count: 2_000).map { [UInt8]($0.value) }
        var found = 0
        for pair in pairs {
            let rewriter = try Sample.rewriter([pair])
            let keys = try #require(PathCensus.keys(of: try MediaPath(pair.0)))
            for value in values {
                let rewrite = rewriter.rewrite(value, role: .ordinary)
                guard !rewrite.occurrences.isEmpty || !rewrite.opaque.isEmpty else { continue }
                found += 1
                let names = census.read(value, role: .ordinary)
                #expect(names.canBeAny || !names.keys.isDisjoint(with: keys))
            }
        }
        #expect(found > 200)
    }

    @Test("text that names nothing has no keys")
    func none() throws {
        let census = try PathCensus(location: Sample.location)
        for text in ["", "Hello world.", "<p>No picture here</p>", "a:1:{i:0;s:2:\"ab\";}", "{}"] {
            #expect(census.read(Array(text.utf8), role: .ordinary).isEmpty, "\(text)")
        }
    }

    @Test("what a map's keys do not cover has none")
    func refused() throws {
        for path in [
            "2024/05/README", "2024/05/a.jpg2000x", "2024/05/a\"b.jpg", "2024/05/x.unknown",
        ] {
            #expect(PathCensus.keys(of: try MediaPath(path)) == nil, "\(path)")
        }
        #expect(PathCensus.keys(of: try MediaPath("2024/05/A.JPG"))?.count == 3)
    }
}
