import Engine
public import Model

extension Session {
    /// Takes a change set back, whole or for some of its attachments.
    ///
    /// - Throws: `unknown-journal`, `not-applied`, `already-reverted`, `unknown-attachment`,
    ///   `name-taken` when nothing can be taken back; what planning and applying throw.
    public func revert(
        _ id: JournalID, only: Set<AttachmentID>?, keepOld: KeepOld, isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        if !isDryRun { try beginWriting() }
        let revert = try RevertProposer(ports: ports).proposal(reverting: id, only: only)
        let proposal = ChangeProposal(
            kind: .revert, moves: revert.moves, assignments: revert.assignments,
            policy: try policy(for: Set(revert.moves.map(\.attachment))),
            textFiles: try textFiles(naming: revert.moves.map(\.old)), oldNames: keepOld.policy,
            findings: revert.findings, undoing: revert.undoing)
        return try carryOut(proposal, isDryRun: isDryRun)
    }
}
