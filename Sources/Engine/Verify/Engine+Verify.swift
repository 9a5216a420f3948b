public import Model

extension Engine {
    /// Checks the journal, the originals, the renamed files and the references against each other
    /// (F1–F13, F15 and F16 of docs/protocol.md).
    ///
    /// - Parameters:
    ///   - policy: which cells may hold references, and how each is read.
    ///   - options: how to look. A repair only ever adds a name or moves one into the trash.
    /// - Returns: what is wrong or worth knowing; empty when everything holds.
    /// - Complexity: one pass over the database, and a few calls for each renamed file.
    public func verify(
        policy: any CellPolicy, options: VerifyOptions
    ) throws(MonikerError) -> [VerifyFinding] {
        if let damage = try ports.journal.damage() {
            return [
                VerifyFinding(
                    check: .journal,
                    message:
                        "the journal file is damaged (\(damage)): run `moniker recover --rebuild-journal`"
                )
            ]
        }
        var findings: [VerifyFinding] = []
        for record in try ports.journal.unfinished() {
            findings.append(
                VerifyFinding(
                    check: .unfinished,
                    message: "\(record.id) is not finished: run `moniker recover`"))
        }
        let markers = try ports.database.markers(prefix: scope.markerPrefix)
        let all = try ports.journal.changeSets()
        let (records, foreign) = try ownChangeSets(all)
        findings += foreign
        findings += strangers(markers, known: all)
        var verification = try Verification(
            self, records: records, markers: markers, options: options)
        try verification.checkOriginals()
        try verification.checkFiles()
        try verification.checkReferences(policy)
        try verification.checkMarkers()
        try verification.checkLeftovers(of: all)
        try verification.checkTwins()
        try verification.checkDrift()
        return findings + verification.all()
    }

    /// As `verify(policy:options:)`, without text files.
    public func verify(
        policy: any CellPolicy, readingData: Bool, repairing: Bool
    ) throws(MonikerError) -> [VerifyFinding] {
        try verify(
            policy: policy,
            options: VerifyOptions(readingData: readingData, repairing: repairing))
    }

    /// The finished change sets that the database no longer knows, and that are not marked so yet.
    ///
    /// A dump of the database from before them has been restored. Where the database has as many
    /// markers as the journal has finished change sets, and the same newest, nothing is compared one
    /// by one: every change asks, however long the history is. `verify` compares all.
    public func lostChangeSets() throws(MonikerError) -> [ChangeSetRecord] {
        let prefix = scope.markerPrefix
        if let incarnation = try ports.database.incarnation(prefix: prefix),
            try ports.journal.committedTally(of: incarnation)
                == ports.database.committedTally(prefix: prefix)
        {
            return []
        }
        let (records, _) = try ownChangeSets(try ports.journal.changeSets())
        let unmarked = records.filter { !$0.isLost }
        guard !unmarked.isEmpty else { return [] }
        let markers = try ports.database.markers(prefix: scope.markerPrefix)
        return unmarked.filter { markers[$0.id] != .commit }
    }

    /// The finished change sets of this database, oldest first, and what is wrong with the others
    /// (F4).
    private func ownChangeSets(
        _ all: [ChangeSetRecord]
    ) throws(MonikerError) -> (own: [ChangeSetRecord], foreign: [VerifyFinding]) {
        let bindings = try ports.journal.bindings()
        let others = Set(
            bindings.filter { $0.prefix != scope.markerPrefix }.map(\.incarnation))
        // A database without an id, with all else as it was, is a dump from before the first
        // change set.
        let incarnation =
            try ports.database.incarnation(prefix: scope.markerPrefix)
            ?? bindings.first { $0.prefix == scope.markerPrefix }?.incarnation
        var own: [ChangeSetRecord] = []
        var foreign: [VerifyFinding] = []
        for record in all.reversed() where record.state == .done {
            if record.incarnation == incarnation {
                own.append(record)
            } else if !others.contains(record.incarnation) {
                foreign.append(
                    VerifyFinding(
                        check: .incarnation,
                        message:
                            "\(record.id) belongs to another database than the one this site has now (a restored dump or a copy?): use the home that belongs to it"
                    ))
            }
        }
        return (own, foreign)
    }

    /// Markers of change sets that this journal has never heard of (F3).
    private func strangers(
        _ markers: [JournalID: MarkerDecision], known: [ChangeSetRecord]
    ) -> [VerifyFinding] {
        let known = Set(known.map(\.id))
        let unknown = markers.filter { $0.value == .commit && !known.contains($0.key) }.keys
        return unknown.sorted().map { id in
            VerifyFinding(
                check: .marker,
                message:
                    "the database knows \(id), and this home does not: it was made with another home, or this home was restored from an older backup; use the home that has it"
            )
        }
    }
}

extension Verification {
    /// F3: every finished change set has its marker.
    ///
    /// Runs after the references, so that a repair has brought back every name that the restored
    /// database holds before the change set is marked.
    mutating func checkMarkers() throws(MonikerError) {
        for record in records {
            if lost.contains(record.id), !record.isLost {
                let canRepair = options.repairing
                if canRepair { try ports.journal.setLost(true, of: record.id) }
                report(
                    .marker,
                    canRepair
                        ? "the database does not know \(record.id): it was restored from an older dump; the old names that it holds work, and nothing of \(record.id) is taken away any more"
                        : "the database does not know \(record.id): it was restored from an older dump; run `moniker verify --repair`, then rename again",
                    isRepaired: canRepair)
            } else if lost.contains(record.id) {
                note(
                    .marker,
                    "\(record.id) was lost by the database when an older dump was restored; it can be made again by renaming"
                )
            } else if record.isLost {
                if options.repairing { try ports.journal.setLost(false, of: record.id) }
                note(.marker, "\(record.id) was lost by the database and is there again")
            }
        }
    }
}
