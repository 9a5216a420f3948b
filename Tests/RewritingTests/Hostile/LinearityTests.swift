import Foundation
import Model
import TestSupport
import Testing

@testable import Rewriting

/// No value makes the work grow faster than the value.
///
/// Measured as a ratio of two times of one process, in processor time of the thread, so that neither
/// the machine nor what else runs on it matters.
@Suite struct LinearityTests {
    /// Eight times as large, and at most twice that in time: a quadratic step would take 64 times.
    private static let factor = 8
    private static let mostRatio = 16.0

    /// 20 MB where the rewriter is optimized (`make hostile`); without, it is fifty times as slow.
    private static var largest: Int {
        #if DEBUG
            FaultLedger.isLongRun ? 1_000_000 : 120_000
        #else
            20_000_000
        #endif
    }

    @Test("eight times the value takes about eight times the work")
    func staysLinear() throws {
        let rewriter = try Sample.rewriter()
        let roles = [ValueRole.ordinary, .uploadedFile(directory: try MediaPath("2024/05"))]
        var tried = 0
        var violations = 0
        var worst: (ratio: Double, what: String) = (0, "")
        for input in HostileInput.all {
            let large = input.value(size: Self.largest)
            let small = input.value(size: Self.largest / Self.factor)
            for role in roles {
                let ratio = ratio(rewriter, small, large, role)
                tried += 1
                if ratio >= Self.mostRatio { violations += 1 }
                if ratio > worst.ratio { worst = (ratio, "\(input.name), \(role)") }
                #expect(
                    ratio < Self.mostRatio, "\(input.name), \(role), \(large.count) bytes")
            }
        }
        print("worst of \(tried) ratios: \(worst.ratio) (\(worst.what)), \(Self.largest) bytes")
        try FaultLedger.record(
            layer: "L8", "adversarial values: time grows with size", tried: tried,
            violations: violations)
    }

    /// How much longer the large value takes, as if it were exactly eight times as large; the least
    /// of some measurements where the first is too much.
    private func ratio(
        _ rewriter: Rewriter, _ small: [UInt8], _ large: [UInt8], _ role: ValueRole
    ) -> Double {
        let scale = Double(Self.factor) * Double(small.count) / Double(large.count)
        var least = Double.infinity
        for _ in 0..<5 where least >= Self.mostRatio {
            let short = seconds { rewriter.rewrite(small, role: role) }
            let long = seconds { rewriter.rewrite(large, role: role) }
            // What takes no time at all cannot take too long.
            least = min(least, long < 0.002 ? 1 : long / max(short, 1e-5) * scale)
        }
        return least
    }

    /// The processor time that the thread takes.
    private func seconds(_ body: () -> Rewrite) -> Double {
        let start = processorTime()
        let rewrite = body()
        let end = processorTime()
        // Used, so that the work cannot be left away.
        #expect(rewrite.references >= 0)
        return end - start
    }

    private func processorTime() -> Double {
        var time = timespec()
        // SAFETY: the call writes one `timespec`, which is what the pointer refers to.
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
