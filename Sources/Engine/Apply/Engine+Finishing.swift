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
        let retirement = try retirement(of: record, moves: moves)
        let retiring = retirement?.sequences ?? []
        let endFiles = { () throws(MonikerError) -> ChangeSetEnding in
            let retired = try retirement.map(retire) ?? []
            return ChangeSetEnding(
                directories: try lastTimes(of: record.id, undoing: undoing),
                kept: retired.count == retiring.count
                    ? [] : Array(Set(retiring).subtracting(retired)))
        }
        let reverted =
            undoing?.steps.flatMap { step in
                step.moves.values.map { (changeSet: step.changeSet, sequence: $0.sequence) }
            } ?? []
        let revertedAssignments = try assignmentsTakenBack(by: record)
        let close = { (ending: () throws(MonikerError) -> ChangeSetEnding) throws(MonikerError) in
            try ports.journal.finish(
                record.id, reverted: reverted, revertedAssignments: revertedAssignments,
                retiring: retiring, ending: ending)
        }
        guard FileWorkers.areWorthIt(retiring.count) else {
            let ending = try endFiles()
            return try close { ending }
        }
        // The journal is written while the files are moved.
        let ending = BackgroundCall(endFiles)
        do throws(MonikerError) {
            try close { () throws(MonikerError) in try ending.wait().get() }
        } catch {
            _ = ending.wait()
            throw error
        }
    }

    /// The folders of a change set with their times at its end, after those that a revert puts back.
    private func lastTimes(
        of id: JournalID, undoing: Undoing?
    ) throws(MonikerError) -> [DirectoryTimeRecord] {
        var directories = try ports.journal.directoryTimes(of: id)
        if let undoing { try putBackTimes(of: &directories, undoing: undoing, by: id) }
        let now = try times(of: directories)
        for index in directories.indices {
            directories[index].after = now[directories[index].directory]
        }
        return directories
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
