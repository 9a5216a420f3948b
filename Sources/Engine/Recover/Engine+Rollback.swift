import Model

extension Engine {
    /// Undoes a change set that did not commit and returns the error to throw.
    ///
    /// Where the undoing itself fails, the change set stays unfinished for `recover`, and the error
    /// says so: both names of every file go on working.
    func rolledBack(
        _ record: ChangeSetRecord, _ plan: ChangePlan, after error: MonikerError,
        linkedTimes: [MediaPath?: Int64]
    ) throws(MonikerError) -> MonikerError {
        do {
            // Again, because the failure may have been that of taking them back.
            try takeBackNonTransactionalCells(of: record.id)
            let untouched = try foldersUntouched(since: linkedTimes, of: plan.directories)
            try unlinkNewNames(plan.files, of: record.id)
            for directory in untouched {
                try ports.files.setModified(directory: directory.directory, to: directory.before)
            }
            try ports.files.synchronize(directories: Set(untouched.map(\.directory)))
            // Interrupted while it linked: what the folders' times were then was not noted.
            if linkedTimes.isEmpty { try putBackTimes(of: record, plan.moves) }
            try ports.journal.setState(.aborted, of: record.id)
            return error
        } catch let second {
            return MonikerError(
                error.code,
                "\(error.message). Undoing it was not possible either (\(second.message)): every file works under both names; run `moniker recover`",
                details: error.details, cause: second)
        }
    }

    /// The folders that nobody but this change set has changed, so that their times may be put back.
    private func foldersUntouched(
        since linkedTimes: [MediaPath?: Int64], of directories: [DirectoryTimeRecord]
    ) throws(MonikerError) -> [DirectoryTimeRecord] {
        let now = try times(of: directories)
        return directories.filter {
            linkedTimes[$0.directory] != nil && linkedTimes[$0.directory] == now[$0.directory]
        }
    }

    /// Finds out what became of a commit whose answer was lost (R2 of docs/protocol.md).
    ///
    /// - Returns: what it came to, when the commit took effect.
    /// - Throws: the error, when it did not, after undoing everything; or when the database cannot
    ///   be asked, with everything left for `recover`.
    func settle(
        _ record: ChangeSetRecord, _ plan: ChangePlan, after error: MonikerError,
        linkedTimes: [MediaPath?: Int64]
    ) throws(MonikerError) -> CellTotals {
        let decision: MarkerDecision
        do {
            decision = try ports.database.settleMarker(record.id, prefix: scope.markerPrefix)
        } catch let second {
            throw MonikerError(
                .commitUnknown,
                "the connection to the database was lost during the commit of \(record.id) and has not come back: every file works under both names; run `moniker recover` when the database answers again",
                details: ["journal": "\(record.id)"], cause: second)
        }
        switch decision {
        case .commit:
            return CellTotals(
                cells: try ports.journal.cellCount(of: record.id),
                references: try ports.journal.changeSet(record.id).references, parts: 1)
        case .part(let parts): throw stopped(record.id, after: parts, error)
        case .abort: throw try rolledBack(record, plan, after: error, linkedTimes: linkedTimes)
        }
    }
}
