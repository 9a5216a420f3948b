import Hashing
public import Model

/// How a change is asked for: only to be looked at, or to be made if it is still what was seen.
public struct ChangeWish: Sendable {
    /// Whether it is only looked at.
    public var isDryRun: Bool
    /// The hash of the plan that was seen; nil for whatever the plan is.
    public var expectedPlan: String?

    /// Creates a wish.
    public init(isDryRun: Bool, expectedPlan: String?) {
        self.isDryRun = isDryRun
        self.expectedPlan = expectedPlan
    }

    /// Carries out a change as it was wished for.
    ///
    /// - Parameters:
    ///   - plan: the part of a report that says what would change.
    ///   - change: makes the change, or plans it where it is told to.
    /// - Throws: `stale-plan` where the plan is no longer the expected one; what the change throws.
    public func carryOut<Report>(
        in session: Session, plan: (Report) -> ChangeReport,
        _ change: (_ isDryRun: Bool) throws(MonikerError) -> Report
    ) throws(MonikerError) -> Report {
        if !isDryRun, let expectedPlan {
            // The site is held from here on, so that what is planned is what is carried out.
            try session.prepareToWrite()
            let planned = plan(try change(true))
            guard planned.planHash == expectedPlan else {
                throw MonikerError(
                    .stalePlan,
                    "what would change is no longer what was planned: plan again with dry_run and look at it",
                    details: planned.planHash.map { ["plan_hash": $0] } ?? [:])
            }
        }
        return try change(isDryRun)
    }
}

/// A report with the hash of what it plans, where it is a dry run.
public struct PlannedReport<Report: Encodable>: Encodable {
    private let report: Report
    private let planHash: String?

    private enum CodingKeys: String, CodingKey {
        case planHash = "plan_hash"
    }

    /// Adds the hash of a plan to a report; nil for what is no plan.
    public init(report: Report, planHash: String?) {
        self.report = report
        self.planHash = planHash
    }

    /// Writes the report's keys and `plan_hash`.
    public func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(planHash, forKey: .planHash)
    }
}

extension ChangeReport {
    /// What would change, as a hash: the same as long as the same would.
    ///
    /// Nil for what is no dry run. Times are left out of it; of long values it covers the excerpts
    /// that a person sees.
    public var planHash: String? {
        guard state == .planned else { return nil }
        var plan = self
        plan.seconds.plan = 0
        plan.seconds.files = 0
        plan.seconds.database = 0
        plan.index = nil
        return SHA256.digest(of: Array(JSONText.line(plan).utf8)).description
    }
}
