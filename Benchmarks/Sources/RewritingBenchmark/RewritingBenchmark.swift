import Glibc
import Model
import Rewriting

/// Measures the rewriter in one run and prints Markdown tables.
@main enum RewritingBenchmark {
    private static let size = 64 << 20
    private static let rounds = 5

    static func main() throws {
        let one = try rewriter(files: 1)
        let many = try rewriter(files: 10_000)
        let family = try rewriter(files: 1, sizes: Content.sizes)
        let families = try rewriter(files: 10_000, sizes: Content.sizes)
        print(
            "| 64 MiB of | memcpy GB/s | 1 file GB/s | 10,000 files GB/s | time, 10,000 files ÷ 1 file | references |"
        )
        print("|---|---:|---:|---:|---:|---:|")
        // Content with one file costs both rewriters the same references, so that the ratio says
        // what the size of the map costs.
        compare("posts without images", Content.posts(size, paragraphsPerImage: 0), one, many)
        compare("posts, an image in 20 kB", Content.posts(size, paragraphsPerImage: 64), one, many)
        compare("posts with a gallery of blocks", Content.galleryPosts(size), family, families)
        compare(
            "the same of 10,000 files", Content.galleryPosts(size, files: 10_000), nil, families)
        compare("galleries, an image in 80 bytes", Content.galleries(size), one, many)
        compare("galleries of 10,000 files", Content.galleries(size, files: 10_000), nil, many)
        compare("one serialized array", Content.serialized(size), one, many)
        compare("one JSON document", Content.json(size), one, many)
        let small = 7_000
        compare(
            "posts of 7 kB without images",
            Content.posts(small, paragraphsPerImage: 0), one, many, times: size / small)
        compare(
            "posts of 7 kB with a gallery of blocks", Content.galleryPosts(small), family, families,
            times: size / small)
        guard CommandLine.arguments.count == 1 else { return }
        print("\n| adversarial input | 1 MB, ms | 8 MB ÷ 1 MB, time |")
        print("|---|---:|---:|")
        var isLinear = true
        // A file's name, without which the values would not be looked at.
        let name = Array(" \(Content.path(0))".utf8)
        for (title, unit) in hostile {
            let small = time(many, Content.repeated(unit, size: 1 << 20) + name).seconds
            let large = time(many, Content.repeated(unit, size: 8 << 20) + name).seconds
            isLinear = isLinear && large < 24 * small
            print("| \(title) | \(decimal(small * 1000)) | \(decimal(large / small)) |")
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

    /// A rewriter for so many files, each with the given sizes.
    private static func rewriter(
        files: Int, sizes: [String] = []
    ) throws(MonikerError) -> Rewriter {
        var pairs: [(old: MediaPath, new: MediaPath)] = []
        for number in 0..<files {
            for suffix in [""] + sizes {
                let old = try MediaPath(Content.path(number, suffix))
                let new = try MediaPath(old.description.replacing("photo", with: "old-harbour"))
                pairs.append((old, new))
            }
        }
        return try Rewriter(
            map: RenameMap(pairs),
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"],
                directories: [Array("/var/www/html/wp-content/uploads".utf8)],
                assumesUsualServerFolders: false))
    }

    // MARK: Measuring

    /// Prints a row of the first table.
    ///
    /// - Parameter times: how often the value is looked at, as if there were as many.
    private static func compare(
        _ name: String, _ make: @autoclosure () -> [UInt8], _ one: Rewriter?, _ many: Rewriter,
        times: Int = 1
    ) {
        // Names as arguments choose rows.
        let wanted = CommandLine.arguments.dropFirst()
        guard wanted.isEmpty || wanted.contains(where: { name.contains($0) }) else { return }
        let value = make()
        let bytes = value.count * times
        let copying = copyTime(value, times: times)
        let single = one.map { time($0, value, times: times).seconds }
        let (multiple, references) = time(many, value, times: times)
        let cells = [
            name, rate(bytes, copying), single.map { rate(bytes, $0) } ?? "–",
            rate(bytes, multiple),
            single.map { decimal(multiple / $0) } ?? "–", String(references * times),
        ]
        print("| \(cells.joined(separator: " | ")) |")
    }

    private static func time(
        _ rewriter: Rewriter, _ value: [UInt8], times: Int = 1
    ) -> (seconds: Double, references: Int) {
        var references = 0
        let seconds = best {
            for _ in 0..<times {
                references = rewriter.rewrite(value, role: .ordinary).references
            }
        }
        return (seconds, references)
    }

    /// The physical limit: the same bytes, only copied.
    private static func copyTime(_ value: [UInt8], times: Int) -> Double {
        var target = [UInt8](repeating: 0, count: value.count)
        return best {
            // SAFETY: both buffers have this many bytes and do not overlap.
            unsafe target.withUnsafeMutableBytes { target in
                unsafe value.withUnsafeBytes { source in
                    for _ in 0..<times { unsafe target.copyMemory(from: source) }
                }
            }
        }
    }

    /// The least processor time of the thread in some rounds, so that what else runs on the machine
    /// matters little.
    private static func best(_ body: () -> Void) -> Double {
        (0..<rounds).map { _ in
            let start = processorTime()
            body()
            return processorTime() - start
        }.min() ?? 0
    }

    private static func processorTime() -> Double {
        var time = timespec()
        // SAFETY: the call writes one `timespec`, which is what the pointer refers to.
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func rate(_ bytes: Int, _ seconds: Double) -> String {
        decimal(Double(bytes) / seconds / 1e9)
    }

    private static func decimal(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
