import Hashing
import Model
import Rewriting

extension Engine {
    /// Rewrites every planned cell in one database transaction whose first statement is the marker.
    ///
    /// Each value is locked, read again and rewritten as it is now, never as it was planned. The
    /// edits are durable in the journal before the commit (P5). Tables that cannot roll back come
    /// last, after the journal knows what would take them back.
    func commitCells(of plan: ChangePlan, id: JournalID) throws(MonikerError) -> CellEdits {
        let rewriter = try Rewriter(
            map: try RenameMap(plan.proposal.moves.map { ($0.old, $0.new) }),
            location: scope.location)
        var attempt = 1
        // A cell that a unique key refuses ends its transaction; the next attempt leaves it out.
        let refused = RefusedCells()
        while true {
            var edits = CellEdits()
            do {
                try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
                    try transaction.insertMarker(id, prefix: scope.markerPrefix)
                    edits = try rewriteCells(
                        of: plan, rewriter: rewriter, id: id, refused: refused, in: transaction)
                }
                return edits
            } catch  where error.code == .duplicateKey && refused.hasNew {
                try restoreNonTransactionalCells(edits.records, tables: plan.tables)
                refused.acknowledge()
            } catch {
                guard error.code != .commitUnknown else { throw error }
                try restoreNonTransactionalCells(edits.records, tables: plan.tables)
                guard error.code == .databaseLocked, attempt < Self.databaseAttempts else {
                    throw error
                }
                attempt += 1
            }
        }
    }

    private func rewriteCells(
        of plan: ChangePlan, rewriter: Rewriter, id: JournalID, refused: RefusedCells,
        in transaction: any SiteTransaction
    ) throws(MonikerError) -> CellEdits {
        var restoration: CellRestoration?
        if let undoing = plan.proposal.undoing {
            restoration = try CellRestoration(journal: ports.journal, undoing: undoing)
        }
        let writer = CellWriter(
            transaction: transaction, rewriter: rewriter, refused: refused,
            restoration: restoration)
        var edits = CellEdits()
        var done = 0
        let revocable = plan.rows.filter { plan.tables[$0.table].isTransactional }
        let irrevocable = plan.rows.filter { !plan.tables[$0.table].isTransactional }
        for row in revocable {
            progress(Progress(phase: .database, done: done, total: plan.rows.count))
            try writer.rewrite(row, of: plan.tables[row.table], into: &edits, writing: true)
            done += 1
        }
        for row in irrevocable {
            try writer.rewrite(row, of: plan.tables[row.table], into: &edits, writing: false)
        }
        try ports.journal.recordCells(
            edits.records, findings: edits.findings, references: edits.references, of: id)
        guard !irrevocable.isEmpty else {
            try recordKept(edits.kept, of: plan, id: id)
            return edits
        }

        // What the journal holds now covers both kinds; the second kind is written only here.
        var refused: Set<Int> = []
        for record in edits.records where !record.isTransactional {
            progress(Progress(phase: .database, done: done, total: plan.rows.count))
            if try !writer.write(record, tables: plan.tables, into: &edits) {
                refused.insert(record.sequence)
                edits.references -= record.references
            }
            done += 1
        }
        if !refused.isEmpty {
            edits.records.removeAll { refused.contains($0.sequence) }
            try ports.journal.recordCells(
                edits.records, findings: edits.findings, references: edits.references, of: id)
        }
        try recordKept(edits.kept, of: plan, id: id)
        return edits
    }

    /// Writes down which old names outlive their time, before the commit: a crash after it must not
    /// take them.
    private func recordKept(
        _ kept: Set<MediaPath>, of plan: ChangePlan, id: JournalID
    ) throws(MonikerError) {
        let sequences = plan.moves.filter { kept.contains($0.old) && $0.keepReason == nil }
            .map(\.sequence)
        guard !sequences.isEmpty else { return }
        try ports.journal.recordKeepReason(.opaque, moves: sequences, of: id)
    }

    /// The old paths whose new names are in values that a rollback could not take back, because
    /// somebody edited them since.
    func pathsLeftRewritten(by id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        let edits = try ports.journal.cellEdits(of: id).filter { !$0.isTransactional }
        guard !edits.isEmpty else { return [] }
        let tables = try ports.database.tables(withPrefix: scope.tablePrefix)
        var paths: Set<MediaPath> = []
        try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
            for edit in edits {
                guard let table = tables.first(where: { $0.name == edit.address.table }),
                    let bytes = try transaction.lockRow(
                        table: table, key: edit.address.key, columns: [edit.address.column])?
                        .first?.bytes
                else { continue }
                if SHA256.digest(of: bytes) != edit.before { paths.formUnion(edit.paths) }
            }
        }
        return paths
    }

    /// Takes back what a rolled-back transaction left in tables that cannot roll back (P8).
    ///
    /// A cell that somebody changed since is left to them: it names files under names that work
    /// either way until recovery has looked at it.
    func restoreNonTransactionalCells(
        _ edits: [CellEditRecord], tables: [TableSchema]
    ) throws(MonikerError) {
        let leftovers = edits.filter { !$0.isTransactional }.reversed()
        guard !leftovers.isEmpty else { return }
        try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
            for edit in leftovers {
                guard let table = tables.first(where: { $0.name == edit.address.table }) else {
                    continue
                }
                let key = edit.address.key
                let values = try transaction.lockRow(
                    table: table, key: key, columns: [edit.address.column])
                guard let value = values?.first, let bytes = value.bytes,
                    SHA256.digest(of: bytes) == edit.after
                else { continue }
                _ = try transaction.compareAndSwap(
                    table: table, key: key, column: edit.address.column, expected: edit.after,
                    value: value.replacing(
                        bytes: edit.splices.value(withDigest: edit.before, before: bytes)))
            }
        }
    }
}

extension SQLValue {
    /// The same kind of value with other bytes: text stays text, binary stays binary.
    func replacing(bytes: [UInt8]) -> SQLValue {
        if case .blob = self { .blob(bytes) } else { .text(bytes) }
    }
}
