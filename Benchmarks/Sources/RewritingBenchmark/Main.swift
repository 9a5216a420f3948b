import Model
import Rewriting

/// Measures the rewriter beside memcpy, the limit of this machine, all in one run.
///
/// Usage: `swift run -c release --package-path Benchmarks moniker-bench [MEGABYTES] [ROUNDS]`.
@main struct RewritingBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let megabytes = arguments.first ?? 64
        let rounds = arguments.dropFirst().first ?? 7
        let bytes = megabytes * 1_000_000

        var corpus = Corpus(seed: 1)
        let none = corpus.text(bytes: bytes, spacing: nil, images: 1)
        let sparse = corpus.text(bytes: bytes, spacing: 16_384, images: 10_000)
        let dense = corpus.dense(bytes: bytes / 4, images: 10_000)
        let one = try rewriter(pairs: 1)
        let many = try rewriter(pairs: 10_000)

        let copy = fastest(rounds) { copied(sparse).count }
        var rows: [(String, Int, Double)] = [("memcpy", sparse.count, copy)]
        func measure(_ name: String, _ value: [UInt8], _ rewriter: Rewriter) {
            let seconds = fastest(rounds) {
                rewriter.rewrite(value, role: .ordinary).references
            }
            rows.append((name, value.count, seconds))
        }
        measure("no references, 1 pair", none, one)
        measure("no references, 10,000 pairs", none, many)
        measure("sparse references, 1 pair", sparse, one)
        measure("sparse references, 10,000 pairs", sparse, many)
        measure("dense references, 1 pair", dense, one)
        measure("dense references, 10,000 pairs", dense, many)

        print("| measured | GB/s | times memcpy's time |")
        print("|---|---:|---:|")
        for (name, count, seconds) in rows {
            let ratio = seconds / Double(count) / (copy / Double(sparse.count))
            print("| \(name) | \(rounded(Double(count) / seconds / 1e9)) | \(rounded(ratio)) |")
        }
        print()
        print("10,000 pairs cost \(rounded(rows[4].2 / rows[3].2)) times one pair on sparse text.")
        print(
            "Fastest of \(rounds) rounds; \(none.count), \(sparse.count) and \(dense.count) bytes; references found with 10,000 pairs: \(many.rewrite(sparse, role: .ordinary).references) and \(many.rewrite(dense, role: .ordinary).references)."
        )
    }

    private static func rewriter(pairs: Int) throws -> Rewriter {
        let map = try RenameMap(
            (0..<pairs).map { index in
                let old = try MediaPath(Corpus.old(index))
                return (
                    old: old, new: try old.sibling(named: "red-mountain-bike-\(index).jpg".utf8)
                )
            })
        return try Rewriter(
            map: map,
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"],
                directories: [Array("/var/www/html/wp-content/uploads".utf8)],
                assumesUsualServerFolders: false))
    }

    private static func copied(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        // A write makes the array its own.
        copy[0] = 0x20
        return copy
    }

    /// The seconds of the fastest of some rounds.
    private static func fastest(_ rounds: Int, _ work: () -> Int) -> Double {
        let clock = ContinuousClock()
        var best = Duration.seconds(1_000_000)
        var sum = 0
        for _ in 0..<rounds { best = min(best, clock.measure { sum &+= work() }) }
        precondition(sum >= 0)
        return Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
    }

    private static func rounded(_ number: Double) -> String {
        let hundredths = Int(number * 100 + 0.5)
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
