public import Model

/// What `tidy` removed.
public struct TidyReport: Hashable, Sendable {
    /// Old names that were retired.
    public var retiredNames: Int
    /// Change sets whose trash was emptied.
    public var emptiedTrash: Int
    /// Originals that no change set within the retention needs.
    public var removedOriginals: Int
    /// Change sets that had been rolled back and were forgotten.
    public var forgottenChangeSets: Int
    /// When the next old name's time is up, in nanoseconds since 1970; nil where none waits.
    public var nextRetirement: Int64?

    /// Creates a report.
    public init(
        retiredNames: Int = 0, emptiedTrash: Int = 0, removedOriginals: Int = 0,
        forgottenChangeSets: Int = 0, nextRetirement: Int64? = nil
    ) {
        self.retiredNames = retiredNames
        self.emptiedTrash = emptiedTrash
        self.removedOriginals = removedOriginals
        self.forgottenChangeSets = forgottenChangeSets
        self.nextRetirement = nextRetirement
    }
}

extension Engine {
    /// The least age of a change set that was rolled back before it is forgotten, in nanoseconds: a
    /// day, so that nothing can still be waiting to commit it.
    private static let leastAgeOfForgotten: Int64 = 24 * 3600 * 1_000_000_000

    /// Retires old names whose time is up and removes originals and trash beyond their retention.
    ///
    /// References go before data (P10): the journal gives an original up, durably, before it is
    /// unlinked, so that a crash in between leaves an original too many and never one too few. An
    /// original stays while a change set that is unfinished or younger than the retention needs it.
    ///
    /// - Parameter retention: how long originals are kept, in nanoseconds.
    public func tidy(retention: Int64) throws(MonikerError) -> TidyReport {
        var report = TidyReport()
        let now = ports.clock.now()
        let oldNames = try ports.journal.changeSetsWithDueOldNames(at: now)
        for record in oldNames.due { report.retiredNames += try retire(record) }
        report.nextRetirement = oldNames.next
        let limit = now.subtractingReportingOverflow(retention).partialValue
        // Every change begins with a `tidy` that keeps all originals, however long the history is.
        guard limit > 0 else { return report }
        let records = try ports.journal.changeSets()
        let old = records.filter { $0.created < limit }
        guard !old.isEmpty else { return report }
        // Of another blog of the network, or lost by the database: not to be judged here.
        let incarnation = try ports.database.incarnation(prefix: scope.markerPrefix)
        let markers = try ports.database.markers(prefix: scope.markerPrefix)
        let finished = old.filter { record in
            guard record.incarnation == incarnation else { return false }
            return switch record.state {
            case .done: !record.isLost && markers[record.id] == .commit
            case .aborted: true
            case .intent, .cells, .committed: false
            }
        }
        report.removedOriginals = try removeOriginals(
            keptFor: Set(records.map(\.id)).subtracting(finished.map(\.id)), now: now)
        for record in finished where record.state == .done {
            try ports.files.emptyTrash(of: record.id)
            report.emptiedTrash += 1
        }
        report.forgottenChangeSets = try forget(
            finished.filter {
                $0.state == .aborted && now - $0.created > Self.leastAgeOfForgotten
            })
        return report
    }

    private func retire(_ record: ChangeSetRecord) throws(MonikerError) -> Int {
        var directories = try ports.journal.directoryTimes(of: record.id)
        let untouched = try times(of: directories)
        guard
            let retirement = try retirement(
                of: record, moves: try ports.journal.moves(of: record.id))
        else { return 0 }
        let retired = try retire(retirement)
        let now = try times(of: directories)
        for index in directories.indices
        where directories[index].after == untouched[directories[index].directory] {
            directories[index].after = now[directories[index].directory]
        }
        try ports.journal.recordRetired(retired, directories: directories, of: record.id)
        return retired.count
    }

    /// Releases the originals that none of the change sets needs, then removes what is released.
    private func removeOriginals(
        keptFor needing: Set<JournalID>, now: Int64
    ) throws(MonikerError) -> Int {
        let released = try ports.journal.releasedOriginals()
        let going = try ports.journal.originalsInUse().filter {
            !needing.contains($0.newest) && !released.contains($0.digest)
        }
        // The newest may be gone from the question while an older one that needs it is not.
        var kept: Set<ContentDigest> = []
        if !going.isEmpty {
            for id in needing {
                kept.formUnion(try ports.journal.moves(of: id).compactMap(\.digest))
            }
        }
        let fresh = going.map(\.digest).filter { !kept.contains($0) }
        try ports.journal.releaseOriginals(fresh, at: now)
        let removed = try ports.files.removeOriginals(released.union(fresh))
        try ports.files.synchronizeOriginals()
        return removed
    }

    /// Forgets change sets that were rolled back; their markers go last, when no journal row is
    /// left that could ask for them.
    private func forget(_ records: [ChangeSetRecord]) throws(MonikerError) -> Int {
        guard !records.isEmpty else { return 0 }
        for record in records { try ports.files.emptyTrash(of: record.id) }
        try ports.journal.purge(records.map(\.id))
        try ports.database.removeMarkers(records.map(\.id), prefix: scope.markerPrefix)
        return records.count
    }
}
