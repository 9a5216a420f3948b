import Model
import Patterns
import TestSupport
import Testing

@testable import Rewriting

/// What the database is asked for is never too little.
@Suite struct PrefilterTests {
    struct Map: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pairs: [(String, String)]
        /// How many terms a row without references is searched for.
        var mostTerms: Int
    }

    static let maps: [Map] = [
        Map(
            testDescription: "a family",
            pairs: ["", "-300x200", "-1024x683", "-scaled"].map {
                ("2024/05/harbour-boats-7$0.jpg".replacing("$0", with: $0), "2024/05/b\($0).jpg")
            }, mostTerms: 6),
        Map(
            testDescription: "a word between others",
            pairs: ["", "-150x150"].map {
                ("2024/05/my_DSC0815_b\($0).jpg", "2024/05/c\($0).jpg")
            }, mostTerms: 6),
        Map(
            testDescription: "a word at the end",
            pairs: ["", "-150x150"].map {
                ("2024/05/on-my-way_DSC0815\($0).jpg", "2024/05/c\($0).jpg")
            }, mostTerms: 6),
        Map(
            testDescription: "a family with a common word",
            pairs: ["", "-300x200", "-scaled"].map {
                ("2024/05/IMG_1\($0).jpg", "2024/05/red-bike\($0).jpg")
            }, mostTerms: 6),
        Map(
            testDescription: "a name with a space",
            pairs: [("2017/11/my photo.png", "2017/11/a.png")],
            mostTerms: 7),
        Map(
            testDescription: "a name without letters",
            pairs: [("2024/05/東京.jpg", "2024/05/tokyo.jpg")], mostTerms: 8),
        Map(
            testDescription: "no folder",
            pairs: [("scan9.jpg", "paper.jpg"), ("été.jpg", "a.jpg")],
            mostTerms: 15),
        Map(
            testDescription: "some of many years",
            pairs: (0..<30).map {
                ("20\(10 + $0 % 15)/0\(1 + $0 % 9)/\(1_000 + $0 * 37).jpg", "x/\($0).jpg")
            },
            mostTerms: 10),
    ]

    /// One dress in one container or none makes some thousand values with a reference per map.
    @Test(
        "D04 whatever the rewriter finds or reports, the prefilter lets through",
        arguments: maps, [11, 12] as [UInt64])
    func isNeverTooLittle(map: Map, seed: UInt64) throws {
        let rewriter = try Sample.rewriter(map.pairs)
        let expressions = Self.compiled(rewriter.prefilter)
        var dresses = Dresses(seed: seed)
        var found = 0
        for index in 0..<3_500 {
            let value = dresses.value(path: map.pairs[index % map.pairs.count].0)
            let rewrite = rewriter.rewrite(value, role: .ordinary)
            guard
                !rewrite.occurrences.isEmpty || !rewrite.splices.isEmpty
                    || rewrite.opaque.contains(where: { !$0.paths.isEmpty })
            else { continue }
            found += 1
            let text = String(decoding: value, as: UTF8.self)
            #expect(Self.admits(rewriter.prefilter, value), "\(text)")
            #expect(expressions.contains { Self.meets($0, value) }, "\(text)")
            #expect(value.count >= rewriter.prefilter.shortest, "\(text)")
            #expect(Self.containsAny(value, rewriter.prefilterTerms), "\(text)")
        }
        // Most values must count, or nothing is shown.
        #expect(found > 1_500)
    }

    @Test("the prefilter has few terms", arguments: maps)
    func hasFewTerms(map: Map) throws {
        let terms = try Sample.rewriter(map.pairs).prefilterTerms
        #expect(
            terms.count <= map.mostTerms,
            "\(terms.map { String(decoding: $0, as: UTF8.self) })")
    }

    @Test("ten thousand renames have as few terms as some")
    func doesNotGrow() throws {
        let pairs = (0..<10_000).map {
            ("20\(10 + $0 % 15)/0\(1 + $0 % 9)/photo-\($0).jpg", "x/\($0).jpg")
        }
        let years = (0..<10_000).map {
            ("20\(10 + $0 % 15)/0\(1 + $0 % 9)/\($0 * 7919).jpg", "x/\($0).jpg")
        }
        let flat = (0..<10_000).map { ("\(String($0 * 7919, radix: 36)).jpg", "x/\($0).jpg") }
        for pairs in [pairs, years, flat] {
            let terms = try Sample.rewriter(pairs).prefilterTerms
            #expect(
                terms.count <= 10, "\(terms.map { String(decoding: $0, as: UTF8.self) })")
        }
    }

    @Test("a single rename does not ask for other files' rows")
    func isSpecific() throws {
        let rewriter = try Sample.rewriter(Self.maps[0].pairs)
        for other in [
            "<img src=\"https://example.com/wp-content/uploads/2024/05/harbour-boats-8.jpg\">",
            "<p>7 boats in a harbour</p>", #"{"a":"2024\/05\/IMG_1.jpg"}"#,
        ] {
            #expect(!Self.admits(rewriter.prefilter, Array(other.utf8)), "\(other)")
        }
        #expect(
            Self.admits(
                rewriter.prefilter,
                Array("/wp-content/uploads/2024/05/harbour-boats-7-300x200.jpg".utf8)))
    }

    @Test(
        "a camera's name lets only its own rows through",
        arguments: [
            "<p>50&nbsp;% off &#8217;til IMG_7 sails</p><!-- wp:image {\"a\":\"\\u003c\"} -->",
            "/wp-content/uploads/2024/05/IMG_10.jpg?a=1&amp;b=%D7%A9",
            "IMG 1 100%20 \\/uploads\\/x.jpg",
            "/wp-content/uploads/2024/05/IMG-1.jpg &#038; &#x2014; &amp;#8217; \\u2014 \\u0022",
        ])
    func isSharp(other: String) throws {
        let rewriter = try Sample.rewriter([("2024/05/IMG_11.jpg", "2024/05/a.jpg")])
        let expressions = Self.compiled(rewriter.prefilter)
        #expect(!expressions.contains { Self.meets($0, Array(other.utf8)) }, "\(other)")
        for own in ["IMG_11", "IMG%5F11", "IMG_%311", #"IMG_1\u0031"#, "IMG&#95;11", "&#73;MG_11"] {
            let value = Array("/wp-content/uploads/2024/05/\(own).jpg".utf8)
            #expect(expressions.contains { Self.meets($0, value) }, "\(own)")
        }
    }

    /// A prefilter's expressions, compiled.
    private static func compiled(
        _ prefilter: Prefilter
    ) -> [(pattern: Pattern?, terms: [[UInt8]])] {
        prefilter.expressions.map { ($0.pattern.map { Pattern($0) }, $0.terms) }
    }

    private static func meets(
        _ expression: (pattern: Pattern?, terms: [[UInt8]]), _ value: [UInt8]
    ) -> Bool {
        (expression.pattern?.matches(anywhereIn: value, 0..<value.count) ?? true)
            && (expression.terms.isEmpty || containsAny(value, expression.terms))
    }

    /// The meaning of a prefilter, as plainly as it can be said.
    private static func admits(_ prefilter: Prefilter, _ value: [UInt8]) -> Bool {
        prefilter.alternatives.contains { $0.groups.allSatisfy { containsAny(value, $0) } }
    }

    private static func containsAny(_ value: [UInt8], _ terms: [[UInt8]]) -> Bool {
        terms.contains { term in
            value.count >= term.count
                && (0...(value.count - term.count)).contains {
                    value[$0] == term[0] && value[$0...].starts(with: term)
                }
        }
    }
}
