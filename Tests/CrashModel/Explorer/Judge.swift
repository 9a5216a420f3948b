import Engine
import Model

/// Says of a world that was recovered whether a scenario happened whole, not at all, or wrongly.
struct Judge {
    let scenario: Scenario
    /// Who got in the way; nil where nobody did.
    let disturbance: Disturbance?
    let start: World
    let invariants: Invariants
    /// The site after the scenario, where nothing crashed.
    var end: SiteState
    private let begin: SiteState
    /// What was judged before, so that it is judged once.
    private var judged: [Int: [String]] = [:]

    init(scenario: Scenario, start: World, disturbance: Disturbance? = nil) {
        self.scenario = scenario
        self.disturbance = disturbance
        self.start = start
        invariants = Invariants(start: start)
        begin = SiteState(start)
        end = begin
    }

    /// What does not hold of a recovered world.
    mutating func violations(afterRecovery world: World, hadPowerCut: Bool) -> [String] {
        var hasher = Hasher()
        hasher.combine(world.withoutTime)
        hasher.combine(hadPowerCut)
        let key = hasher.finalize()
        if let known = judged[key] { return known }
        let found = judge(world, hadPowerCut: hadPowerCut)
        judged[key] = found
        return found
    }

    /// What does not hold of any world, recovered or not.
    func violations(in world: World, isRecovered: Bool = false) -> [String] {
        invariants.violations(in: world, overwritten: disturbance?.overwritten)
            + (disturbance?.violations(world, isRecovered) ?? [])
    }

    private func judge(_ world: World, hadPowerCut: Bool) -> [String] {
        var violations = violations(in: world, isRecovered: true)
        // A folder's time is that of the last who changed it.
        let hadPowerCut = hadPowerCut || disturbance != nil
        do throws(MonikerError) {
            let universe = Universe(world, limits: scenario.limits)
            let site = try ModelSite(universe)
            if try !site.recover().isEmpty {
                violations.append("I4: a second recovery found something to do")
            }
            if scenario.isRepeatable { try scenario.act(site) }
            let state = undisturbed(SiteState(universe.world))
            if !(disturbance?.isAllOrNothing ?? true) { return violations }
            if state.withoutTimes == end.withoutTimes {
                violations += try judgeDone(site, hadPowerCut: hadPowerCut)
            } else if scenario.isRepeatable {
                violations.append("I4: done again: \(state.difference(from: end))")
            } else if !scenario.flushesCommits,
                state.rows["wp_posts"] == begin.rows["wp_posts"] || isPartlyLost(universe.world)
            {
                violations += judgeLostCommit(state)
            } else if !isBeginning(state, hadPowerCut: hadPowerCut) {
                violations.append(
                    "I5: neither done (\(state.difference(from: end))) nor undone (\(state.difference(from: begin)))"
                )
            } else {
                violations += try verified(site)
            }
        } catch {
            violations.append("after recovery: \(error.message)")
        }
        return violations
    }

    private func undisturbed(_ state: SiteState) -> SiteState {
        disturbance?.undisturbed(state) ?? state
    }

    private func isBeginning(_ state: SiteState, hadPowerCut: Bool) -> Bool {
        if hadPowerCut ? state.withoutTimes == begin.withoutTimes : state == begin { return true }
        // A name that was missing and is there again is no harm, and changes its folder's time.
        var healed = state.withoutTimes
        for name in invariants.danglingAtStart where begin.files["/2024/05/\(name)"] == nil {
            healed.files["/2024/05/\(name)"] = nil
        }
        return healed != state.withoutTimes && healed == begin.withoutTimes
    }

    private func judgeDone(
        _ site: ModelSite, hadPowerCut: Bool
    ) throws(MonikerError) -> [String] {
        var violations = try verified(site)
        guard scenario.isRevertible, !scenario.isRepeatable, disturbance?.leavesRevertible ?? true
        else { return violations }
        try site.revert(try site.newest())
        if !scenario.flushesCommits {
            // Where commits are not flushed at once, names go when the commit is known to last.
            site.universe.world.clock += 20_000_000_000
            site.universe.world.database.flush()
            try site.tidy(retention: .max)
        }
        let state = undisturbed(SiteState(site.universe.world))
        if !isBeginning(state, hadPowerCut: hadPowerCut || !scenario.flushesCommits) {
            violations.append("I7: after a revert: \(state.difference(from: begin))")
        }
        return violations
    }

    private func verified(_ site: ModelSite) throws(MonikerError) -> [String] {
        // What others did to the site is theirs.
        guard disturbance == nil, scenario.isVerified else { return [] }
        return try site.verify(repairing: false).filter { finding in
            !finding.isRepaired && !finding.isInformation
                && !invariants.danglingAtStart.contains { finding.message.contains($0) }
        }.map { "verify: \($0.message)" }
    }

    /// Whether the database has lost the last transactions of a change set that is finished.
    private func isPartlyLost(_ world: World) -> Bool {
        world.database.committed.markers.contains { id, decision in
            decision != .commit && world.journal.entries[id]?.record.state == .done
        }
    }

    /// A database that loses a commit leaves its old values; then every old name must be there.
    private func judgeLostCommit(_ state: SiteState) -> [String] {
        // What a table without transactions has been given stays there; both names work.
        var violations: [String] = []
        for (path, file) in begin.files where path.hasSuffix(".jpg") {
            if state.files[path]?.content != file.content {
                violations.append("I2: a lost commit, and \(path) is gone")
            }
        }
        return violations
    }
}
