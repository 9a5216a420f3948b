import Hashing
public import Model
import Rewriting

/// What recovery did with one change set.
public struct RecoveredChangeSet: Hashable, Sendable {
    /// The change set.
    public var id: JournalID
    /// Where it ended: `done` or `aborted`.
    public var state: ChangeSetRecord.State
    /// Whether it ended with a part of what it was to do, to be reverted.
    public var isClosed = false
}

/// What becomes of a change set of which some database transactions were committed.
public enum StoppedChoice: Hashable, Sendable {
    /// The rest is done.
    case finish
    /// It ends with what was done, and all old names stay, so that a revert can take it back.
    case close
}

extension Engine {
    /// Finishes or rolls back everything that a crash left, oldest first.
    ///
    /// The database's marker decides, never the journal (R1–R5 of docs/protocol.md). A second run
    /// finds nothing to do. A crash inside recovery is recovered from in the same way.
    ///
    /// - Parameters:
    ///   - policy: how to read cells, for change sets that go forward.
    ///   - textFiles: which text files to look at, for them.
    ///   - choice: what becomes of a change set of which a part was committed.
    /// - Throws: `database-locked` while the transaction of a process that is still alive is open;
    ///   `foreign-journal` when the database is not the one that the journal belongs to. Nothing
    ///   is changed then.
    public func recover(
        policy: any CellPolicy, textFiles: [MediaPath], stopped choice: StoppedChoice = .finish
    ) throws(MonikerError) -> [RecoveredChangeSet] {
        let unfinished = try ports.journal.unfinished()
        guard !unfinished.isEmpty else { return [] }
        try ports.database.prepareMarkers(prefix: scope.markerPrefix)
        let incarnation = try ports.database.incarnation(prefix: scope.markerPrefix)
        var recovered: [RecoveredChangeSet] = []
        for record in unfinished {
            guard incarnation == record.incarnation else {
                // A database that knows nothing of us has lost the commit, if there was one, or is
                // another: adding names is right for both, taking some away would not be.
                guard incarnation == nil else { throw foreign(record) }
                try removeTemporaries(of: record)
                try leaveBothNames(record)
                recovered.append(RecoveredChangeSet(id: record.id, state: .aborted))
                continue
            }
            let decision = try ports.database.settleMarker(
                record.id, prefix: scope.markerPrefix)
            try removeTemporaries(of: record)
            switch decision {
            case .part(let parts):
                let plan = try forwardPlan(record, policy: policy, textFiles: textFiles)
                try linkMissingNewNames(plan.moves)
                // Of the part that was under way.
                try restoreNonTransactionalCells(
                    try ports.journal.cellEdits(of: record.id, after: parts),
                    tables: try ports.database.tables(withPrefix: scope.tablePrefix))
                switch choice {
                case .finish:
                    _ = try commitCells(of: plan, id: record.id, after: parts)
                case .close:
                    try close(record, plan, after: parts)
                }
                try rollForward(record, policy: policy, textFiles: textFiles)
                recovered.append(
                    RecoveredChangeSet(id: record.id, state: .done, isClosed: choice == .close))
            case .commit:
                try rollForward(record, policy: policy, textFiles: textFiles)
                recovered.append(RecoveredChangeSet(id: record.id, state: .done))
            case .abort:
                try rollBack(record)
                recovered.append(RecoveredChangeSet(id: record.id, state: .aborted))
            }
        }
        return recovered
    }

    /// Closes a change set whose marker cannot be asked, with every file under both names.
    private func leaveBothNames(_ record: ChangeSetRecord) throws(MonikerError) {
        var directories: Set<MediaPath?> = []
        for move in try ports.journal.moves(of: record.id) where move.status != nil {
            directories.insert(move.old.directory)
            if try ports.files.status(of: move.old) == nil, try isOurs(move.new, of: move) {
                try ports.files.link(move.new, as: move.old)
            }
        }
        try ports.files.synchronize(directories: directories)
        try ports.journal.setState(.aborted, of: record.id)
    }

