import Model

extension Engine {
    /// Retires what may go now, puts folder times back after a revert and closes the change set.
    ///
    /// Every step may run again after a crash.
    ///
    /// - Parameter moves: all moves of the change set; what has become of their old names is asked of
    ///   the journal.
    func finish(
        _ record: ChangeSetRecord, moves: [FileMoveRecord], undoing: Undoing?
    ) throws(MonikerError) {
        var directories = try ports.journal.directoryTimes(of: record.id)
        let retired = try retireOldNames(of: record, moves: moves)
        if let undoing {
            try putBackTimes(of: &directories, undoing: undoing, by: record.id)
        }
        let now = try times(of: directories)
        for index in directories.indices {
            directories[index].after = now[directories[index].directory]
        }
        if !retired.isEmpty {
            try ports.journal.recordRetired(retired, directories: directories, of: record.id)
        }
        let reverted =
            undoing?.steps.flatMap { step in
                step.moves.values.map { (changeSet: step.changeSet, sequence: $0.sequence) }
            } ?? []
        try ports.journal.finish(
            record.id, directories: directories, reverted: reverted,
            revertedAssignments: try assignmentsTakenBack(by: record))
    }

    /// Moves old names into the trash where their time is up and the commit is known to be durable
    /// (P9).
    ///
    /// Names that something still needs stay.
    ///
    /// - Returns: the moves whose old names are gone.
    func retireOldNames(
        of record: ChangeSetRecord, moves: [FileMoveRecord]
    ) throws(MonikerError) -> [Int] {
        guard isTimeUp(record) else { return [] }
        guard try isCommitDurable(record) else { return [] }
        progress(Progress(phase: .retiring, done: 0, total: nil))
        let waiting = try ports.journal.waitingOldNames(of: record.id)
        // Places in the list and no moves: of a bulk rename the list is a good part of the memory.
        let places = moves.indices.filter {
            waiting.contains(moves[$0].sequence) && moves[$0].old != moves[$0].new
        }
        guard !places.isEmpty else { return [] }
        // An old name may have become the live name of a later change set.
        let standing = try ports.journal.standingNames(givenAfter: record.id)
        // A move between folders locks the whole file system (lock_rename(), Linux).
        let workers = try FileWorkers(ports.files, count: places.count, threads: 1)
        let tick = { (done: Int) in
            progress(Progress(phase: .retiring, done: done, total: places.count))
        }
        let areRetired = try workers.map(places, tick: tick) {
            (files, place) throws(MonikerError) -> Bool in
            let move = moves[place]
            guard let identity = move.status?.identity else { return false }
            if standing.contains(move.old) { return false }
            guard try files.status(of: move.new) != nil else { return false }
            _ = try files.retire(
                move.old, identity: identity, into: record.id, as: move.sequence)
            // Also where it was gone already: a process that was killed took it away without
            // making that durable.
            return true
        }
        let retired = zip(places, areRetired).filter(\.1).map(\.0)
        // The trash of all before any folder: a file may have two names for a while, never none.
        for files in workers.all { try files.synchronize(directories: []) }
        try ports.files.synchronize(directories: Set(retired.map { moves[$0].old.directory }))
        return retired.map { moves[$0].sequence }
    }

    /// Whether old names need not work any longer.
    ///
    /// It cannot be earlier than the change set itself, whatever the clock was set back to since.
    func isTimeUp(_ record: ChangeSetRecord) -> Bool {
        record.keepOldUntil <= max(ports.clock.now(), record.created)
    }

    /// Whether a power cut can no longer take the commit back: the database flushes each commit, or
    /// the marker has been there for ten seconds, longer than any database delays a flush.
    private func isCommitDurable(_ record: ChangeSetRecord) throws(MonikerError) -> Bool {
        guard
            try ports.database.marker(record.id, prefix: scope.markerPrefix) == .commit
        else { return false }
        if try ports.database.describe().commitsAreDurable { return true }
        return ports.clock.now() - record.created >= 10_000_000_000
    }

    /// Gives folders the times they had before the change sets that have now been taken back whole,
    /// unless somebody else changed them in between.
    ///
    /// A folder's time is followed from change set to change set by the times that each left.
    private func putBackTimes(
        of directories: inout [DirectoryTimeRecord], undoing: Undoing, by revert: JournalID
    ) throws(MonikerError) {
        let undone = try changeSetsUndone(by: undoing)
        var history: [[DirectoryTimeRecord]] = []
        for record in try ports.journal.changeSets() where record.id != revert {
            // What an earlier, partial revert did to a folder ends with what it reverted.
            if undone.contains(record.id) || record.reverts.map(undone.contains) ?? false {
                history.append(try ports.journal.directoryTimes(of: record.id))
            }
        }
        var restored: Set<MediaPath?> = []
        for directory in directories {
            var time = directory.before
            for times in history {
                if let earlier = times.first(where: {
                    $0.directory == directory.directory && $0.after == time
                }) {
                    time = earlier.before
                }
            }
            if time != directory.before {
                try ports.files.setModified(directory: directory.directory, to: time)
                restored.insert(directory.directory)
            }
        }
        // Nobody puts them back again once the change set is closed (I7).
        try ports.files.synchronize(directories: restored)
    }

    /// The change sets of which, with this revert, every move has been taken back.
    private func changeSetsUndone(by undoing: Undoing) throws(MonikerError) -> Set<JournalID> {
        var undone: Set<JournalID> = []
        for step in undoing.steps {
            let sequences = Set(step.moves.values.map(\.sequence))
            if try ports.journal.standingMoveCount(of: step.changeSet) == sequences.count {
                undone.insert(step.changeSet)
            }
        }
        return undone
    }
}
