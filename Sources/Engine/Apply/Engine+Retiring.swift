import Model

/// Old names of a change set that are to go into the trash.
struct Retirement {
    /// The change set.
    let id: JournalID
    /// All its moves.
    let moves: [FileMoveRecord]
    /// Where in `moves` those are whose old names are to go; of a bulk rename the moves are a good
    /// part of the memory.
    let places: [Int]
    /// Names that later change sets gave, and that are in use.
    let standing: Set<MediaPath>

    /// The numbers of the moves whose old names are to go.
    var sequences: [Int] { places.map { moves[$0].sequence } }
}

extension Engine {
    /// The old names whose time is up, where the commit is known to be durable (P9); nil where there
    /// are none.
    ///
    /// Names that something still needs stay.
    func retirement(
        of record: ChangeSetRecord, moves: [FileMoveRecord]
    ) throws(MonikerError) -> Retirement? {
        guard isTimeUp(record) else { return nil }
        guard try isCommitDurable(record) else { return nil }
        progress(Progress(phase: .retiring, done: 0, total: nil))
        let waiting = try ports.journal.waitingOldNames(of: record.id)
        let places = moves.indices.filter {
            waiting.contains(moves[$0].sequence) && moves[$0].old != moves[$0].new
        }
        guard !places.isEmpty else { return nil }
        // An old name may have become the live name of a later change set.
        return Retirement(
            id: record.id, moves: moves, places: places,
            standing: try ports.journal.standingNames(givenAfter: record.id))
    }

    /// Moves old names into the trash, durably.
    ///
    /// Those whose new names are not there stay, and those that have come into use again.
    ///
    /// - Returns: the numbers of the moves whose old names are gone.
    func retire(_ retirement: Retirement) throws(MonikerError) -> [Int] {
        let places = retirement.places
        let moves = retirement.moves
        // A move between folders locks the whole file system (lock_rename(), Linux).
        let workers = try FileWorkers(ports.files, count: places.count, threads: 1)
        let tick = { (done: Int) in
            progress(Progress(phase: .retiring, done: done, total: places.count))
        }
        let areRetired = try workers.map(places, tick: tick) {
            (files, place) throws(MonikerError) -> Bool in
            let move = moves[place]
            guard let identity = move.status?.identity else { return false }
            if retirement.standing.contains(move.old) { return false }
            guard try files.status(of: move.new) != nil else { return false }
            _ = try files.retire(
                move.old, identity: identity, into: retirement.id, as: move.sequence)
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
}
