public import Model

/// A journal that tells an observer of each point.
public final class ObservedJournal: ChangeJournal {
    private let journal: any ChangeJournal
    private let observer: any EffectObserver

    /// Wraps a journal.
    public init(_ journal: any ChangeJournal, _ observer: any EffectObserver) {
        self.journal = journal
        self.observer = observer
    }

    private func around(
        _ effect: Effect, _ body: () throws(MonikerError) -> Void
    ) throws(MonikerError) {
        try observer.passing(EffectPoint(effect, .before))
        try body()
        try observer.passing(EffectPoint(effect, .after))
    }

    // MARK: Reading

    /// As the port says.
    public func damage() throws(MonikerError) -> String? {
        try journal.damage()
    }

    /// As the port says.
    public func changeSets() throws(MonikerError) -> [ChangeSetRecord] {
        try journal.changeSets()
    }

    /// As the port says.
    public func unfinished() throws(MonikerError) -> [ChangeSetRecord] {
        try journal.unfinished()
    }

    /// As the port says.
    public func changeSet(_ id: JournalID) throws(MonikerError) -> ChangeSetRecord {
        try journal.changeSet(id)
    }

    /// As the port says.
    public func moves(of id: JournalID) throws(MonikerError) -> [FileMoveRecord] {
        try journal.moves(of: id)
    }

    /// As the port says.
    public func laterMoves(
        from old: MediaPath, after id: JournalID
    ) throws(MonikerError) -> [(changeSet: JournalID, move: FileMoveRecord)] {
        try journal.laterMoves(from: old, after: id)
    }

    /// As the port says.
    public func namesMovedOn(of id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        try journal.namesMovedOn(of: id)
    }

    /// As the port says.
    public func standingNames(givenAfter id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        try journal.standingNames(givenAfter: id)
    }

