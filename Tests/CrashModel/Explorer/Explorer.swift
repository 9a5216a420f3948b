import CrashPoints
public import Model

/// Runs a scenario, crashes it at every point in every way, recovers, and crashes the recoveries.
///
/// A world is a value, so a crash is a copy of it: each run serves all crashes in it.
public struct Explorer: Sendable {
    /// How many crashes follow each other: 1 is the scenario's, 2 is also one in its recovery.
    public var depth: Int
    /// Up to this many pending changes of names every subset is lost; beyond it a seeded sample.
    public var exhaustiveChanges: Int
    /// Whether the first violation ends the exploration.
    public var stopsAtViolation: Bool
    /// Beyond this many different states nothing is added; a bound for mutants that never settle.
    public var mostStates: Int

    /// Creates an explorer.
    public init(
        depth: Int = 2, exhaustiveChanges: Int = 6, stopsAtViolation: Bool = false,
        mostStates: Int = .max
    ) {
        self.depth = depth
        self.exhaustiveChanges = exhaustiveChanges
        self.stopsAtViolation = stopsAtViolation
        self.mostStates = mostStates
    }

    /// A world to be recovered.
    struct Crash {
        var world: World
        var trail: String
        var depth: Int
        var hadPowerCut: Bool
    }

    /// Explores a scenario.
    ///
    /// - Throws: what the scenario throws where nothing crashes.
    public func explore(_ scenario: Scenario) throws(MonikerError) -> Exploration {
        var exploration = Exploration(scenario: scenario.name)
        let start = try prepared(scenario)
        var judge = Judge(scenario: scenario, start: start)
        var waiting: [Crash] = []
        var seen: Set<Int> = []

        let run = Universe(start, limits: scenario.limits)
        try watch(run, scenario, Crash(world: start, trail: "", depth: 0, hadPowerCut: false)) {
            (crash) in
            note(crash, &waiting, &seen, &exploration)
        } body: { (site) throws(MonikerError) in
            try scenario.act(site)
        }
        judge.end = SiteState(run.world)
        let origin = SiteState(Scenario.initialWorld(flushesCommits: scenario.flushesCommits))
        if scenario.leadsBack, judge.end != origin {
            exploration.violations.append("I7: \(judge.end.difference(from: origin))")
        }
        exploration.points.formUnion(run.pointsSeen)

        drain(&waiting, &seen, &judge, &exploration, depth: depth)
        return exploration
    }

    /// Recovers every world that waits, and those that crashes of the recoveries leave.
    func drain(
        _ waiting: inout [Crash], _ seen: inout Set<Int>, _ judge: inout Judge,
        _ exploration: inout Exploration, depth: Int
    ) {
        let scenario = judge.scenario
        while let crash = waiting.popLast() {
            if stopsAtViolation, !exploration.violations.isEmpty || Task.isCancelled { break }
            exploration.states += 1
            for violation in judge.violations(in: crash.world) {
                exploration.violations.append("\(crash.trail): \(violation)")
            }
            let universe = Universe(crash.world, limits: scenario.limits)
            do throws(MonikerError) {
                try watch(universe, scenario, crash) { (next) in
                    guard next.depth <= depth else { return }
                    note(next, &waiting, &seen, &exploration)
                } body: { (site) throws(MonikerError) in
                    try site.recover()
                }
            } catch {
                exploration.violations.append("\(crash.trail): I4: recovery: \(error.message)")
                continue
            }
            exploration.points.formUnion(universe.pointsSeen)
            for violation in judge.violations(
                afterRecovery: universe.world, hadPowerCut: crash.hadPowerCut)
            {
                exploration.violations.append("\(crash.trail): \(violation)")
            }
        }
    }

    func prepared(_ scenario: Scenario) throws(MonikerError) -> World {
        let universe = Universe(
            Scenario.initialWorld(flushesCommits: scenario.flushesCommits),
            limits: scenario.limits)
        try scenario.prepare(try ModelSite(universe))
        // Long ago: everything is on the disk.
        return universe.world.afterPowerCut(survivors: .max, losingCommits: false)
    }

    func note(
        _ crash: Crash, _ waiting: inout [Crash], _ seen: inout Set<Int>,
        _ exploration: inout Exploration
    ) {
        exploration.crashes += 1
        guard seen.count < mostStates else { return }
        var hasher = Hasher()
        hasher.combine(crash.world.withoutTime)
        hasher.combine(crash.hadPowerCut)
        if seen.insert(hasher.finalize()).inserted { waiting.append(crash) }
    }

    /// Runs something and hands over every world that a crash could leave on the way.
    private func watch(
        _ universe: Universe, _ scenario: Scenario, _ origin: Crash,
        crashed: (Crash) -> Void, body: (ModelSite) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        let site = try ModelSite(universe)
        var worlds: [(EffectPoint, World)] = []
        var changes = -1
        universe.observe = { point in
            universe.pointsSeen.insert(point)
            if universe.changes != changes {
                changes = universe.changes
                worlds.append((point, universe.world))
            }
            return true
        }
        defer { universe.observe = { _ in true } }
        do throws(MonikerError) {
            try body(site)
        } catch {
            hand(over: worlds, origin, crashed)
            throw error
        }
        hand(over: worlds, origin, crashed)
    }

    private func hand(
        over worlds: [(EffectPoint, World)], _ origin: Crash, _ crashed: (Crash) -> Void
    ) {
        for (index, (point, world)) in worlds.enumerated() {
            let trail = "\(origin.trail)\(origin.trail.isEmpty ? "" : ", then ")\(index) \(point)"
            crashed(
                Crash(
                    world: world.afterKill(), trail: "\(trail) killed", depth: origin.depth + 1,
                    hadPowerCut: origin.hadPowerCut))
            for survivors in survivors(of: world.files.pendingChanges) {
                for losingCommits in world.database.losesCommits ? [false, true] : [false] {
                    crashed(
                        Crash(
                            world: world.afterPowerCut(
                                survivors: survivors, losingCommits: losingCommits),
                            trail:
                                "\(trail) power cut, \(String(survivors, radix: 2)) survived\(losingCommits ? ", commits lost" : "")",
                            depth: origin.depth + 1, hadPowerCut: true))
                }
            }
        }
    }

    /// Which of some pending changes survive, in every way or in a sample of ways.
    private func survivors(of count: Int) -> [UInt64] {
        let all: UInt64 = count >= 64 ? .max : (1 << UInt64(count)) - 1
        guard count > exhaustiveChanges else { return Array(0...all) }
        var result: [UInt64] = [0, all]
        for bit in 0..<UInt64(min(count, 64)) {
            result.append(1 << bit)
            result.append(all & ~(1 << bit))
        }
        var random = UInt64(count)
        for _ in 0..<8 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            result.append((random >> 13) & all)
        }
        return result
    }
}
