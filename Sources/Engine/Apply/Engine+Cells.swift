import Model
import Rewriting

extension Engine {
    /// Writes the texts of a change set and rewrites every reference in the database (P5): one pass
    /// over all tables, in one transaction where `partLimit` allows, in several where it does not.
    ///
    /// Each transaction begins with the marker and writes values by compare-and-swap; its edits are
    /// durable in the journal before it commits. Between two transactions both names of every file
    /// work, so readers never see a name without a file.
    ///
    /// - Parameter done: how many parts have been committed before, for recovery.
    /// - Throws: `unfinished` when a part fails after an earlier one was committed.
    func commitCells(
        of plan: ChangePlan, id: JournalID, after done: Int = 0
    ) throws(MonikerError) -> CellTotals {
        var totals = CellTotals(parts: done)
        if done > 0 {
            (totals.cells, totals.references) = try ports.journal.cellTotals(of: id, through: done)
        }
        let isWhole = plan.proposal.moves.isEmpty
        totals = try commitAssignments(of: plan, id: id, after: totals, isWhole: isWhole)
        guard !isWhole else { return totals }
        do throws(MonikerError) {
            return try rewriteCells(of: plan, id: id, after: totals)
        } catch {
            // Already said where a part of the pass was committed.
            guard totals.parts > 0, error.code != .unfinished else { throw error }
            throw stopped(id, after: totals.parts, error)
        }
    }

    private func rewriteCells(
        of plan: ChangePlan, id: JournalID, after earlier: CellTotals
    ) throws(MonikerError) -> CellTotals {
        let pass = try RewritingPass(
            database: ports.database, tablePrefix: scope.tablePrefix, policy: plan.proposal.policy,
            rewriter: plan.rewriter, index: ports.index, paths: plan.proposal.moves.map(\.old))
        var restoration: CellRestoration?
        if let undoing = plan.proposal.undoing {
            restoration = try CellRestoration(journal: ports.journal, undoing: undoing)
        }
        let writer = PartWriter(
            engine: self, plan: plan, id: id, tables: pass.tables, restoration: restoration)
        var pipeline = PartPipeline(
            writer, isConcurrent: pass.leavesDatabaseFree, after: earlier)
        var texts: [CellAddress: ContentDigest] = [:]
        if !plan.assignments.isEmpty {
            for edit in try ports.journal.assignmentEdits(of: id) {
                texts[edit.address] = edit.after
            }
        }
        var part = CellPart()
        let limit = limit(for: plan)
        var foreign: [String: Int] = [:]
        var weight = 0
        do {
            try pass.forEachBatch { (batch) throws(MonikerError) -> Void in
                try checkCancellation()
                part.findings += batch.opaque
                part.kept.formUnion(batch.kept)
                foreign.merge(batch.foreign, uniquingKeysWith: +)
                for var row in batch.rows {
                    if !texts.isEmpty {
                        row.leaveCells(asWrittenIn: texts, in: pass.tables[row.table])
                        if row.cells.isEmpty { continue }
                    }
                    if part.isFull(limit, adding: row) {
                        try pipeline.add(part, isLast: false)
                        part = CellPart()
                        try checkCancellation()
                    }
                    part.add(row)
                }
                weight += batch.weight
                progress(Progress(phase: .database, done: weight, total: pass.weight))
            }
            for (host, count) in foreign.sorted(by: { $0.key < $1.key }) {
                part.findings.append(FindingRecord(kind: .foreign, reason: host, count: count))
            }
            try pipeline.add(part, isLast: true)
            try pipeline.finish()
        } catch {
            let failure = pipeline.settle(after: error)
            guard pipeline.totals.parts > 0 else { throw failure }
            throw stopped(id, after: pipeline.totals.parts, failure)
        }
        return pipeline.totals
    }

    /// Rows are written in more than one transaction only where doing a part of them twice is
    /// harmless: where no new name is also an old one.
    private func limit(for plan: ChangePlan) -> PartLimit {
        let new = Set(plan.proposal.moves.map(\.new))
        let isRepeatable = !plan.proposal.moves.contains {
            $0.old != $0.new && new.contains($0.old)
        }
        return isRepeatable ? partLimit : PartLimit(rows: .max, bytes: .max)
    }

    /// The error of a change set that has committed some of its parts and not the last.
    func stopped(
        _ id: JournalID, after parts: Int, _ error: MonikerError
    ) -> MonikerError {
        let reason = error.code == .cancelled ? "cancelled" : error.message
        return MonikerError(
            .unfinished,
            "\(id) stopped after \(parts) of its transactions (\(reason)): every file works under both names; `moniker recover` finishes it, `moniker recover --roll-back` takes back what was done",
            details: ["journal": "\(id)", "parts": "\(parts)"], cause: error)
    }
}
