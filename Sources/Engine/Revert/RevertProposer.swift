public import Model

/// What a revert comes to, before it is planned.
public struct RevertProposal: Hashable, Sendable {
    /// The files and the names they get back.
    public var moves: [ProposedMove]
    /// The texts and what they were before.
    public var assignments: [CellAssignment]
    /// The change sets and moves that are taken back.
    public var undoing: Undoing
    /// Attachments and texts that cannot be taken back now, and why.
    public var findings: [FindingRecord]
}

/// Works out what taking a change set back means today, after whatever came later.
///
/// A file is followed from name to name: when `a` became `b` and later `c`, taking the first change
/// set back gives `c` the name `a` again, and the second is taken back with it for that file.
public struct RevertProposer {
    private let ports: EnginePorts

    /// Creates a proposer.
    public init(ports: EnginePorts) { self.ports = ports }

    /// Proposes to take a change set back, whole or for some of its attachments.
    ///
    /// - Throws: `unknown-journal`; `not-applied` for one that was rolled back or is unfinished;
    ///   `already-reverted`; `unknown-attachment` when one asked for is not part of it;
    ///   `name-taken` when nothing of it can be taken back because other files have the old names;
    ///   `original-released` when its files are gone and so are their originals.
    public func proposal(
        reverting target: JournalID, only: Set<AttachmentID>?
    ) throws(MonikerError) -> RevertProposal {
        let record = try ports.journal.changeSet(target)
        guard record.state == .done else { throw notApplied(record) }
        let all = try ports.journal.moves(of: target)
        let texts = try ports.journal.assignments(of: target)
        if let only {
            let known = Set(all.map(\.attachment)).union(texts.flatMap(\.attachments))
            for attachment in only.subtracting(known).sorted() {
                throw MonikerError(
                    .unknownAttachment,
                    "attachment \(attachment) is not part of \(target): `moniker journal \(target)` lists what is",
                    details: ["attachment": "\(attachment)", "journal": "\(target)"])
            }
        }
        let asked = all.filter { only?.contains($0.attachment) ?? true }
        let standing = asked.filter { $0.revertedBy == nil }
        let askedTexts = texts.filter { text in
            only.map { !$0.isDisjoint(with: text.attachments) } ?? true
        }
        let standingTexts = askedTexts.filter { $0.revertedBy == nil }
        let reverts = Set(asked.compactMap(\.revertedBy) + askedTexts.compactMap(\.revertedBy))
        guard !standing.isEmpty || !standingTexts.isEmpty else {
            throw alreadyReverted(target, by: reverts)
        }

        let chains = try chains(from: standing, of: target, before: nil)
        let obstacles = try obstacles(to: chains)
        var findings = Array(obstacles.values)
        let kept = chains.filter {
            obstacles[$0.target.attachment] == nil && $0.current != $0.target.old
        }
        var reversal: AssignmentReversal?
        if !standingTexts.isEmpty {
            reversal = try AssignmentReversal(of: record, in: ports)
            let back = only?.union(Self.takenBack(texts))
            for text in standingTexts where !(back?.isSuperset(of: text.attachments) ?? true) {
                var finding = text.finding("shows-others")
                // The number is that of another change set.
                finding.assignment = nil
                findings.append(finding)
            }
            try reversal?.add(
                standingTexts.filter { back?.isSuperset(of: $0.attachments) ?? true })
            findings += reversal?.findings ?? []
        }
        let assignments = reversal?.assignments ?? []
        guard !kept.isEmpty || !assignments.isEmpty else {
            if let finding = findings.first {
                throw MonikerError(
                    ErrorCode(finding.reason),
                    finding.kind == .conflict ? edited(target, finding) : finding.detail,
                    details: [
                        "attachment": "\(finding.attachment.map(String.init(describing:)) ?? "")"
                    ])
            }
            throw alreadyReverted(target, by: reverts)
        }
        return RevertProposal(
            moves: kept.map(\.move), assignments: assignments,
            undoing: Self.undoing(of: target, kept),
            findings: findings.sorted {
                ($0.attachment?.rawValue ?? 0) < ($1.attachment?.rawValue ?? 0)
            })
    }

    /// The attachments whose text alternatives were taken back already.
    private static func takenBack(_ texts: [CellAssignment]) -> [AttachmentID] {
        texts.filter { !$0.isInContent && $0.field == .alt && $0.revertedBy != nil }
            .map(\.attachment)
    }

    /// What a revert that is already in the journal takes back; for recovery.
    func undoing(
        of revert: ChangeSetRecord, target: JournalID, moves: [FileMoveRecord]
    ) throws(MonikerError) -> Undoing {
        let originals = Set(moves.map(\.new))
        let taken = try ports.journal.moves(of: target).filter {
            originals.contains($0.old) && $0.revertedBy == nil
        }
        return Self.undoing(
            of: target, try chains(from: taken, of: target, before: revert.id))
    }

    // MARK: Chains

    /// A file's way from the name that a change set gave it to the one it has today.
    private struct Chain {
        var target: FileMoveRecord
        var links: [(changeSet: JournalID, move: FileMoveRecord)]
        var current: MediaPath

        var move: ProposedMove {
            ProposedMove(
                attachment: target.attachment, role: target.role, old: current, new: target.old,
                fallback: target.status.flatMap { status in
                    target.digest.map { ProposedMove.Fallback(status: status, digest: $0) }
                })
        }
    }

