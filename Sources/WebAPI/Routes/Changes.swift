import Model
import UseCases

/// Changes of the site that a request asks for: one after the other, with a note of who asked.
struct Changes: Sendable {
    let site: Site
    let store: ServiceStore

    /// Makes a change, or plans it.
    ///
    /// - Parameter report: the part of the answer that says what changed.
    /// - Throws: what the change throws; `stale-plan`; `busy`; `too-many-requests`.
    func change<Report: Encodable & Sendable>(
        _ request: APIRequest, operation: String, target: String, _ wish: ChangeWish,
        report: @escaping @Sendable (Report) -> ChangeReport,
        _ body: @escaping @Sendable (Session, Bool) throws(MonikerError) -> Report
    ) async throws(MonikerError) -> APIAnswer {
        if wish.isDryRun {
            // A dry run takes no lock and waits for nobody.
            let planned = try await site.examine { session throws(MonikerError) in
                try body(session, true)
            }
            try report(planned).requireDone()
            return .json(PlannedReport(report: planned, planHash: report(planned).planHash))
        }
        let store = store
        return try await site.write(for: request.callerID) { session throws(MonikerError) in
            let note = try store.beginAudit(request, operation: operation, target: target)
            do throws(MonikerError) {
                let done = try wish.carryOut(in: session, plan: report) {
                    isDryRun throws(MonikerError) in
                    try body(session, isDryRun)
                }
                let change = report(done)
                try store.finishAudit(
                    note, journal: change.journal, outcome: change.state.rawValue)
                try change.requireDone()
                return .json(PlannedReport(report: done, planHash: nil))
            } catch {
                try store.finishAudit(note, journal: nil, outcome: error.code.rawValue)
                throw error
            }
        }
    }
}
