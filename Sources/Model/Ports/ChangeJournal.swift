/// Port: the journal of a home: what was changed, and what takes it back.
///
/// Every writing call is one transaction that is on disk when the call returns, or has no effect.
/// Calls block.
public protocol ChangeJournal: AnyObject {
    // MARK: Reading

    /// Checks the journal's own structure; nil when it is sound.
    func damage() throws(MonikerError) -> String?

    /// All change sets, newest first.
    func changeSets() throws(MonikerError) -> [ChangeSetRecord]

    /// The id of the newest change set; nil before the first.
    func newestChangeSet() throws(MonikerError) -> JournalID?

    /// How many finished change sets there are of a database, by its incarnation, that are not marked
    /// as lost, and the newest of them.
    func committedTally(of incarnation: String) throws(MonikerError) -> CommitTally

    /// The change sets that renamed files of an attachment or wrote its texts, newest first.
    func changeSets(
        changing attachment: AttachmentID
    ) throws(MonikerError) -> [ChangeSetRecord]

    /// The change sets that a crash left unfinished, oldest first.
    func unfinished() throws(MonikerError) -> [ChangeSetRecord]

    /// One change set.
    ///
    /// - Throws: `unknown-journal` where there is none of this id.
    func changeSet(_ id: JournalID) throws(MonikerError) -> ChangeSetRecord

    /// The file moves of a change set, in order.
    func moves(of id: JournalID) throws(MonikerError) -> [FileMoveRecord]

    /// The old names of a change set that reverts have brought back, each with the revert that did.
    ///
    /// - Complexity: linear in the moves of the change set; memory for what is found.
    func oldNamesBroughtBack(
        of id: JournalID
    ) throws(MonikerError) -> [(old: MediaPath, revert: JournalID)]

    /// The moves, of committed change sets after `id`, that began at the path and still stand.
    func laterMoves(
        from old: MediaPath, after id: JournalID
    ) throws(MonikerError) -> [(changeSet: JournalID, move: FileMoveRecord)]

    /// The new names of a change set from which later change sets, that are committed and stand, have
    /// moved the file on.
    func namesMovedOn(of id: JournalID) throws(MonikerError) -> Set<MediaPath>

    /// The names that files have been given by change sets after `id` that still stand.
    func standingNames(givenAfter id: JournalID) throws(MonikerError) -> Set<MediaPath>

