public import Model

/// Applies change sets, finishes or rolls back what a crash left, and retires old names.
///
/// The only code that changes a site. The order of its steps is the protocol of docs/protocol.md;
/// comments name its invariants (P1…). The caller holds the lock of the home.
public struct Engine {
    let ports: EnginePorts
    let scope: SiteScope
    let progress: (Progress) -> Void

    /// How often a database transaction that lost a deadlock or a lock is tried.
    static let databaseAttempts = 3

    /// Creates an engine.
    public init(
        ports: EnginePorts, scope: SiteScope, progress: @escaping (Progress) -> Void = { _ in }
    ) {
        self.ports = ports
        self.scope = scope
        self.progress = progress
    }

    /// Applies a plan.
    ///
    /// - Returns: what came of it. Conflicts are no error: they are listed.
    /// - Throws: when nothing of the plan stands: everything that had been done is undone before
    ///   the error is thrown. `commit-unknown` and `needs-attention` are the exceptions: then
    ///   both names of every file work, and `recover` decides.
    public func apply(_ plan: ChangePlan) throws(MonikerError) -> ChangeOutcome {
        try ports.database.prepareMarkers(prefix: scope.markerPrefix)
        let record = try newRecord(for: plan)
        guard
            try ports.database.acquireAdvisoryLock("moniker:\(record.incarnation)")
        else {
            throw MonikerError(
                .busy, "another moniker process is working on this site's database: try again")
        }

        // P2: the intent is durable before anything changes.
        try ports.journal.recordIntent(
            record, moves: plan.moves, directories: plan.directories, findings: plan.findings)

        let filesStart = ports.clock.now()
        var linkedDirectoryTimes: [MediaPath?: Int64] = [:]
        do {
            try backUp(plan.files)
            try linkNewNames(plan.files)
            linkedDirectoryTimes = try times(of: plan.directories)
        } catch {
            throw try rolledBack(record, plan, after: error, linkedTimes: [:])
        }

        let databaseStart = ports.clock.now()
        var edits: CellEdits
        do {
            edits = try commitCells(of: plan, id: record.id)
        } catch  where error.code == .commitUnknown {
            edits = try settle(record, plan, after: error, linkedTimes: linkedDirectoryTimes)
        } catch {
            throw try rolledBack(
                record, plan, after: error, linkedTimes: linkedDirectoryTimes)
        }
        let databaseEnd = ports.clock.now()

        // P6: from here only forward.
        try ports.journal.setState(.committed, of: record.id)
        let fileEdits = try rewriteTextFiles(plan, id: record.id)
        try finish(record, undoing: plan.proposal.undoing)
        let end = ports.clock.now()

        let findings = try ports.journal.findings(of: record.id)
        return ChangeOutcome(
            id: record.id, attachments: Set(plan.moves.map(\.attachment)).count,
            files: plan.files.count, references: edits.references + fileEdits.references,
            cells: edits.records.count + fileEdits.files, findings: findings,
            keepOldUntil: record.keepOldUntil,
            filesNanoseconds: databaseStart - filesStart + end - databaseEnd,
            databaseNanoseconds: databaseEnd - databaseStart)
    }

    private func newRecord(for plan: ChangePlan) throws(MonikerError) -> ChangeSetRecord {
        let now = ports.clock.now()
        let candidate = JournalID(
            milliseconds: UInt64(max(0, now) / 1_000_000), random: ports.random.next())
        let incarnation = try ports.database.establishIncarnation(
            String(ports.random.next(), radix: 36) + String(ports.random.next(), radix: 36),
            prefix: scope.markerPrefix)
        let keepOldUntil: Int64 =
            switch plan.proposal.oldNames {
            case .none: now
            case .nanoseconds(let duration): now.addingReportingOverflow(duration).partialValue
            case .forever: .max
            }
        return ChangeSetRecord(
            id: candidate, kind: plan.proposal.kind, state: .intent, created: now,
            incarnation: incarnation, prefix: scope.tablePrefix, uploads: scope.uploadsFolder,
            reverts: plan.proposal.undoing?.target, keepOldUntil: keepOldUntil, references: 0)
    }

    /// The moves whose old paths go on being named.
    func sequences(
        of moves: [FileMoveRecord], naming paths: Set<MediaPath>
    ) -> [Int] {
        moves.filter { paths.contains($0.old) && $0.keepReason == nil }.map(\.sequence)
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
