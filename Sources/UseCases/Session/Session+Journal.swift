public import Model

extension Session {
    /// All change sets, newest first.
    public func journal() throws(MonikerError) -> [JournalEntry] {
        var entries: [JournalEntry] = []
        for record in try store.changeSets() { entries.append(try entry(of: record)) }
        return entries
    }

    /// One change set in short.
    func entry(of record: ChangeSetRecord) throws(MonikerError) -> JournalEntry {
        try entry(
            of: record, moves: try store.moves(of: record.id),
            texts: try store.assignments(of: record.id))
    }

    /// One change set, whole.
    ///
    /// - Throws: `unknown-journal`.
    public func journal(_ id: JournalID) throws(MonikerError) -> JournalDetail {
        let record = try store.changeSet(id)
        let moves = try store.moves(of: id)
        let texts = try store.assignments(of: id)
        let written = Set(try store.assignmentEdits(of: id).compactMap(\.assignment))
        let left = ChangeReport(findings: try store.findings(of: id))
        var dependants: Set<JournalID> = []
        for move in moves {
            dependants.formUnion(try store.laterMoves(from: move.new, after: id).map(\.changeSet))
        }
        for text in texts where written.contains(text.sequence) {
            for attachment in text.attachments {
                for (later, other) in try store.assignments(to: attachment)
                where later > id && other.isSameText(as: text) && other.revertedBy == nil {
                    dependants.insert(later)
                }
            }
        }
        return JournalDetail(
            entry: try entry(of: record, moves: moves, texts: texts),
            keepOldUntil: record.keepOldUntil == .max
                ? nil : record.keepOldUntil / 1_000_000_000,
            files: moves.map {
                JournalDetail.File(
                    attachment: $0.attachment.rawValue, role: $0.role, old: "\($0.old)",
                    new: "\($0.new)", sha256: $0.digest?.description,
                    oldName: $0.oldName.rawValue, keptBecause: $0.keepReason?.rawValue,
                    revertedBy: $0.revertedBy?.description)
            },
            texts: texts.map { JournalDetail.Text($0, isWritten: written.contains($0.sequence)) },
            cells: try store.cellEdits(of: id).map {
                JournalDetail.Cell(
                    table: $0.address.table, key: KeyJSON($0.address.key),
                    column: $0.address.column, sha256Before: $0.before.description,
                    sha256After: $0.after.description, references: $0.references,
                    excerpts: JournalDetail.Cell.excerpts(of: $0))
            }, textFiles: try store.fileEdits(of: id).map { "\($0.path)" },
            conflicts: left.conflicts, opaque: left.opaque, skipped: left.skipped,
            dependants: dependants.sorted().map(\.description))
    }

    private func entry(
        of record: ChangeSetRecord, moves: [FileMoveRecord], texts: [CellAssignment]
    ) throws(MonikerError) -> JournalEntry {
        var written = texts
        if !texts.isEmpty {
            let edits = Set(try store.assignmentEdits(of: record.id).compactMap(\.assignment))
            written = texts.filter { edits.contains($0.sequence) }
        }
        let first = moves.first { $0.role == "attached" } ?? moves.first
        return JournalEntry(
            journal: record.id.description, kind: record.kind.rawValue,
            state: Self.state(
                of: record,
                reverted: moves.map { $0.revertedBy != nil } + written.map { $0.revertedBy != nil }),
            created: record.created / 1_000_000_000, reverts: record.reverts?.description,
            attachments: Set(moves.map(\.attachment) + written.flatMap(\.attachments)).count,
            files: moves.count { $0.status != nil }, cells: try store.cellCount(of: record.id),
            references: record.references, texts: written.count { !$0.isInContent },
            example: first.map { "\($0.old) -> \(displayText($0.new.name))" }
                ?? written.first.map {
                    "\($0.field.rawValue) of \($0.attachment): \(JournalDetail.Text.excerpt($0.after) ?? "removed")"
                })
    }

    private static func state(of record: ChangeSetRecord, reverted: [Bool]) -> String {
        switch record.state {
        case .aborted: return "aborted"
        case .intent, .cells, .committed: return "unfinished"
        case .done:
            guard reverted.contains(true) else { return "done" }
            return reverted.contains(false) ? "partly-reverted" : "reverted"
        }
    }
}

extension JournalDetail.Cell {
    /// The most places of a cell that are shown.
    private static let mostExcerpts = 3

    /// The first different places of a rewritten cell.
    static func excerpts(of edit: CellEditRecord) -> [Excerpt] {
        guard edit.kind == .rewrite else { return [] }
        var excerpts: [Excerpt] = []
        for splice in edit.splices where !isLength(splice) {
            let excerpt = Excerpt(
                before: JournalDetail.Text.excerpt(.text(splice.old)) ?? "",
                after: JournalDetail.Text.excerpt(.text(splice.new)) ?? "")
            if !excerpts.contains(excerpt) { excerpts.append(excerpt) }
            if excerpts.count == mostExcerpts { break }
        }
        return excerpts
    }

    /// Whether it is the length of a serialized string, which follows from the rest.
    private static func isLength(_ splice: RecordedSplice) -> Bool {
        (splice.old + splice.new).allSatisfy { (48...57).contains($0) }
    }
}

extension JournalDetail.Text {
    init(_ assignment: CellAssignment, isWritten: Bool) {
        attachment = assignment.attachment.rawValue
        field = assignment.field.rawValue
        before = Self.excerpt(assignment.before)
        after = Self.excerpt(assignment.after)
        shown = assignment.shown.isEmpty ? nil : assignment.shown.map(\.rawValue)
        post = assignment.isInContent ? assignment.address.map { KeyJSON($0.key) } : nil
        (source, provider, model) = assignment.source.parts
        self.isWritten = isWritten
        revertedBy = assignment.revertedBy?.description
    }

    /// The most bytes of a text that are shown.
    private static let excerptBytes = 160

    /// The beginning of a text; nil where there is none.
    static func excerpt(_ value: SQLValue?) -> String? {
        guard let bytes = value?.bytes else { return nil }
        guard bytes.count > excerptBytes else { return displayText(bytes) }
        return displayText(bytes.prefix(excerptBytes - 3)) + "…"
    }
}