    /// The cell edits of a change set, in order.
    func cellEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord]

    /// The cell edits of the parts of a change set that follow a part, in order.
    func cellEdits(of id: JournalID, after part: Int) throws(MonikerError) -> [CellEditRecord]

    /// How many cells the parts of a change set have changed, up to and with a part, and how many
    /// references in them.
    func cellTotals(
        of id: JournalID, through part: Int
    ) throws(MonikerError) -> (cells: Int, references: Int)

    /// The edits of a change set that left these cells with these contents, by content, last first.
    ///
    /// A row with a primary key is known by it. A row without one is known by its content alone: edits
    /// of every row with that content are returned.
    ///
    /// - Parameter cells: cells and the SHA-256 of what they hold.
    /// - Complexity: a search in an index for each cell.
    func cellEdits(
        of id: JournalID, leaving cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest: [CellEditRecord]]

    /// What cells held, by its SHA-256, before the last rewriting of a change set left them with these
    /// contents; in the order of the cells.
    ///
    /// nil where there is no such edit, or where finding it takes more than its row's key: then
    /// `cellEdits(of:leaving:)` tells.
    ///
    /// - Parameter cells: cells and the SHA-256 of what they hold.
    /// - Complexity: a search in an index for each cell; replacements are not read.
    func contents(
        before id: JournalID, left cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) -> [ContentDigest?]

    /// The finished change sets, none marked as lost, with old names whose time is up.
    ///
    /// Old names wait for being retired while they are there, nothing is known that needs them, and no
    /// revert has brought them back. Their time is never up before their change set was made, whatever
    /// the clock says.
    ///
    /// - Parameter now: in nanoseconds since 1970.
    /// - Returns: those whose time is up, oldest first, and when the next will be; nil where none
    ///   waits, or all for ever.
    /// - Complexity: a look at two indexes for each change set with old names that wait, however many
    ///   moves and others there are.
    func changeSetsWithDueOldNames(
        at now: Int64
    ) throws(MonikerError) -> (due: [ChangeSetRecord], next: Int64?)

    /// The numbers of the moves of a change set whose old names wait for being retired, as
    /// `changeSetsWithDueOldNames` means it.
    ///
    /// - Complexity: by index; linear in what is found.
    func waitingOldNames(of id: JournalID) throws(MonikerError) -> Set<Int>

    /// How many moves of a change set no revert has taken back.
    func standingMoveCount(of id: JournalID) throws(MonikerError) -> Int

    /// The number of changed cells of a change set.
    func cellCount(of id: JournalID) throws(MonikerError) -> Int

    /// The edits of text files of a change set, in order.
    func fileEdits(of id: JournalID) throws(MonikerError) -> [FileEditRecord]

    /// The folders of a change set.
    func directoryTimes(of id: JournalID) throws(MonikerError) -> [DirectoryTimeRecord]

    /// What a change set left as it was.
    func findings(of id: JournalID) throws(MonikerError) -> [FindingRecord]

    /// Every content digest that some change set needs, with the newest change set that needs it.
    func originalsInUse() throws(MonikerError) -> [(digest: ContentDigest, newest: JournalID)]

    /// The digests of originals that `releaseOriginals` gave up and no later intent needs.
    func releasedOriginals() throws(MonikerError) -> Set<ContentDigest>

    /// The sites that this journal was last written for: one for each prefix of markers, because
    /// the blogs of a network share a home.
    func bindings() throws(MonikerError) -> [SiteBinding]

    // MARK: Assignments

    /// The texts that a change set is to write, in order.
    func assignments(of id: JournalID) throws(MonikerError) -> [CellAssignment]

    /// How many of the assignments of a change set its parts have dealt with, up to and with a
    /// part: the first so many were written, or left with a finding.
    func assignmentsDecided(of id: JournalID, through part: Int) throws(MonikerError) -> Int

    /// The cell edits of a change set that carry out assignments, in order.
    func assignmentEdits(of id: JournalID) throws(MonikerError) -> [CellEditRecord]

    /// The assignments to an attachment, of committed change sets, oldest first.
    func assignments(
        to attachment: AttachmentID
    ) throws(MonikerError) -> [(changeSet: JournalID, assignment: CellAssignment)]

    // MARK: Writing

    /// Writes down a change set before anything of it happens (J#1 of docs/protocol.md).
    ///
    /// A release of an original that one of the moves needs is lifted in the same transaction.
    func recordIntent(
        _ record: ChangeSetRecord, moves: [FileMoveRecord], assignments: [CellAssignment],
        directories: [DirectoryTimeRecord], findings: [FindingRecord]
    ) throws(MonikerError)

    /// Writes down the cell edits of one part before they can be committed (J#2), replacing those
    /// of an earlier attempt at this part and whatever followed it, with what they leave as it is.
    ///
    /// - Parameters:
    ///   - part: the transaction that they belong to, from 1.
    ///   - references: how many references the change set has rewritten with this part.
    func recordCells(
        _ edits: [CellEditRecord], findings: [FindingRecord], references: Int, part: Int,
        of id: JournalID
    ) throws(MonikerError)

    /// Writes down edits of text files before they happen.
    func recordFileEdits(_ edits: [FileEditRecord], of id: JournalID) throws(MonikerError)

    /// Moves a change set to a state.
    func setState(_ state: ChangeSetRecord.State, of id: JournalID) throws(MonikerError)

    /// Writes down which old names were retired, and the folders' times after that.
    func recordRetired(
        _ sequences: [Int], directories: [DirectoryTimeRecord], of id: JournalID
    ) throws(MonikerError)

    /// Writes down why the old names of some moves outlive their time.
    func recordKeepReason(
        _ reason: FileMoveRecord.KeepReason, moves sequences: [Int], of id: JournalID
    ) throws(MonikerError)

    /// Closes a change set (J#3): which earlier moves and assignments it took back and which of an
    /// earlier revert are in force again, which of its old names were retired, and the folders'
    /// times.
    ///
    /// - Parameters:
    ///   - retiring: the moves whose old names are retired by the time `ending` returns.
    ///   - ending: called once, after all else is written down and before any of it is durable, so
    ///     that the files can be worked on meanwhile. When it throws, nothing is written.
    func finish(
        _ id: JournalID, reverted: [(changeSet: JournalID, sequence: Int)],
        revertedAssignments: [(changeSet: JournalID, sequence: Int)], retiring: [Int],
        ending: () throws(MonikerError) -> ChangeSetEnding
    ) throws(MonikerError)

    /// Gives originals up before their data goes (P10): from here on nobody counts on them.
    func releaseOriginals(_ digests: [ContentDigest], at time: Int64) throws(MonikerError)

    /// Marks a finished change set as one that the site's database has lost, because it was
    /// restored from an older dump, or as no longer lost.
    func setLost(_ isLost: Bool, of id: JournalID) throws(MonikerError)

    /// Forgets change sets that were rolled back, with everything recorded of them.
    ///
    /// Unknown ids and change sets in any other state are left alone.
    func purge(_ ids: [JournalID]) throws(MonikerError)

    /// Writes down the site that this journal is for.
    func bind(_ binding: SiteBinding) throws(MonikerError)
}