    /// The ways of some files of a change set.
    ///
    /// - Parameter limit: the first change set that does not count; nil for none.
    private func chains(
        from moves: [FileMoveRecord], of target: JournalID, before limit: JournalID?
    ) throws(MonikerError) -> [Chain] {
        // Asked once for all: most files were not renamed again.
        let renamedAgain = try ports.journal.namesMovedOn(of: target)
        var chains: [Chain] = []
        chains.reserveCapacity(moves.count)
        for move in moves {
            chains.append(
                renamedAgain.contains(move.new)
                    ? try chain(from: move, of: target, before: limit)
                    : Chain(target: move, links: [(target, move)], current: move.new))
        }
        return chains
    }

    private func chain(
        from move: FileMoveRecord, of target: JournalID, before limit: JournalID?
    ) throws(MonikerError) -> Chain {
        var chain = Chain(target: move, links: [(target, move)], current: move.new)
        var last = target
        while let next = try ports.journal.laterMoves(from: chain.current, after: last).first,
            limit.map({ next.changeSet < $0 }) ?? true
        {
            chain.links.append(next)
            chain.current = next.move.new
            last = next.changeSet
        }
        return chain
    }

    private static func undoing(of target: JournalID, _ chains: [Chain]) -> Undoing {
        var steps: [JournalID: [MediaPath: Undoing.UndoneMove]] = [:]
        for chain in chains {
            for link in chain.links {
                steps[link.changeSet, default: [:]][link.move.old] = Undoing.UndoneMove(
                    sequence: link.move.sequence, current: chain.current)
            }
        }
        return Undoing(
            target: target,
            steps: steps.keys.sorted(by: >).map {
                Undoing.Step(changeSet: $0, moves: steps[$0] ?? [:])
            })
    }

    /// What keeps attachments from getting their old names back: of each the first.
    private func obstacles(
        to chains: [Chain]
    ) throws(MonikerError) -> [AttachmentID: FindingRecord] {
        var obstacles: [AttachmentID: FindingRecord] = [:]
        let workers = try FileWorkers(ports.files, count: chains.count)
        let areTaken = try workers.map(chains) {
            (files, chain) throws(MonikerError) -> Bool in
            try Self.isOldNameTaken(chain, in: files)
        }
        for (chain, isTaken) in zip(chains, areTaken) where isTaken {
            let attachment = chain.target.attachment
            obstacles[attachment] = obstacles[attachment] ?? nameTaken(chain)
        }
        let released = try ports.journal.releasedOriginals()
        guard !released.isEmpty else { return obstacles }
        for chain in chains where obstacles[chain.target.attachment] == nil {
            if try needsReleasedOriginal(chain, released) {
                obstacles[chain.target.attachment] = originalReleased(chain)
            }
        }
        return obstacles
    }

    private static func isOldNameTaken(
        _ chain: Chain, in files: any MediaFiles
    ) throws(MonikerError) -> Bool {
        guard let occupant = try files.status(of: chain.target.old) else { return false }
        if try files.status(of: chain.current)?.identity == occupant.identity { return false }
        // Where files cannot have two names, the one that is kept is the first of two copies.
        guard occupant.identity == chain.target.status?.identity else { return true }
        return try files.digest(of: chain.target.old) != chain.target.digest
    }

    /// Whether a file is gone and what would bring it back has been given up.
    private func needsReleasedOriginal(
        _ chain: Chain, _ released: Set<ContentDigest>
    ) throws(MonikerError) -> Bool {
        guard let digest = chain.target.digest, released.contains(digest) else { return false }
        return try ports.files.status(of: chain.current) == nil
    }

    // MARK: Refusals

    private func originalReleased(_ chain: Chain) -> FindingRecord {
        FindingRecord(
            kind: .skipped, reason: ErrorCode.originalReleased.rawValue,
            attachment: chain.target.attachment,
            detail:
                "attachment \(chain.target.attachment) cannot get its old file name \(chain.target.old) back: \(chain.current) is not on disk, and its stored original was removed when its retention ended; bring the file back from a backup of the site first"
        )
    }

    private func nameTaken(_ chain: Chain) -> FindingRecord {
        FindingRecord(
            kind: .skipped, reason: ErrorCode.nameTaken.rawValue,
            attachment: chain.target.attachment,
            detail:
                "attachment \(chain.target.attachment) cannot get its old file name \(chain.target.old) back: another file has it now; rename or remove that file first"
        )
    }

    private func notApplied(_ record: ChangeSetRecord) -> MonikerError {
        MonikerError(
            .notApplied,
            record.state == .aborted
                ? "\(record.id) was rolled back when it was made, so there is nothing to take back"
                : "\(record.id) is not finished: run `moniker recover` first",
            details: ["journal": "\(record.id)", "state": record.state.rawValue])
    }

    private func edited(_ target: JournalID, _ finding: FindingRecord) -> String {
        if finding.reason == "shows-others" {
            return
                "nothing of \(target) was taken back: what is left of attachment \(finding.attachment.map(String.init(describing:)) ?? "") stands in contents together with texts of other attachments; leave out --only"
        }
        return
            "nothing of \(target) was taken back: somebody has changed the \(finding.detail) of attachment \(finding.attachment.map(String.init(describing:)) ?? "") since, and what they wrote was left as it is"
    }

    private func alreadyReverted(
        _ target: JournalID, by changeSets: Set<JournalID>
    ) -> MonikerError {
        let reverts = changeSets.sorted().map(\.description)
        return MonikerError(
            .alreadyReverted,
            reverts.isEmpty
                ? "the files and texts of \(target) already are as they were before it"
                : "\(target) was taken back already by \(reverts.joined(separator: ", ")): revert that one to get the names of \(target) again",
            details: ["journal": "\(target)"])
    }
}
