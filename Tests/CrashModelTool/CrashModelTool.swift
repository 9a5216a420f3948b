import CrashModel
import CrashPoints
import Glibc
import Model

/// `crash-model [--long|--first]`: explores every scenario, prints a line for each and the sum.
///
/// `--long` goes one crash deeper; `--first`, for mutants, goes less deep, disturbs every other point
/// and ends at the first violation.
/// Exits with 1 when something did not hold, or when a crash point was never reached.
@main
struct CrashModelTool {
    private let explorer: Explorer
    private let stride: Int
    private let stopsAtViolation: Bool

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let isLong = arguments.contains("--long")
        let stops = arguments.contains("--first")
        let tool = CrashModelTool(
            explorer: Explorer(
                depth: stops ? 2 : isLong ? 4 : 3, exhaustiveChanges: isLong ? 8 : 6,
                stopsAtViolation: stops),
            stride: stops ? 2 : 1, stopsAtViolation: stops)
        if try await !tool.run() { exit(1) }
    }

    private func run() async throws -> Bool {
        var total = Exploration(scenario: "total")
        try await withThrowingTaskGroup(of: Exploration.self) { group in
            var work = Scenario.all.map { scenario in
                { @Sendable [explorer] in try explorer.explore(scenario) }
            }
            for disturbance in Disturbance.all {
                for scenario in Scenario.disturbed {
                    work.append { [explorer, stride] in
                        try explorer.explore(scenario, with: disturbance, stride: stride)
                    }
                }
            }
            // As many at once as the machine has use for.
            var rest = work.reversed().map { $0 }
            for _ in 0..<3 { if let next = rest.popLast() { group.addTask { try next() } } }
            while let exploration = try await group.next() {
                show(exploration)
                total.add(exploration)
                if stopsAtViolation, !total.violations.isEmpty {
                    group.cancelAll()
                    return
                }
                if let next = rest.popLast() { group.addTask { try next() } }
            }
        }
        let missed = EffectPoint.registered.filter { !total.points.contains($0) }
        print(
            "total\t\(total.crashes) crashes\t\(total.states) states\t\(total.violations.count) violations"
        )
        if !missed.isEmpty, !stopsAtViolation { print("never reached: \(missed)") }
        return total.violations.isEmpty && (missed.isEmpty || stopsAtViolation)
    }

    private func show(_ exploration: Exploration) {
        print(
            "\(exploration.scenario)\t\(exploration.crashes) crashes\t\(exploration.states) states\t\(exploration.violations.count) violations"
        )
        for violation in exploration.violations.prefix(3) { print("    \(violation)") }
    }
}
