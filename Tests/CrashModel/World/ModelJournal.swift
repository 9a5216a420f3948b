import Model

/// A journal in memory: each writing call happens whole and is durable, or not at all.
public struct ModelJournalState: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var record: ChangeSetRecord
        var moves: [FileMoveRecord]
        var assignments: [CellAssignment]
        var directories: [DirectoryTimeRecord]
        var findings: [FindingRecord]
        /// By part, from 1.
        var parts: [[CellEditRecord]] = []
        var partFindings: [[FindingRecord]] = []

        var cells: [CellEditRecord] { parts.flatMap { $0 } }
        var fileEdits: [FileEditRecord] = []
    }

    var entries: [JournalID: Entry] = [:]
    var released: Set<ContentDigest> = []
    var bindings: [SiteBinding] = []

    /// The change sets, oldest first.
    var ids: [JournalID] { entries.keys.sorted() }
}

/// The port of a model journal.
final class ModelJournal: ChangeJournal {
    private let universe: Universe

    init(_ universe: Universe) { self.universe = universe }

    private var state: ModelJournalState {
        _read { yield universe.world.journal }
        _modify { yield &universe.world.journal }
    }

    private func entry(_ id: JournalID) throws(MonikerError) -> ModelJournalState.Entry {
        guard let entry = state.entries[id] else {
            throw MonikerError(.unknownJournal, "there is no change set \(id)")
        }
        return entry
    }

    // MARK: Reading

    func damage() throws(MonikerError) -> String? { nil }

    func changeSets() throws(MonikerError) -> [ChangeSetRecord] {
        state.ids.reversed().compactMap { state.entries[$0]?.record }
    }

    func changeSets(
        changing attachment: AttachmentID
    ) throws(MonikerError) -> [ChangeSetRecord] {
        state.ids.reversed().compactMap { state.entries[$0] }.filter { entry in
            entry.moves.contains { $0.attachment == attachment }
                || entry.assignments.contains { $0.attachment == attachment }
        }.map(\.record)
    }

    func unfinished() throws(MonikerError) -> [ChangeSetRecord] {
        state.ids.compactMap { state.entries[$0]?.record }.filter {
            [.intent, .cells, .committed].contains($0.state)
        }
    }

    func changeSet(_ id: JournalID) throws(MonikerError) -> ChangeSetRecord {
        try entry(id).record
    }

    func moves(of id: JournalID) throws(MonikerError) -> [FileMoveRecord] {
        state.entries[id]?.moves ?? []
    }

    func laterMoves(
        from old: MediaPath, after id: JournalID
    ) throws(MonikerError) -> [(changeSet: JournalID, move: FileMoveRecord)] {
        state.ids.filter { $0 > id }.flatMap { later in
            guard let entry = state.entries[later],
                [.committed, .done].contains(entry.record.state)
            else { return [(changeSet: JournalID, move: FileMoveRecord)]() }
            return entry.moves.filter { $0.old == old && $0.revertedBy == nil }.map {
                (later, $0)
            }
        }
    }

    func namesMovedOn(of id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        var names: Set<MediaPath> = []
        for move in state.entries[id]?.moves ?? [] {
            if try !laterMoves(from: move.new, after: id).isEmpty { names.insert(move.new) }
        }
        return names
    }

    func standingNames(givenAfter id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        var names: Set<MediaPath> = []
        for (later, entry) in state.entries where later > id && entry.record.state != .aborted {
            for move in entry.moves where move.revertedBy == nil { names.insert(move.new) }
        }
        return names
    }

