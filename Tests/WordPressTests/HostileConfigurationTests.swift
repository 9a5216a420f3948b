import Model
import Testing

@testable import WordPress

/// Files that would take the parser's stack, memory or time; each once did.
@Suite("wp-config.php that was made to harm") struct HostileConfigurationTests {
    @Test(
        "nesting without end is computed, and what was read before stays",
        .timeLimit(.minutes(10)),
        arguments: [
            "(", "-", "f(", "f(1, [", "1 ?: ", "a ?? ", "$_ENV[", "'x' . (", "-(f([", "getenv(",
        ])
    func deepNesting(unit: String) throws {
        let deep = String(repeating: unit, count: 100_000)
        let configuration = parse(
            "define('FIRST', 'before'); ?> <?php define('DEEP', \(deep)1; define('LAST', 'after');")
        #expect(try configuration.string("FIRST") == "before")
        // Nothing was guessed: the value is unknown, or the definition was never complete. Whatever
        // follows, `1 ?:` is 1.
        let value = configuration.constants["DEEP"]?.value ?? .computed
        #expect(value == .computed || unit == "1 ?: " && value == .number("1"))
    }

    @Test("closings and openings of PHP, one after the other", .timeLimit(.minutes(10)))
    func manyTags() throws {
        let configuration = parse(
            String(repeating: "?><?", count: 200_000) + " define('LAST', 'after');")
        #expect(try configuration.string("LAST") == "after")
    }

    @Test("a value that doubles with each line is computed", .timeLimit(.minutes(10)))
    func doubling() throws {
        let configuration = parse(
            "$a = 'xx';" + String(repeating: "$a = $a . $a;", count: 64) + "define('LONG', $a);"
                + "define('SHORT', 'a' . 'b');")
        #expect(configuration.constants["LONG"]?.value == .computed)
        #expect(try configuration.string("SHORT") == "ab")
    }

    @Test("files that include each other many times come to an end", .timeLimit(.minutes(10)))
    func includes() throws {
        var reads = 0
        let body = Array(
            ("<?php " + String(repeating: "include '/a.php';", count: 300)
                + "define('LAST', 'after');").utf8)
        let configuration = SiteConfiguration.parse(
            body, at: "/srv/site/wp-config.php", environment: [:]
        ) { _ in
            reads += 1
            return body
        }
        #expect((5...100).contains(reads))
        #expect(try configuration.string("LAST") == "after")
    }

    @Test("what people write is far from the limits")
    func ordinaryNesting() throws {
        let configuration = parse(
            "define('A', ((((((((((((((('x')))))))))))))) . rtrim(rtrim(rtrim('y/', '/'), '/'), '/'));"
        )
        #expect(try configuration.string("A") == "xy")
    }

    private func parse(_ body: String) -> SiteConfiguration {
        SiteConfiguration.parse(
            Array("<?php \(body)".utf8), at: "/srv/site/wp-config.php", environment: [:],
            readingInclude: { _ in nil })
    }
}
