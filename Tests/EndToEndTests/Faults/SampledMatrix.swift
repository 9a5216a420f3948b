import Foundation
import TestSupport
import Testing

/// A seeded choice out of a matrix that is too big to be tried whole each time.
enum SampledMatrix {
    /// As many cases as there is time for: `usual`, or MONIKER_FAULT_CASES, or in the long run all.
    ///
    /// They are taken in turn from each group of cases (what stands before the first colon), so
    /// that none is left out.
    static func sample(
        _ cases: [String], usual: Int, using random: inout SplitMix64
    ) throws -> [String] {
        let count = try budget(usual, all: cases.count)
        guard cases.count > count else { return cases }
        var groups = Dictionary(grouping: cases) { $0.prefix { $0 != ":" } }.values
            .sorted { $0[0] < $1[0] }
            .map { $0.shuffled(using: &random) }
            .shuffled(using: &random)
        var chosen: [String] = []
        while chosen.count < count {
            for index in groups.indices where !groups[index].isEmpty && chosen.count < count {
                chosen.append(groups[index].removeLast())
            }
        }
        return chosen
    }

    /// How many cases there is time for.
    static func budget(_ usual: Int, all: Int) throws -> Int {
        guard let asked = ProcessInfo.processInfo.environment["MONIKER_FAULT_CASES"] else {
            return FaultLedger.isLongRun ? all : usual
        }
        return min(all, try #require(Int(asked)))
    }
}
