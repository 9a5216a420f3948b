import CrashModel
import Model

// Explores every scenario and prints one line each.
var isSound = true
for scenario in Scenario.all {
    do throws(MonikerError) {
        let clock = ContinuousClock()
        let start = clock.now
        let exploration = try Explorer().explore(scenario)
        print(
            "\(scenario.name)\t\(exploration.crashes)\t\(exploration.states)\t\(exploration.violations.count)\t\(clock.now - start)"
        )
        for violation in exploration.violations.prefix(5) { print("    \(violation)") }
        if !exploration.violations.isEmpty { isSound = false }
    } catch {
        print("\(scenario.name): \(error.message)")
        isSound = false
    }
}
