import CrashPoints
public import Model

extension Explorer {
    /// Explores a scenario in which something gets in the way at every point, one after the other,
    /// and in which the process is then killed at every later point, or not at all.
    ///
    /// - Parameter stride: 1 for every point, 2 for every other, …
    /// - Throws: what the scenario throws where nothing is in the way.
    public func explore(
        _ scenario: Scenario, with disturbance: Disturbance, stride: Int = 1
    ) throws(MonikerError) -> Exploration {
        var exploration = Exploration(scenario: "\(scenario.name); \(disturbance.name)")
        let start = try prepared(scenario)
        var judge = Judge(scenario: scenario, start: start, disturbance: disturbance)
        let undisturbed = Universe(start, limits: scenario.limits)
        var points = 0
        undisturbed.observe = { _ in
            points += 1
            return true
        }
        try scenario.act(try ModelSite(undisturbed))
        judge.end = SiteState(undisturbed.world)

        var seen: Set<Int> = []
        for chosen in Swift.stride(from: 0, to: points, by: stride) {
            if stopsAtViolation, !exploration.violations.isEmpty || Task.isCancelled { break }
            var waiting: [Crash] = []
            let run = try disturb(scenario, disturbance, from: start, at: chosen)
            exploration.points.formUnion(run.points)
            for crash in run.crashes {
                note(crash, &waiting, &seen, &exploration)
            }
            drain(&waiting, &seen, &judge, &exploration, depth: 1)
        }
        return exploration
    }

    /// Runs a scenario with something in the way and returns what kills after that would leave.
    private func disturb(
        _ scenario: Scenario, _ disturbance: Disturbance, from start: World, at chosen: Int
    ) throws(MonikerError) -> (crashes: [Crash], points: Set<EffectPoint>) {
        let universe = Universe(start, limits: scenario.limits)
        let site = try ModelSite(universe)
        var index = -1
        var changes = -1
        var crashes: [Crash] = []
        var place = "at the end"
        func crash(_ trail: String) {
            let trail = "\(chosen) \(place): \(disturbance.name), \(trail)"
            crashes.append(
                Crash(
                    world: universe.world.afterKill(), trail: "\(trail) killed", depth: 1,
                    hadPowerCut: false))
            crashes.append(
                Crash(
                    world: universe.world.afterPowerCut(survivors: 0, losingCommits: false),
                    trail: "\(trail) power cut", depth: 1, hadPowerCut: true))
        }
        universe.observe = { point in
            index += 1
            universe.pointsSeen.insert(point)
            if index == chosen { place = "\(point)" }
            var goesOn = true
            if index == chosen || index > chosen && disturbance.isLasting {
                goesOn = disturbance.act(universe, index == chosen)
            }
            let isDone = universe.waiting.isEmpty
            if index >= chosen, isDone, universe.changes != changes {
                changes = universe.changes
                crash("then \(index) \(point)")
            }
            return goesOn
        }
        do throws(MonikerError) {
            try scenario.act(site)
        } catch {
            // Refused because of what was in the way: then nothing of it may be left.
        }
        crash("at the end")
        return (crashes, universe.pointsSeen)
    }
}
