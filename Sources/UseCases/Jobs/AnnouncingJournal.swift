import Model

/// A journal that tells somebody of each change set before anything of it is written down.
final class AnnouncingJournal: ChangeJournal {
    private let journal: any ChangeJournal
    private let willBegin: (ChangeSetRecord) throws(MonikerError) -> Void

    /// Wraps a journal.
    ///
    /// - Parameter willBegin: hears of each change set; where it throws, there is none.
    init(
        _ journal: any ChangeJournal,
        _ willBegin: @escaping (ChangeSetRecord) throws(MonikerError) -> Void
    ) {
        self.journal = journal
        self.willBegin = willBegin
    }

    func damage() throws(MonikerError) -> String? {
        try journal.damage()
    }

    func changeSets() throws(MonikerError) -> [ChangeSetRecord] {
        try journal.changeSets()
    }

    func unfinished() throws(MonikerError) -> [ChangeSetRecord] {
        try journal.unfinished()
    }

    func changeSet(_ id: JournalID) throws(MonikerError) -> ChangeSetRecord {
        try journal.changeSet(id)
    }

    func moves(of id: JournalID) throws(MonikerError) -> [FileMoveRecord] {
        try journal.moves(of: id)
    }

    func laterMoves(from old: MediaPath, after id: JournalID) throws(MonikerError) -> [(
        changeSet: JournalID, move: FileMoveRecord
    )] {
        try journal.laterMoves(from: old, after: id)
    }

    func namesMovedOn(of id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        try journal.namesMovedOn(of: id)
    }

    func standingNames(givenAfter id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        try journal.standingNames(givenAfter: id)
    }

    func cellEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        try journal.cellEdits(of: id)
    }

    func cellEdits(of id: JournalID, after part: Int) throws(MonikerError) -> [CellEditRecord] {
        try journal.cellEdits(of: id, after: part)
    }

    func cellTotals(of id: JournalID, through part: Int) throws(MonikerError) -> (
        cells: Int, references: Int
    ) {
        try journal.cellTotals(of: id, through: part)
    }

    func cellEdits(
        of id: JournalID, leaving cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest: [CellEditRecord]] {
        try journal.cellEdits(of: id, leaving: cells)
    }

    func contents(
        before id: JournalID, left cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest?] {
        try journal.contents(before: id, left: cells)
    }

    func oldNamesBroughtBack(
        of id: JournalID
    ) throws(MonikerError) -> [(old: MediaPath, revert: JournalID)] {
        try journal.oldNamesBroughtBack(of: id)
    }

    func standingMoveCount(of id: JournalID) throws(MonikerError) -> Int {
        try journal.standingMoveCount(of: id)
    }

    func changeSetsWithDueOldNames(
        at now: Int64
    ) throws(MonikerError) -> (due: [ChangeSetRecord], next: Int64?) {
        try journal.changeSetsWithDueOldNames(at: now)
    }

    func newestChangeSet() throws(MonikerError) -> JournalID? { try journal.newestChangeSet() }

    func committedTally(of incarnation: String) throws(MonikerError) -> CommitTally {
        try journal.committedTally(of: incarnation)
    }

    func waitingOldNames(of id: JournalID) throws(MonikerError) -> Set<Int> {
        try journal.waitingOldNames(of: id)
    }

    func cellCount(of id: JournalID) throws(MonikerError) -> Int {
        try journal.cellCount(of: id)
    }

    func fileEdits(of id: JournalID) throws(MonikerError) -> [FileEditRecord] {
        try journal.fileEdits(of: id)
    }

    func directoryTimes(of id: JournalID) throws(MonikerError) -> [DirectoryTimeRecord] {
        try journal.directoryTimes(of: id)
    }

    func findings(of id: JournalID) throws(MonikerError) -> [FindingRecord] {
        try journal.findings(of: id)
    }

    func originalsInUse() throws(MonikerError) -> [(digest: ContentDigest, newest: JournalID)] {
        try journal.originalsInUse()
    }

    func releasedOriginals() throws(MonikerError) -> Set<ContentDigest> {
        try journal.releasedOriginals()
    }

    func bindings() throws(MonikerError) -> [SiteBinding] {
        try journal.bindings()
    }

    func changeSets(
        changing attachment: AttachmentID
    ) throws(MonikerError) -> [ChangeSetRecord] {
        try journal.changeSets(changing: attachment)
    }

    func assignments(of id: JournalID) throws(MonikerError) -> [CellAssignment] {
        try journal.assignments(of: id)
    }

    func assignmentsDecided(of id: JournalID, through part: Int) throws(MonikerError) -> Int {
        try journal.assignmentsDecided(of: id, through: part)
    }

    func assignmentEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord] {
        try journal.assignmentEdits(of: id)
    }

    func assignments(to attachment: AttachmentID) throws(MonikerError) -> [(
        changeSet: JournalID, assignment: CellAssignment
    )] {
        try journal.assignments(to: attachment)
    }

    func recordIntent(
        _ record: ChangeSetRecord, moves: [FileMoveRecord], assignments: [CellAssignment],
        directories: [DirectoryTimeRecord], findings: [FindingRecord]
    ) throws(MonikerError) {
        try willBegin(record)
        try journal.recordIntent(
            record, moves: moves, assignments: assignments, directories: directories,
            findings: findings)
    }

    func recordCells(
        _ edits: [CellEditRecord], findings: [FindingRecord], references: Int, part: Int,
        of id: JournalID
    ) throws(MonikerError) {
        try journal.recordCells(
            edits, findings: findings, references: references, part: part, of: id)
    }

    func recordFileEdits(_ edits: [FileEditRecord], of id: JournalID) throws(MonikerError) {
        try journal.recordFileEdits(edits, of: id)
    }

    func setState(_ state: ChangeSetRecord.State, of id: JournalID) throws(MonikerError) {
        try journal.setState(state, of: id)
    }

    func recordRetired(_ sequences: [Int], directories: [DirectoryTimeRecord], of id: JournalID)
        throws(MonikerError)
    {
        try journal.recordRetired(sequences, directories: directories, of: id)
    }

    func recordKeepReason(
        _ reason: FileMoveRecord.KeepReason, moves sequences: [Int], of id: JournalID
    ) throws(MonikerError) {
        try journal.recordKeepReason(reason, moves: sequences, of: id)
    }

    func finish(
        _ id: JournalID, reverted: [(changeSet: JournalID, sequence: Int)],
        revertedAssignments: [(changeSet: JournalID, sequence: Int)], retiring: [Int],
        ending: () throws(MonikerError) -> ChangeSetEnding
    ) throws(MonikerError) {
        try journal.finish(
            id, reverted: reverted, revertedAssignments: revertedAssignments, retiring: retiring,
            ending: ending)
    }

    func releaseOriginals(_ digests: [ContentDigest], at time: Int64) throws(MonikerError) {
        try journal.releaseOriginals(digests, at: time)
    }

    func setLost(_ isLost: Bool, of id: JournalID) throws(MonikerError) {
        try journal.setLost(isLost, of: id)
    }

    func purge(_ ids: [JournalID]) throws(MonikerError) {
        try journal.purge(ids)
    }

    func bind(_ binding: SiteBinding) throws(MonikerError) {
        try journal.bind(binding)
    }
}
