import Foundation
import Model
import Rewriting
import Testing

/// Random values that PHP built before and after a rename, and damaged ones that PHP judged.
@Suite struct PHPOracleTests {
    /// The map of `Oracle/generate.php`.
    private static let map: [(String, String)] = [
        ("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
        ("2024/05/IMG_1-300x200.jpg", "2024/05/red-bike-300x200.jpg"),
        ("2024/05/IMG_1-1024x683.jpg", "2024/05/red-bike-1024x683.jpg"),
        ("2024/05/legacy photo.jpg", "2024/05/old-harbour.jpg"),
        ("2024/05/東京.jpg", "2024/05/tokyo.jpg"),
        ("2024/05/Café.jpg", "2024/05/cafe.jpg"),
        ("2024/05/05.jpg", "2024/05/five.jpg"),
        ("2023/12/left.png", "2023/12/right.png"),
        ("2023/12/right.png", "2023/12/left.png"),
        ("2023/12/one.webp", "2023/12/two.webp"),
        ("2023/12/two.webp", "2023/12/number-three.webp"),
        ("2023/12/photo.jpg", "2023/12/best-photo.jpg"),
    ]

    @Test(
        "G01–G03 G20 S04 S05 S17 S18 S23 P21 U10 U11: 10,000 values as PHP rewrites them",
        arguments: [20_260_101])
    func agreesWithPHP(seed: Int) throws {
        let rewriter = try Sample.rewriter(Self.map)
        let pairs = try PHPOracle.pairs(seed: seed, count: 10_000)
        #expect(pairs.count == 10_000)
        #expect(pairs.count { $0.changes && $0.value != $0.expected } > 5_000)
        var serialized: [[UInt8]] = []
        var results: [[UInt8]] = []
        for pair in pairs {
            let value = [UInt8](pair.value)
            let rewrite = rewriter.rewrite(value, role: .ordinary)
            let result = rewrite.splices.applied(to: value)
            guard result == [UInt8](pair.expected) else {
                Issue.record(
                    """
                    \(String(decoding: value, as: UTF8.self))
                    => \(String(decoding: result, as: UTF8.self))
                    != \(String(decoding: pair.expected, as: UTF8.self))
                    """)
                continue
            }
            if value.starts(with: "a:".utf8) || value.starts(with: "O:".utf8) {
                serialized.append(value)
                results.append(result)
            }
        }
        let before = try PHPOracle.accepts(serialized)
        let after = try PHPOracle.accepts(results)
        #expect(before.count { $0 } > 1_000)
        #expect(before == after)
    }

    @Test(
        "P01–P20 P23 P26 G16 G24: what PHP rejects stays, what it reads is rewritten",
        arguments: [1, 2])
    func agreesOnTheGrammar(seed: Int) throws {
        let rewriter = try Sample.rewriter(Self.map)
        let mutations = try PHPOracle.mutations(seed: seed, count: 5_000)
        let accepted = mutations.count { $0.accepted }
        #expect(accepted > 200 && mutations.count - accepted > 2_000)
        var results: [[UInt8]] = []
        for mutation in mutations {
            let value = [UInt8](mutation.value)
            let text = String(decoding: value, as: UTF8.self)
            // An enum's class is not loaded here, and a payload is read by nobody but its class.
            guard !text.contains(/[CE]:[0-9]/) else { continue }
            let rewrite = rewriter.rewrite(value, role: .ordinary)
            let result = rewrite.splices.applied(to: value)
            if mutation.accepted {
                results.append(result)
                // PHP reads `O:8:"stdClass"::{}` as well; no serializer writes it (differs). Damage
                // inside of a nested value is none of the outer one.
                guard !text.contains(/O:[0-9]+:"[^"]*":(?![0-9]+:\{)|s:[0-9]+:"[as]:/) else {
                    continue
                }
                #expect(
                    rewrite.opaque.allSatisfy { $0.reason == .propertyName }, "PHP reads \(text)")
            } else if text.contains(/[rR]:[0-9]/), text.contains(/i:([0-9]+);.*i:\1;/) {
                // A key that comes twice takes back the slot that a reference may mean (differs: the
                // slots of both are counted).
                continue
            } else if text.starts(with: /\s*(?:a:[0-9]+:\{|[OsS]:[0-9]+:")/) {
                #expect(result == value, "PHP does not read \(text)")
            }
        }
        let verdicts = try PHPOracle.accepts(results)
        #expect(verdicts.count == results.count)
        for (result, verdict) in zip(results, verdicts) where !verdict {
            Issue.record("PHP does not take \(String(decoding: result, as: UTF8.self))")
        }
    }
}
