import Model
import Rewriting
import TestSupport
import Testing

/// What holds for every value, tried on seeded random ones.
@Suite struct PropertyTests {
    private static let pieces = [
        "https://example.com/wp-content/uploads/2024/05/IMG_1.jpg",
        "/wp-content/uploads/2024/05/IMG_1-300x200.jpg",
        #"https:\/\/example.com\/wp-content\/uploads\/2024\/05\/IMG_1.jpg"#,
        "https%3A%2F%2Fexample.com%2Fwp-content%2Fuploads%2F2024%2F05%2FIMG_1.jpg",
        "/wp-content&#47;uploads&#x2f;2024/05/05.jpg",
        "/var/www/html/wp-content/uploads/2024/05/IMG_1.jpg",
        "d3AtY29udGVudC91cGxvYWRzLzIwMjQvMDUvSU1HXzEuanBn", "2024/05/IMG_1.jpg", "IMG_10.jpg",
        "/wp-content/uploads/",
        "a:1:{i:0;", "s:56:\"", "\";}", "{\"a\":\"", "\"}", "[", "]", "data:image/png;base64,",
        "<!-- wp:x {\"u\":\"", "\"} /-->",
        "<img src=\"", "\">", "url(", ")", " ", "\n", "\\", "%", "&", "é", "\0", "s:9:",
        "C:3:\"Foo\":5:{", "O:8:\"stdClass\":1:{",
    ]

    private static func value(_ random: inout SplitMix64) -> [UInt8] {
        let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            pieces[Int.random(in: pieces.indices, using: &random)]
        }.joined()
        guard Bool.random(using: &random) else { return Array(text.utf8) }
        return Array("a:2:{i:0;\(s(text))\(s("k"))\(s("a:1:{i:0;\(s(text))}"))}".utf8)
    }

    private static let ascii = [
        ("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
        ("2024/05/IMG_1-300x200.jpg", "2024/05/red-bike-300x200.jpg"),
        ("2024/05/05.jpg", "2024/05/five.jpg"),
    ]

    @Test("S21 an identity map changes nothing and finds as much", arguments: [1, 2] as [UInt64])
    func identity(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let rewriter = try Sample.rewriter(Self.ascii)
        let identity = try Sample.rewriter(Self.ascii.map { ($0.0, $0.0) })
        for _ in 0..<3_000 {
            let value = Self.value(&random)
            let rewrite = identity.rewrite(value, role: .ordinary)
            #expect(rewrite.splices.isEmpty)
            #expect(rewrite.references == rewriter.rewrite(value, role: .ordinary).references)
        }
    }

    @Test(
        "U11 rewriting again changes nothing; the inverse map restores",
        arguments: [3, 4] as [UInt64])
    func inverse(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let rewriter = try Sample.rewriter(Self.ascii)
        let back = try Rewriter(map: Sample.map(Self.ascii).inverted(), location: Sample.location)
        var changed = 0
        for _ in 0..<3_000 {
            let value = Self.value(&random)
            let splices = rewriter.rewrite(value, role: .ordinary).splices
            let result = splices.applied(to: value)
            if result != value { changed += 1 }
            #expect(rewriter.rewrite(result, role: .ordinary).splices.isEmpty)
            let restored = back.rewrite(result, role: .ordinary).splices.applied(to: result)
            #expect(
                restored == value,
                "\(String(decoding: value, as: UTF8.self)) => \(String(decoding: result, as: UTF8.self))"
            )
            // Splices are ordered and disjoint, and undo themselves.
            #expect(
                zip(splices, splices.dropFirst()).allSatisfy {
                    $0.range.upperBound <= $1.range.lowerBound
                })
            #expect(splices.inverted(for: value).applied(to: result) == value)
        }
        #expect(changed > 300)
    }

    @Test("D04 whatever is found or reported contains a prefilter term", arguments: [5] as [UInt64])
    func prefilter(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let rewriter = try Sample.rewriter(Self.ascii)
        let terms = rewriter.prefilterTerms.map { String(decoding: $0, as: UTF8.self) }
        for _ in 0..<3_000 {
            let value = Self.value(&random)
            let rewrite = rewriter.rewrite(value, role: .ordinary)
            guard !rewrite.occurrences.isEmpty || !rewrite.opaque.isEmpty else { continue }
            let text = String(decoding: value, as: UTF8.self)
            #expect(terms.contains { text.contains($0) }, "\(text)")
        }
    }

    @Test("P26 S20 J06 every beginning of a value stays as it is")
    func truncations() throws {
        let rewriter = try Sample.rewriter(Self.ascii)
        let url = Self.pieces[0]
        let values = [
            "a:2:{\(s("k"))\(s("a:1:{i:0;\(s(url))}"))i:1;O:8:\"stdClass\":1:{\(s("p"))S:3:\"\\41bc\";}}",
            "[\"\(url)\",{\"a\":\"\(url)\",\"b\":[1,2,\"\\u00e9\"]}]",
        ]
        for value in values {
            let bytes = Array(value.utf8)
            #expect(!rewriter.rewrite(bytes, role: .ordinary).splices.isEmpty)
            for count in 4..<bytes.count {
                let beginning = Array(bytes[..<count])
                #expect(rewriter.rewrite(beginning, role: .ordinary).splices.isEmpty)
            }
        }
    }

    @Test("G24 random bytes never end the process", arguments: [6] as [UInt64])
    func randomBytes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let rewriter = try Sample.rewriter()
        for _ in 0..<5_000 {
            var value = Self.value(&random)
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                value[Int.random(in: value.indices, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let splices = rewriter.rewrite(value, role: .ordinary).splices
            #expect(splices.inverted(for: value).applied(to: splices.applied(to: value)) == value)
        }
    }
}