    func cellEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        state.entries[id]?.cells ?? []
    }

    func cellEdits(
        of id: JournalID, after part: Int
    ) throws(MonikerError) -> [CellEditRecord] {
        (state.entries[id]?.parts ?? []).dropFirst(part).flatMap { $0 }
    }

    func cellEdits(
        of id: JournalID, leaving cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest: [CellEditRecord]] {
        let edits = (state.entries[id]?.cells ?? []).filter { edit in
            cells.contains { edit.address.isKnownAs($0.address) && edit.after == $0.digest }
        }
        return Dictionary(grouping: edits.reversed(), by: \.after)
    }

    func contents(
        before id: JournalID, left cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest?] {
        let edits = state.entries[id]?.cells ?? []
        return cells.map { cell in
            edits.last {
                $0.address == cell.address && $0.after == cell.digest && $0.assignment == nil
            }?.before
        }
    }

    func cellTotals(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> (cells: Int, references: Int) {
        let cells = (state.entries[id]?.parts ?? []).prefix(part).flatMap { $0 }
        return (cells.count, cells.reduce(0) { $0 + $1.references })
    }

    func newestChangeSet() throws(MonikerError) -> JournalID? { state.ids.last }

    func committedTally(of incarnation: String) throws(MonikerError) -> CommitTally {
        let finished = try changeSets().filter {
            $0.state == .done && !$0.isLost && $0.incarnation == incarnation
        }
        return CommitTally(count: finished.count, newest: finished.first?.id)
    }

    func changeSetsWithDueOldNames(
        at now: Int64
    ) throws(MonikerError) -> (due: [ChangeSetRecord], next: Int64?) {
        var due: [ChangeSetRecord] = []
        var next: Int64?
        for record in try changeSets().reversed() where record.state == .done && !record.isLost {
            guard try !waitingOldNames(of: record.id).isEmpty else { continue }
            if record.keepOldUntil <= max(now, record.created) {
                due.append(record)
            } else if record.keepOldUntil < .max {
                next = min(next ?? .max, record.keepOldUntil)
            }
        }
        return (due, next)
    }

    func waitingOldNames(of id: JournalID) throws(MonikerError) -> Set<Int> {
        let waiting = try moves(of: id).filter {
            $0.status != nil && $0.oldName == .alive && $0.revertedBy == nil
                && $0.keepReason == nil
        }
        return Set(waiting.map(\.sequence))
    }

    func oldNamesBroughtBack(
        of id: JournalID
    ) throws(MonikerError) -> [(old: MediaPath, revert: JournalID)] {
        try moves(of: id).compactMap { move in move.revertedBy.map { (move.old, $0) } }
    }

    func standingMoveCount(of id: JournalID) throws(MonikerError) -> Int {
        try moves(of: id).count { $0.revertedBy == nil }
    }

    func cellCount(of id: JournalID) throws(MonikerError) -> Int {
        state.entries[id]?.cells.count ?? 0
    }

    func fileEdits(of id: JournalID) throws(MonikerError) -> [FileEditRecord] {
        state.entries[id]?.fileEdits ?? []
    }

    func directoryTimes(of id: JournalID) throws(MonikerError) -> [DirectoryTimeRecord] {
        state.entries[id]?.directories ?? []
    }

    func findings(of id: JournalID) throws(MonikerError) -> [FindingRecord] {
        guard let entry = state.entries[id] else { return [] }
        return entry.findings + entry.partFindings.flatMap { $0 }
    }

    func originalsInUse() throws(MonikerError) -> [(digest: ContentDigest, newest: JournalID)] {
        var newest: [ContentDigest: JournalID] = [:]
        for id in state.ids {
            for move in state.entries[id]?.moves ?? [] {
                if let digest = move.digest { newest[digest] = id }
            }
        }
        return newest.map { ($0.key, $0.value) }
    }

    func releasedOriginals() throws(MonikerError) -> Set<ContentDigest> { state.released }

    func bindings() throws(MonikerError) -> [SiteBinding] { state.bindings }

    // MARK: Assignments

    func assignments(of id: JournalID) throws(MonikerError) -> [CellAssignment] {
        state.entries[id]?.assignments ?? []
    }

    func assignmentsDecided(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> Int {
        guard let entry = state.entries[id] else { return 0 }
        let written = entry.parts.prefix(part).joined().compactMap(\.assignment)
        let left = entry.partFindings.prefix(part).joined().compactMap(\.assignment)
        return ((written + left).max() ?? -1) + 1
    }

    func assignmentEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        (state.entries[id]?.cells ?? []).filter { $0.assignment != nil }
    }

    func assignments(
        to attachment: AttachmentID
    ) throws(MonikerError) -> [(changeSet: JournalID, assignment: CellAssignment)] {
        state.ids.flatMap { id in
            guard let entry = state.entries[id], [.committed, .done].contains(entry.record.state)
            else { return [(changeSet: JournalID, assignment: CellAssignment)]() }
            return entry.assignments.filter { $0.attachment == attachment }.map { (id, $0) }
        }
    }

    private func markReverted(
        _ taken: (changeSet: JournalID, sequence: Int), by id: JournalID
    ) {
        state.entries[taken.changeSet]?.assignments[taken.sequence].revertedBy = id
        guard let text = state.entries[taken.changeSet]?.assignments[taken.sequence] else { return }
        for other in state.ids {
            for index in (state.entries[other]?.assignments ?? []).indices {
                guard let assignment = state.entries[other]?.assignments[index],
                    assignment.revertedBy == taken.changeSet,
                    assignment.isSameText(as: text)
                else { continue }
                state.entries[other]?.assignments[index].revertedBy = nil
            }
        }
    }

    // MARK: Writing

    func recordIntent(
        _ record: ChangeSetRecord, moves: [FileMoveRecord], assignments: [CellAssignment],
        directories: [DirectoryTimeRecord], findings: [FindingRecord]
    ) throws(MonikerError) {
        state.released.subtract(moves.compactMap(\.digest))
        state.entries[record.id] = ModelJournalState.Entry(
            record: record, moves: moves, assignments: assignments, directories: directories,
            findings: findings)
    }

    func recordCells(
        _ edits: [CellEditRecord], findings: [FindingRecord], references: Int, part: Int,
        of id: JournalID
    ) throws(MonikerError) {
        let earlier = state.entries[id].map { ($0.parts, $0.partFindings) } ?? ([], [])
        state.entries[id]?.parts = earlier.0.prefix(part - 1) + [edits]
        state.entries[id]?.partFindings = earlier.1.prefix(part - 1) + [findings]
        state.entries[id]?.record.references = references
        state.entries[id]?.record.state = .cells
    }

    func recordFileEdits(_ edits: [FileEditRecord], of id: JournalID) throws(MonikerError) {
        let sequences = Set(edits.map(\.sequence))
        state.entries[id]?.fileEdits.removeAll { sequences.contains($0.sequence) }
        state.entries[id]?.fileEdits += edits
    }

    func setState(
        _ newState: ChangeSetRecord.State, of id: JournalID
    ) throws(MonikerError) {
        state.entries[id]?.record.state = newState
    }

    func recordRetired(
        _ sequences: [Int], directories: [DirectoryTimeRecord], of id: JournalID
    ) throws(MonikerError) {
        update(movesOf: id, sequences) { $0.oldName = .retired }
        update(directories, of: id)
    }

    func recordKeepReason(
        _ reason: FileMoveRecord.KeepReason, moves sequences: [Int], of id: JournalID
    ) throws(MonikerError) {
        update(movesOf: id, sequences) { $0.keepReason = reason }
    }

    func finish(
        _ id: JournalID, reverted: [(changeSet: JournalID, sequence: Int)],
        revertedAssignments: [(changeSet: JournalID, sequence: Int)], retiring: [Int],
        ending: () throws(MonikerError) -> ChangeSetEnding
    ) throws(MonikerError) {
        let ending = try ending()
        update(ending.directories, of: id)
        update(movesOf: id, retiring) { $0.oldName = .retired }
        update(movesOf: id, ending.kept) { $0.oldName = .alive }
        for assignment in revertedAssignments { markReverted(assignment, by: id) }
        for move in reverted {
            update(movesOf: move.changeSet, [move.sequence]) { $0.revertedBy = id }
            reinstate(movesRevertedBy: move.changeSet, sequence: move.sequence)
        }
        state.entries[id]?.record.state = .done
    }

    func releaseOriginals(_ digests: [ContentDigest], at time: Int64) throws(MonikerError) {
        state.released.formUnion(digests)
    }

    func setLost(_ isLost: Bool, of id: JournalID) throws(MonikerError) {
        state.entries[id]?.record.isLost = isLost
    }

    func purge(_ ids: [JournalID]) throws(MonikerError) {
        for id in ids where state.entries[id]?.record.state == .aborted {
            state.entries[id] = nil
        }
    }

    func bind(_ binding: SiteBinding) throws(MonikerError) {
        state.bindings.removeAll { $0.prefix == binding.prefix }
        state.bindings.append(binding)
    }

    /// The moves that a reverted revert had taken back stand again, one after the other from where
    /// it put the file.
    private func reinstate(movesRevertedBy id: JournalID, sequence: Int) {
        guard
            var path = state.entries[id]?.moves.first(where: { $0.sequence == sequence })?.new
        else { return }
        search: while true {
            for (other, entry) in state.entries {
                for move in entry.moves where move.revertedBy == id && move.old == path {
                    update(movesOf: other, [move.sequence]) { $0.revertedBy = nil }
                    path = move.new
                    continue search
                }
            }
            return
        }
    }

    private func update(_ directories: [DirectoryTimeRecord], of id: JournalID) {
        for directory in directories {
            guard
                let index = state.entries[id]?.directories.firstIndex(where: {
                    $0.directory == directory.directory
                })
            else { continue }
            state.entries[id]?.directories[index].after = directory.after
        }
    }

    private func update(
        movesOf id: JournalID, _ sequences: [Int], _ change: (inout FileMoveRecord) -> Void
    ) {
        guard let count = state.entries[id]?.moves.count else { return }
        for index in 0..<count {
            guard let sequence = state.entries[id]?.moves[index].sequence,
                sequences.contains(sequence)
            else { continue }
            if var move = state.entries[id]?.moves[index] {
                change(&move)
                state.entries[id]?.moves[index] = move
            }
        }
    }
}
