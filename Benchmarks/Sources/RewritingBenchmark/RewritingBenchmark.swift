import Glibc
import Model
import Rewriting

/// Measures the rewriter in one run and prints Markdown tables.
@main enum RewritingBenchmark {
    private static let size = 64 << 20
    private static let rounds = 5

    static func main() throws {
        let one = try rewriter(pairs: 1)
        let many = try rewriter(pairs: 10_000)
        // Content with one file costs both rewriters the same references, so that the ratio says
        // what the size of the map costs.
        let contents: [(name: String, files: Int, value: [UInt8])] = [
            ("posts without images", 1, Content.posts(size: size, paragraphsPerImage: 0, files: 1)),
            (
                "posts, an image in 20 kB", 1,
                Content.posts(size: size, paragraphsPerImage: 64, files: 1)
            ),
            ("galleries, an image in 80 bytes", 1, Content.galleries(size: size, files: 1)),
            ("galleries of 10,000 files", 10_000, Content.galleries(size: size, files: 10_000)),
            ("one serialized array", 1, Content.serialized(size: size, files: 1)),
            ("one JSON document", 1, Content.json(size: size, files: 1)),
        ]
        print(
            "| 64 MiB of | memcpy GB/s | 1 pair GB/s | 10,000 pairs GB/s | time, 10,000 pairs ÷ 1 pair | references |"
        )
        print("|---|---:|---:|---:|---:|---:|")
        for (name, files, value) in contents {
            let copying = copyTime(value)
            let (single, _) = time(one, value)
            let (multiple, references) = time(many, value)
            let isComparable = files == 1
            print(
                "| \(name) | \(rate(value, copying)) | \(isComparable ? rate(value, single) : "–") | \(rate(value, multiple)) | \(isComparable ? decimal(multiple / single) : "–") | \(references) |"
            )
        }
        print("\n| adversarial input | 1 MB, ms | 8 MB ÷ 1 MB, time |")
        print("|---|---:|---:|")
        var isLinear = true
        for (name, unit) in hostile {
            let small = time(many, Content.repeated(unit, size: 1 << 20)).seconds
            let large = time(many, Content.repeated(unit, size: 8 << 20)).seconds
            isLinear = isLinear && large < 24 * small
            print("| \(name) | \(decimal(small * 1000)) | \(decimal(large / small)) |")
        }
        guard isLinear else { exit(1) }
    }

    /// Inputs that make a careless scanner quadratic.
    private static let hostile: [(String, String)] = [
        ("repeated anchors", "/wp-content/uploads/"),
        ("anchors of foreign hosts", "https://a.test/wp-content/uploads/"),
        ("unfinished serialized strings", "s:9:\""),
        (
            "serialized strings with huge lengths",
            "s:99999999:\\\"/wp-content/uploads/2010/01/photo-0.jpg "
        ),
        ("openings of data URIs", "data:image/png;"),
        ("quoted data URIs", "\"data:image/png;base64,/wp-content/uploads/2010/01/photo-0.jpg "),
        ("base64 without an end", "d3AtY29udGVudC91cGxvYWRz"),
        ("quotes in quotes", "\"'\"'/wp-content/uploads/2010/01/photo-0.jpg"),
        ("backslashes", "\\\\\\\\"),
        ("backslashes and anchors", "\\\\\\/wp-content\\\\\\/uploads\\\\\\/"),
        ("ampersands", "&amp;amp;"),
        ("block openings", "<!-- wp:x {\"a\":"),
        ("opened arrays", "a:1:{i:0;"),
        ("JSON arrays", "[["),
        ("a path that goes on", "/wp-content/uploads/2010/01/photo-0.jpg-"),
    ]

    private static func rewriter(pairs count: Int) throws(MonikerError) -> Rewriter {
        var pairs: [(old: MediaPath, new: MediaPath)] = []
        for number in 0..<count {
            let old = try MediaPath(Content.path(number))
            let new = try MediaPath(old.description.replacing("photo", with: "old-harbour"))
            pairs.append((old, new))
        }
        return try Rewriter(
            map: RenameMap(pairs),
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"],
                directories: [Array("/var/www/html/wp-content/uploads".utf8)],
                assumesUsualServerFolders: false))
    }

    // MARK: Measuring

    private static func time(
        _ rewriter: Rewriter, _ value: [UInt8]
    ) -> (seconds: Double, references: Int) {
        var references = 0
        let seconds = best {
            references = rewriter.rewrite(value, role: .ordinary).references
        }
        return (seconds, references)
    }

    /// The physical limit: the same bytes, only copied.
    private static func copyTime(_ value: [UInt8]) -> Double {
        var target = [UInt8](repeating: 0, count: value.count)
        return best {
            // SAFETY: both buffers have this many bytes and do not overlap.
            unsafe target.withUnsafeMutableBytes { target in
                unsafe value.withUnsafeBytes { source in
                    unsafe target.copyMemory(from: source)
                }
            }
        }
    }

    private static func best(_ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        return (0..<rounds).map { _ in clock.measure(body) / .seconds(1) }.min() ?? 0
    }

    private static func rate(_ value: [UInt8], _ seconds: Double) -> String {
        decimal(Double(value.count) / seconds / 1e9)
    }

    private static func decimal(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
