public import CrashPoints

/// What exploring one scenario came to.
public struct Exploration: Sendable {
    /// The scenario's name.
    public var scenario: String
    /// How many crashes were tried.
    public var crashes = 0
    /// How many different worlds they left, each recovered from.
    public var states = 0
    /// The points at which the scenario and its recoveries could crash.
    public var points: Set<EffectPoint> = []
    /// What did not hold, and after what.
    public var violations: [String] = []

    /// Creates one to which nothing has been added.
    public init(scenario: String) { self.scenario = scenario }

    /// Adds what another came to.
    public mutating func add(_ other: Exploration) {
        crashes += other.crashes
        states += other.states
        points.formUnion(other.points)
        violations += other.violations
    }
}
