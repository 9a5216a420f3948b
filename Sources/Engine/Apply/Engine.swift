public import Model

/// Applies change sets, finishes or rolls back what a crash left, and retires old names.
///
/// The only code that changes a site. The order of its steps is the protocol of docs/protocol.md;
/// comments name its invariants (P1…). The caller holds the lock of the home.
public struct Engine {
    let ports: EnginePorts
    let scope: SiteScope
    let progress: (Progress) -> Void
    let partLimit: PartLimit
    let packedFrom: Int
    let isCancelled: () -> Bool

    /// How often a database transaction that lost a deadlock or a lock is tried.
    static let databaseAttempts = 3

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - partLimit: how much one database transaction may write.
    ///   - packedFrom: from how many files on originals go into packs. A file each takes 20 µs longer,
    ///     and can be used without Moniker.
    ///   - isCancelled: asked between two steps; once it says so, what has not been committed is
    ///     undone, and a change set of which a part has been committed stays unfinished.
    public init(
        ports: EnginePorts, scope: SiteScope, partLimit: PartLimit = .standard,
        packedFrom: Int = 4_000,
        progress: @escaping (Progress) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) {
        self.partLimit = partLimit
        self.packedFrom = packedFrom
        self.isCancelled = isCancelled
        self.ports = ports
        self.scope = scope
        self.progress = progress
    }

    /// Applies a plan.
    ///
    /// - Returns: what came of it. Conflicts are no error: they are listed.
    /// - Throws: when nothing of the plan stands: everything that had been done is undone before
    ///   the error is thrown. `commit-unknown` is the exception, where both names of every file work
    ///   and `recover` decides, and `unfinished`, where some or all of it took effect and the rest
    ///   is left to `recover`. `cancelled` when `isCancelled` said so in time.
    public func apply(_ plan: ChangePlan) throws(MonikerError) -> ChangeOutcome {
        try ports.database.prepareMarkers(prefix: scope.markerPrefix)
        let record = try newRecord(for: plan)
        guard
            try ports.database.acquireAdvisoryLock("moniker:\(record.incarnation)")
        else {
            throw MonikerError(
                .busy, "another moniker process is working on this site's database: try again")
        }

        let originals = try begin(record, plan)

        let filesStart = ports.clock.now()
        var linkedDirectoryTimes: [MediaPath?: Int64] = [:]
        do {
            try backUpAndLink(plan, try originals.get())
            linkedDirectoryTimes = try times(of: plan.directories)
        } catch {
            throw try rolledBack(record, plan, after: error, linkedTimes: [:])
        }

        let databaseStart = ports.clock.now()
        var edits: CellTotals
        do {
            edits = try commitCells(of: plan, id: record.id)
        } catch  where error.code == .unfinished {
            throw error
        } catch  where error.code == .commitUnknown {
            edits = try settle(record, plan, after: error, linkedTimes: linkedDirectoryTimes)
        } catch {
            throw try rolledBack(
                record, plan, after: error, linkedTimes: linkedDirectoryTimes)
        }
        let databaseEnd = ports.clock.now()

        // P6: from here only forward.
        let fileEdits: (files: Int, references: Int)
        let findings: [FindingRecord]
        do {
            try ports.journal.setState(.committed, of: record.id)
            fileEdits = try rewriteTextFiles(plan, id: record.id)
            try finish(record, moves: plan.moves, undoing: plan.proposal.undoing)
            findings = try ports.journal.findings(of: record.id)
        } catch {
            throw MonikerError(
                .unfinished,
                "\(record.id) took effect, and every file works under its new name, but not all that follows could be done (\(error.message)): run `moniker recover` to finish it",
                details: ["journal": "\(record.id)"], cause: error)
        }
        let end = ports.clock.now()

        return ChangeOutcome(
            id: record.id, attachments: plan.attachments.count,
            files: plan.files.count, references: edits.references + fileEdits.references,
            cells: edits.cells + fileEdits.files, findings: findings,
            keepOldUntil: record.keepOldUntil,
            filesNanoseconds: databaseStart - filesStart + end - databaseEnd,
            databaseNanoseconds: databaseEnd - databaseStart)
    }

    /// Writes down what is about to happen (P2), and prepares the originals that have to be stored,
    /// both at once where there are many: what is prepared is not in the store yet.
    ///
    /// - Returns: the originals, or why there are none: by then there is an intent to be undone.
    private func begin(
        _ record: ChangeSetRecord, _ plan: ChangePlan
    ) throws(MonikerError) -> Result<PreparedOriginals, MonikerError> {
        let prepare = { () throws(MonikerError) in try prepareOriginals(of: plan) }
        let preparing =
            FileWorkers.areWorthIt(plan.moves.count) ? BackgroundCall(prepare) : nil
        do throws(MonikerError) {
            try ports.journal.recordIntent(
                record, moves: plan.moves, assignments: plan.assignments,
                directories: plan.directories, findings: plan.findings)
        } catch {
            _ = preparing?.wait()
            throw error
        }
        return preparing?.wait() ?? Result(catching: prepare)
    }

    private func newRecord(for plan: ChangePlan) throws(MonikerError) -> ChangeSetRecord {
        let now = ports.clock.now()
        // The order of ids is the order of changes, also where the clock was set back in between.
        let newest = try ports.journal.newestChangeSet()?.milliseconds
        let id = JournalID(
            milliseconds: max(UInt64(max(0, now) / 1_000_000), newest.map { $0 + 1 } ?? 0),
            random: ports.random.next())
        let incarnation = try ports.database.establishIncarnation(
            String(ports.random.next(), radix: 36) + String(ports.random.next(), radix: 36),
            prefix: scope.markerPrefix)
        let keepOldUntil: Int64 =
            switch plan.proposal.oldNames {
            case .none: now
            case .nanoseconds(let duration): duration > .max - max(0, now) ? .max : now + duration
            case .forever: .max
            }
        return ChangeSetRecord(
            id: id, kind: plan.proposal.kind, state: .intent, created: now,
            incarnation: incarnation, prefix: scope.tablePrefix, uploads: scope.uploadsFolder,
            reverts: plan.proposal.undoing?.target, keepOldUntil: keepOldUntil, references: 0)
    }

    /// Ends the work at a place where it can be undone or gone on with.
    func checkCancellation() throws(MonikerError) {
        guard isCancelled() else { return }
        throw MonikerError(.cancelled, "cancelled: nothing was changed")
    }

    /// When the folders were last changed at this moment.
    func times(
        of directories: [DirectoryTimeRecord]
    ) throws(MonikerError) -> [MediaPath?: Int64] {
        var times: [MediaPath?: Int64] = [:]
        for directory in directories {
            times[directory.directory] = try ports.files.modified(directory: directory.directory)
        }
        return times
    }
}