    /// Ends a change set with the parts that were committed, so that it can be reverted: every old
    /// name that is left stays, because values that were not reached name it.
    private func close(
        _ record: ChangeSetRecord, _ plan: ChangePlan, after parts: Int
    ) throws(MonikerError) {
        let alive = plan.moves.filter { $0.keepReason == nil }.map(\.sequence)
        try ports.journal.recordKeepReason(.stopped, moves: alive, of: record.id)
        // What was written down of a part that was not committed is forgotten.
        try ports.journal.recordCells(
            [], findings: [],
            references: try ports.journal.cellTotals(of: record.id, through: parts).references,
            part: parts + 1, of: record.id)
        try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
            try transaction.writeMarker(
                .commit, after: .part(parts), of: record.id, prefix: scope.markerPrefix)
        }
    }

    private func rollForward(
        _ record: ChangeSetRecord, policy: any CellPolicy, textFiles: [MediaPath]
    ) throws(MonikerError) {
        var plan = try forwardPlan(record, policy: policy, textFiles: textFiles)
        try linkMissingNewNames(plan.moves)
        try ports.journal.setState(.committed, of: record.id)
        plan.textFiles = try textFilesNaming(plan)
        _ = try rewriteTextFiles(plan, id: record.id)
        // Also those that the killed process rewrote without making that durable: the old names that
        // they had are about to go.
        try ports.files.synchronize(
            directories: Set(try ports.journal.fileEdits(of: record.id).map(\.path.directory)))
        try finish(record, moves: plan.moves, undoing: plan.proposal.undoing)
    }

    /// What a change set was, as the journal has it.
    private func forwardPlan(
        _ record: ChangeSetRecord, policy: any CellPolicy, textFiles: [MediaPath]
    ) throws(MonikerError) -> ChangePlan {
        let moves = try ports.journal.moves(of: record.id)
        let assignments = try ports.journal.assignments(of: record.id)
        var undoing: Undoing?
        if let target = record.reverts {
            undoing = try RevertProposer(ports: ports).undoing(
                of: record, target: target, moves: moves)
        }
        let proposal = ChangeProposal(
            kind: record.kind,
            moves: moves.map {
                ProposedMove(
                    attachment: $0.attachment, role: $0.role, old: $0.old, new: $0.new)
            }, assignments: assignments, policy: policy, textFiles: textFiles, oldNames: .none,
            undoing: undoing)
        return ChangePlan(
            proposal: proposal, rewriter: try proposal.makeRewriter(for: scope.location),
            moves: moves, assignments: assignments, directories: [], textFiles: [], findings: [],
            references: 0, cells: 0, previews: [], nanoseconds: 0)
    }

    private func rollBack(_ record: ChangeSetRecord) throws(MonikerError) {
        try takeBackNonTransactionalCells(of: record.id)
        try putBackTextFiles(of: record.id)
        let moves = try ports.journal.moves(of: record.id)
        try unlinkNewNames(moves, of: record.id)
        try putBackTimes(of: record, moves)
        try ports.journal.setState(.aborted, of: record.id)
    }

    /// Takes back what was rewritten in text files, where a commit was lost after that.
    ///
    /// A file that somebody changed since is left to them.
    private func putBackTextFiles(of id: JournalID) throws(MonikerError) {
        let edits = try ports.journal.fileEdits(of: id)
        for edit in edits.reversed() {
            guard let status = try ports.files.status(of: edit.path),
                status.size <= Planner.textFileLimit
            else { continue }
            let bytes = try ports.files.contents(of: edit.path, limit: Planner.textFileLimit)
            guard SHA256.digest(of: bytes) == edit.after else { continue }
            let before = try edit.splices.value(withDigest: edit.before, before: bytes)
            _ = try ports.files.replaceContents(
                of: edit.path, expected: edit.after, with: before, modified: edit.modified)
        }
        try ports.files.synchronize(directories: Set(edits.map(\.path.directory)))
    }

    /// Removes files that were being made when the change set was interrupted (I8).
    private func removeTemporaries(of record: ChangeSetRecord) throws(MonikerError) {
        var directories = Set(
            try ports.journal.moves(of: record.id).flatMap { [$0.old.directory, $0.new.directory] })
        directories.formUnion(try ports.journal.fileEdits(of: record.id).map(\.path.directory))
        try ports.files.removeTemporaries(in: directories)
    }

    /// Gives folders the times they had before a change set that was rolled back, unless a file of
    /// somebody else has been written there since.
    func putBackTimes(
        of record: ChangeSetRecord, _ moves: [FileMoveRecord]
    ) throws(MonikerError) {
        let own = Set(moves.flatMap { [$0.old, $0.new] })
        var restored: Set<MediaPath?> = []
        for directory in try ports.journal.directoryTimes(of: record.id) {
            let time = try ports.files.modified(directory: directory.directory)
            guard time != directory.before, time >= record.created else { continue }
            let start = directory.directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
            var isUntouched = true
            for entry in try ports.files.entries(of: directory.directory)
            where entry.kind == .file {
                let path = try MediaPath(validating: start + entry.name)
                guard !own.contains(path), let status = try ports.files.status(of: path) else {
                    continue
                }
                if status.modified >= record.created { isUntouched = false }
            }
            if isUntouched {
                try ports.files.setModified(
                    directory: directory.directory, to: directory.before)
                restored.insert(directory.directory)
            }
        }
        try ports.files.synchronize(directories: restored)
    }

    /// A new name can be missing after a commit only where a power cut took it on a file system
    /// that ignored fsync; the old name or the original brings it back.
    private func linkMissingNewNames(_ moves: [FileMoveRecord]) throws(MonikerError) {
        var directories: Set<MediaPath?> = []
        for move in moves {
            guard let status = move.status, let digest = move.digest,
                try ports.files.status(of: move.new) == nil
            else { continue }
            if try ports.files.status(of: move.old)?.identity == status.identity {
                try ports.files.link(move.old, as: move.new)
            } else {
                try ports.files.restoreOriginal(digest, as: move.new, status: status)
            }
            directories.insert(move.new.directory)
        }
        try ports.files.synchronize(directories: directories)
    }

    /// The text files that name an old path of a plan.
    private func textFilesNaming(_ plan: ChangePlan) throws(MonikerError) -> [MediaPath] {
        var files: [MediaPath] = []
        for file in plan.proposal.textFiles {
            guard let status = try ports.files.status(of: file),
                status.size <= Planner.textFileLimit
            else { continue }
            let bytes = try ports.files.contents(of: file, limit: Planner.textFileLimit)
            let rewrite = plan.rewriter.rewrite(
                bytes, role: .uploadedFile(directory: file.directory))
            if !rewrite.splices.isEmpty { files.append(file) }
        }
        return files
    }

    private func foreign(_ record: ChangeSetRecord) -> MonikerError {
        MonikerError(
            .foreignJournal,
            "the journal's unfinished change set \(record.id) belongs to another database than this one (a restored dump or a copy of the site?): nothing was changed; use the home that belongs to this site, or `--home` with a new folder",
            details: ["journal": "\(record.id)"])
    }
}
