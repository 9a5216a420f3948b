public import Model

extension Session {
    /// All change sets, newest first.
    public func journal() throws(MonikerError) -> [JournalEntry] {
        var entries: [JournalEntry] = []
        for record in try store.changeSets() {
            entries.append(try entry(of: record, moves: try store.moves(of: record.id)))
        }
        return entries
    }

    /// One change set, whole.
    ///
    /// - Throws: `unknown-journal`.
    public func journal(_ id: JournalID) throws(MonikerError) -> JournalDetail {
        let record = try store.changeSet(id)
        let moves = try store.moves(of: id)
        let left = ChangeReport(findings: try store.findings(of: id))
        var dependants: Set<JournalID> = []
        for move in moves {
            dependants.formUnion(try store.laterMoves(from: move.new, after: id).map(\.changeSet))
        }
        return JournalDetail(
            entry: try entry(of: record, moves: moves),
            keepOldUntil: record.keepOldUntil == .max
                ? nil : record.keepOldUntil / 1_000_000_000,
            files: moves.map {
                JournalDetail.File(
                    attachment: $0.attachment.rawValue, role: $0.role, old: "\($0.old)",
                    new: "\($0.new)", sha256: $0.digest?.description,
                    oldName: $0.oldName.rawValue, keptBecause: $0.keepReason?.rawValue,
                    revertedBy: $0.revertedBy?.description)
            },
            cells: try store.cellEdits(of: id).map {
                JournalDetail.Cell(
                    table: $0.address.table, key: KeyJSON($0.address.key),
                    column: $0.address.column, sha256Before: $0.before.description,
                    sha256After: $0.after.description, references: $0.references)
            }, textFiles: try store.fileEdits(of: id).map { "\($0.path)" },
            conflicts: left.conflicts, opaque: left.opaque, skipped: left.skipped,
            dependants: dependants.sorted().map(\.description))
    }

    private func entry(
        of record: ChangeSetRecord, moves: [FileMoveRecord]
    ) throws(MonikerError) -> JournalEntry {
        let first = moves.first { $0.role == "attached" } ?? moves.first
        return JournalEntry(
            journal: record.id.description, kind: record.kind.rawValue,
            state: Self.state(of: record, moves: moves),
            created: record.created / 1_000_000_000, reverts: record.reverts?.description,
            attachments: Set(moves.map(\.attachment)).count,
            files: moves.count { $0.status != nil }, cells: try store.cellCount(of: record.id),
            references: record.references,
            example: first.map {
                "\($0.old) -> \(displayText($0.new.name))"
            })
    }

    private static func state(of record: ChangeSetRecord, moves: [FileMoveRecord]) -> String {
        switch record.state {
        case .aborted: return "aborted"
        case .intent, .cells, .committed: return "unfinished"
        case .done:
            let reverted = moves.count { $0.revertedBy != nil }
            return reverted == 0 ? "done" : reverted == moves.count ? "reverted" : "partly-reverted"
        }
    }
}
