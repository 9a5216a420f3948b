import Foundation
@testable import Inventory
import Model
import Testing

@Suite("Contents that were made to harm") struct HostileContentTests {
    /// The time of the thread for one content, in seconds.
    private func time(_ content: [UInt8]) -> Double {
        func now() -> Double {
            var time = timespec()
            // The call writes the structure that it is given.
            _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        let outline = ContentOutline(content)
        _ = outline.heading(before: content.count)
        return now() - start
    }

    @Test(
        "Eight times the content costs less than twenty-four times the time",
        arguments: [
            "<", "<a ", "<a \"", "<a '\">", "<a \">\"", "<a href=", "<!--", "<!-- wp:gallery ",
            "<!-- wp:gallery {\"ids\":[[", "<!-- wp:image {\"id\":{{ -->", "<!-- wp:gallery -->",
            "[gallery ", "[gallery ids='", "[[gallery", "<h2>", "<h2>x</h2>", "<a href='x'>",
            "<img class='wp-image-1'>", "<img class=wp-image-",
        ])
    func linearity(unit: String) {
        func content(_ bytes: Int) -> [UInt8] {
            Array(repeatElement(Array(unit.utf8), count: bytes / unit.utf8.count).joined())
        }
        // The best of three: other processes take time, too.
        let small = (0..<3).map { _ in time(content(32_000)) }.min() ?? 0
        let large = (0..<3).map { _ in time(content(256_000)) }.min() ?? 0
        #expect(large < max(small, 0.001) * 24, "\(small) s, \(large) s")
    }

    @Test("Attributes nested deeper than any stack are passed over", arguments: ["[", "{\"a\":"])
    func depth(unit: String) {
        let nested = String(repeating: unit, count: 300_000)
        let content = "<!-- wp:image {\"id\":1,\"x\":\(nested) /--><img class='wp-image-2'>"
        #expect(ContentOutline(Array(content.utf8)).ids.map(\.attachment) == [1, 2])
    }

    @Test("Every beginning of a content is read to its end", arguments: [1, 2, 3] as [UInt64])
    func truncation(seed: UInt64) {
        let content = Array(
            """
            <h2>A &amp; B</h2><!-- wp:gallery {"ids":[1,2],"a":"\\"}"} --><a href='x&#38;y'><img \
            class="wp-image-3 x"></a><!-- /wp:gallery -->[gallery ids="4,5"][caption id=attachment_6]
            """.utf8)
        for length in 0...content.count {
            var part = Array(content.prefix(length))
            if !part.isEmpty { part[Int(seed) * 37 % part.count] = UInt8(ascii: "<") }
            #expect(ContentOutline(part).ids.count <= 6)
        }
        #expect(ContentOutline(content).ids.map(\.attachment) == [1, 2, 3, 4, 5, 6])
    }
}
