import Model

/// One run of `verify`: what the journal says, and what was found wrong with it.
struct Verification {
    /// A move that stands: nobody has taken it back.
    struct Standing {
        /// Its change set.
        var record: ChangeSetRecord
        /// The move.
        var move: FileMoveRecord
    }

    let engine: Engine
    let options: VerifyOptions
    /// The finished change sets of this database, oldest first.
    let records: [ChangeSetRecord]
    /// Those that the database does not know.
    let lost: Set<JournalID>
    /// Every move that stands, oldest first.
    let standing: [Standing]
    /// Where each name that is no longer a file's own leads, step by step.
    let next: [MediaPath: MediaPath]
    /// The move that gave a name which still is a file's own.
    let owners: [MediaPath: Standing]
    let now: Int64
    var findings: [VerifyFinding] = []
    /// What is worth knowing, counted by check with an example each.
    private var information: [VerifyFinding.Check: (count: Int, example: String)] = [:]

    init(
        _ engine: Engine, records: [ChangeSetRecord], markers: [JournalID: MarkerDecision],
        options: VerifyOptions
    ) throws(MonikerError) {
        self.engine = engine
        self.options = options
        self.records = records
        lost = Set(records.filter { markers[$0.id] != .commit }.map(\.id))
        now = engine.ports.clock.now()
        var standing: [Standing] = []
        var next: [MediaPath: MediaPath] = [:]
        var owners: [MediaPath: Standing] = [:]
        for record in records {
            for move in try engine.ports.journal.moves(of: record.id)
            where move.status != nil && move.revertedBy == nil && move.old != move.new {
                standing.append(Standing(record: record, move: move))
                next[move.old] = move.new
                // The new name is a file again: nothing leads away from it.
                next[move.new] = nil
                owners[move.old] = nil
                owners[move.new] = Standing(record: record, move: move)
            }
        }
        self.standing = standing
        self.next = next
        self.owners = owners
    }

    var ports: EnginePorts { engine.ports }

    /// The name that a file has today which once had another one.
    func today(_ path: MediaPath) -> MediaPath {
        var path = path
        // Each step goes to a later change set, so that there are no loops.
        while let following = next[path] { path = following }
        return path
    }

    mutating func report(
        _ check: VerifyFinding.Check, _ message: String, isRepaired: Bool = false
    ) {
        findings.append(VerifyFinding(check: check, message: message, isRepaired: isRepaired))
    }

    /// Notes something that is worth knowing, with the first of its kind as the example.
    mutating func note(
        _ check: VerifyFinding.Check, _ example: @autoclosure () -> String, count: Int = 1
    ) {
        guard count > 0 else { return }
        if let known = information[check] {
            information[check] = (known.count + count, known.example)
        } else {
            information[check] = (count, example())
        }
    }

    /// All findings, what is worth knowing last.
    func all() -> [VerifyFinding] {
        findings
            + information.sorted { $0.key.rawValue < $1.key.rawValue }.map { check, noted in
                VerifyFinding(
                    check: check,
                    message: noted.count == 1
                        ? noted.example : "\(noted.example) (one of \(noted.count))",
                    isInformation: true)
            }
    }

    /// Gives a name back to a file, from where it is today, the trash or the original.
    ///
    /// - Returns: false where none of them has it.
    func bringBack(
        _ path: MediaPath, linkedTo today: MediaPath, from sources: [Standing]
    ) throws(MonikerError) -> Bool {
        guard try ports.files.status(of: path) == nil else { return true }
        if path != today, try ports.files.status(of: today) != nil {
            try ports.files.link(today, as: path)
        } else if try !unretire(path, sources), try !restore(path, sources) {
            return false
        }
        try ports.files.synchronize(directories: [path.directory])
        return true
    }

    private func unretire(
        _ path: MediaPath, _ sources: [Standing]
    ) throws(MonikerError) -> Bool {
        for source in sources.reversed() where source.move.old == path {
            if try ports.files.unretire(path, from: source.record.id, as: source.move.sequence) {
                return true
            }
        }
        return false
    }

    private func restore(
        _ path: MediaPath, _ sources: [Standing]
    ) throws(MonikerError) -> Bool {
        for source in sources.reversed() {
            guard let status = source.move.status, let digest = source.move.digest,
                try ports.files.hasOriginal(digest, readingData: true)
            else { continue }
            try ports.files.restoreOriginal(digest, as: path, status: status)
            return true
        }
        return false
    }

    /// Moves a file of ours that nothing needs into the trash of the newest change set.
    ///
    /// - Returns: whether it is gone.
    func putAway(_ path: MediaPath, _ status: FileStatus) throws(MonikerError) -> Bool {
        guard let newest = records.last else { return false }
        // Far from the numbers of moves, and from those of earlier repairs.
        let sequence = Int(ports.random.next() >> 8) + 1_000_000_000
        let isGone = try ports.files.retire(
            path, identity: status.identity, into: newest.id, as: sequence)
        try ports.files.synchronize(directories: [path.directory])
        return isGone
    }
}