    /// As the port says.
    public func cellEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        try journal.cellEdits(of: id)
    }

    /// As the port says.
    public func oldNamesBroughtBack(
        of id: JournalID
    ) throws(MonikerError) -> [(old: MediaPath, revert: JournalID)] {
        try journal.oldNamesBroughtBack(of: id)
    }

    /// As the port says.
    public func standingMoveCount(of id: JournalID) throws(MonikerError) -> Int {
        try journal.standingMoveCount(of: id)
    }

    /// As the port says.
    public func changeSetsWithDueOldNames(
        at now: Int64
    ) throws(MonikerError) -> (due: [ChangeSetRecord], next: Int64?) {
        try journal.changeSetsWithDueOldNames(at: now)
    }

    /// As the port says.
    public func newestChangeSet() throws(MonikerError) -> JournalID? {
        try journal.newestChangeSet()
    }

    /// As the port says.
    public func committedTally(of incarnation: String) throws(MonikerError) -> CommitTally {
        try journal.committedTally(of: incarnation)
    }

    /// As the port says.
    public func waitingOldNames(of id: JournalID) throws(MonikerError) -> Set<Int> {
        try journal.waitingOldNames(of: id)
    }

    /// As the port says.
    public func cellCount(of id: JournalID) throws(MonikerError) -> Int {
        try journal.cellCount(of: id)
    }

    /// As the port says.
    public func fileEdits(of id: JournalID) throws(MonikerError) -> [FileEditRecord] {
        try journal.fileEdits(of: id)
    }

    /// As the port says.
    public func directoryTimes(of id: JournalID) throws(MonikerError) -> [DirectoryTimeRecord] {
        try journal.directoryTimes(of: id)
    }

    /// As the port says.
    public func findings(of id: JournalID) throws(MonikerError) -> [FindingRecord] {
        try journal.findings(of: id)
    }

    /// As the port says.
    public func originalsInUse() throws(MonikerError) -> [(
        digest: ContentDigest, newest: JournalID
    )] {
        try journal.originalsInUse()
    }

    /// As the port says.
    public func releasedOriginals() throws(MonikerError) -> Set<ContentDigest> {
        try journal.releasedOriginals()
    }

    /// As the port says.
    public func bindings() throws(MonikerError) -> [SiteBinding] {
        try journal.bindings()
    }

    // MARK: Assignments

    /// As the port says.
    public func changeSets(
        changing attachment: AttachmentID
    ) throws(MonikerError) -> [ChangeSetRecord] {
        try journal.changeSets(changing: attachment)
    }

    /// As the port says.
    public func assignments(of id: JournalID) throws(MonikerError) -> [CellAssignment] {
        try journal.assignments(of: id)
    }

    /// As the port says.
    public func assignmentsDecided(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> Int { try journal.assignmentsDecided(of: id, through: part) }

    /// As the port says.
    public func assignmentEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        try journal.assignmentEdits(of: id)
    }

    /// As the port says.
    public func assignments(
        to attachment: AttachmentID
    ) throws(MonikerError) -> [(changeSet: JournalID, assignment: CellAssignment)] {
        try journal.assignments(to: attachment)
    }

    // MARK: Writing

    /// As the port says.
    public func recordIntent(
        _ record: ChangeSetRecord, moves: [FileMoveRecord], assignments: [CellAssignment],
        directories: [DirectoryTimeRecord], findings: [FindingRecord]
    ) throws(MonikerError) {
        try around(.recordIntent) { () throws(MonikerError) in
            try journal.recordIntent(
                record, moves: moves, assignments: assignments, directories: directories,
                findings: findings)
        }
    }

    /// As the port says.
    public func cellEdits(
        of id: JournalID, after part: Int
    ) throws(MonikerError) -> [CellEditRecord] { try journal.cellEdits(of: id, after: part) }

    /// As the port says.
    public func cellEdits(
        of id: JournalID, leaving cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest: [CellEditRecord]] {
        try journal.cellEdits(of: id, leaving: cells)
    }

    /// As the port says.
    public func contents(
        before id: JournalID, left cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest?] {
        try journal.contents(before: id, left: cells)
    }

    /// As the port says.
    public func cellTotals(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> (cells: Int, references: Int) {
        try journal.cellTotals(of: id, through: part)
    }

    /// As the port says.
    public func recordCells(
        _ edits: [CellEditRecord], findings: [FindingRecord], references: Int, part: Int,
        of id: JournalID
    ) throws(MonikerError) {
        try around(.recordCells) { () throws(MonikerError) in
            try journal.recordCells(
                edits, findings: findings, references: references, part: part, of: id)
        }
    }

    /// As the port says.
    public func recordFileEdits(
        _ edits: [FileEditRecord], of id: JournalID
    ) throws(MonikerError) {
        try around(.recordFileEdits) { () throws(MonikerError) in
            try journal.recordFileEdits(edits, of: id)
        }
    }

    /// As the port says.
    public func setState(_ state: ChangeSetRecord.State, of id: JournalID) throws(MonikerError) {
        try around(.setState) { () throws(MonikerError) in
            try journal.setState(state, of: id)
        }
    }

    /// As the port says.
    public func recordRetired(
        _ sequences: [Int], directories: [DirectoryTimeRecord], of id: JournalID
    ) throws(MonikerError) {
        try around(.recordRetired) { () throws(MonikerError) in
            try journal.recordRetired(sequences, directories: directories, of: id)
        }
    }

    /// As the port says.
    public func recordKeepReason(
        _ reason: FileMoveRecord.KeepReason, moves sequences: [Int], of id: JournalID
    ) throws(MonikerError) {
        try around(.recordKeepReason) { () throws(MonikerError) in
            try journal.recordKeepReason(reason, moves: sequences, of: id)
        }
    }

    /// As the port says.
    public func finish(
        _ id: JournalID, reverted: [(changeSet: JournalID, sequence: Int)],
        revertedAssignments: [(changeSet: JournalID, sequence: Int)], retiring: [Int],
        ending: () throws(MonikerError) -> ChangeSetEnding
    ) throws(MonikerError) {
        try around(.finish) { () throws(MonikerError) in
            try journal.finish(
                id, reverted: reverted, revertedAssignments: revertedAssignments,
                retiring: retiring, ending: ending)
        }
    }

    /// As the port says.
    public func releaseOriginals(_ digests: [ContentDigest], at time: Int64) throws(MonikerError) {
        try around(.releaseOriginals) { () throws(MonikerError) in
            try journal.releaseOriginals(digests, at: time)
        }
    }

    /// As the port says.
    public func setLost(_ isLost: Bool, of id: JournalID) throws(MonikerError) {
        try around(.setLost) { () throws(MonikerError) in
            try journal.setLost(isLost, of: id)
        }
    }

    /// As the port says.
    public func purge(_ ids: [JournalID]) throws(MonikerError) {
        try around(.purge) { () throws(MonikerError) in
            try journal.purge(ids)
        }
    }

    /// As the port says.
    public func bind(_ binding: SiteBinding) throws(MonikerError) {
        try around(.bind) { () throws(MonikerError) in
            try journal.bind(binding)
        }
    }
}
