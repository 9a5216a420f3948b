import Model
import Rewriting

/// How the transaction of a part ended.
enum PartOutcome {
    case committed
    /// Nothing was changed: one of the values was changed since it was read, or a unique key refuses
    /// one. It has to be done row by row, on what is there then.
    case refused
    /// Nothing was changed: the part before was not committed at its first attempt.
    case outrun
}

/// Writes down and commits the database transactions of a change set.
struct PartWriter {
    let engine: Engine
    let plan: ChangePlan
    let id: JournalID
    /// The tables, as rows name them.
    let tables: [TableSchema]
    /// What a revert puts back byte for byte; nil for anything else.
    let restoration: CellRestoration?

    private var ports: EnginePorts { engine.ports }

    /// The values of a part, to be written all at once; nil where it has to be written row by row.
    ///
    /// It uses nothing but the journal, to read.
    func array(of part: CellPart) throws(MonikerError) -> CellArray? {
        try CellArray(part, tables: tables, restoration: restoration)
    }

    /// Writes the edits of a part down in the journal, before they can be committed.
    func record(_ edits: CellEdits, of part: CellPart) throws(MonikerError) {
        try recordEdits(edits, of: part)
        try recordKept(edits.kept)
    }

    private func begin(
        _ transaction: any SiteTransaction, _ part: CellPart, isLast: Bool
    ) throws(MonikerError) {
        try transaction.writeMarker(
            part.decision(isLast: isLast), after: part.previous, of: id,
            prefix: engine.scope.markerPrefix)
    }

    // MARK: All at once

    /// Commits a part that was written down, and with the last one the change set; uses nothing but
    /// a connection to the database.
    ///
    /// - Parameters:
    ///   - predecessor: what tells when the part before it is committed, where that is still under
    ///     way on another connection; the marker is then the last statement instead of the first.
    ///   - turn: told how it ended.
    func commit(
        _ array: CellArray, of part: CellPart, isLast: Bool, on database: any SiteDatabase,
        after predecessor: PartTurn?, turn: PartTurn
    ) throws(MonikerError) -> PartOutcome {
        // Whatever happens, nobody waits for ever.
        defer { turn.end(isCommitted: false) }
        var attempt = 1
        while true {
            var isMarking = false
            var outcome = PartOutcome.committed
            let mark = { (transaction: any SiteTransaction) throws(MonikerError) -> Void in
                isMarking = true
                try begin(transaction, part, isLast: isLast)
                isMarking = false
            }
            do {
                try database.transaction { (transaction) throws(MonikerError) -> Void in
                    if predecessor == nil { try mark(transaction) }
                    guard try array.write(in: transaction) else {
                        outcome = .refused
                        throw MonikerError(.fileChanged, "a value was changed since it was read")
                    }
                    guard let predecessor else { return }
                    guard predecessor.wait() else {
                        outcome = .outrun
                        throw MonikerError(.cancelled, "the part before was not committed")
                    }
                    try mark(transaction)
                }
                turn.end(isCommitted: true)
                return .committed
            } catch {
                if outcome != .committed { return outcome }
                if error.code == .duplicateKey && !isMarking { return .refused }
                guard error.code == .databaseLocked, attempt < Engine.databaseAttempts else {
                    throw error
                }
                // The lock may be one that the next part holds while it waits for this one.
                turn.end(isCommitted: false)
                attempt += 1
            }
        }
    }

    // MARK: Row by row

    /// Commits a part by locking, reading and rewriting one row after the other.
    ///
    /// What the journal has of it, and of everything after it, is replaced.
    func commitRowByRow(
        _ part: CellPart, isLast: Bool
    ) throws(MonikerError) -> CellEdits {
        var attempt = 1
        // A cell that a unique key refuses ends its transaction; the next attempt leaves it out.
        let refused = RefusedCells()
        while true {
            var edits = part.noEdits()
            do {
                try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
                    try begin(transaction, part, isLast: isLast)
                    let writer = CellWriter(
                        transaction: transaction, rewriter: plan.rewriter, refused: refused,
                        restoration: restoration, firstSequence: part.firstSequence)
                    try rewrite(with: writer, of: part, into: &edits)
                }
                return edits
            } catch  where error.code == .duplicateKey && refused.hasNew {
                try engine.restoreNonTransactionalCells(edits.records, tables: tables)
                refused.acknowledge()
            } catch {
                guard error.code != .commitUnknown else { throw error }
                try engine.restoreNonTransactionalCells(edits.records, tables: tables)
                guard error.code == .databaseLocked, attempt < Engine.databaseAttempts else {
                    throw error
                }
                attempt += 1
            }
        }
    }

    /// Each value is locked, read again and rewritten as it is now.
    ///
    /// Tables that cannot roll back come last, after the journal knows what would take them back.
    private func rewrite(
        with writer: CellWriter, of part: CellPart, into edits: inout CellEdits
    ) throws(MonikerError) {
        let irrevocable = part.rows.filter { !tables[$0.table].isTransactional }
        for row in part.rows where tables[row.table].isTransactional {
            try writer.rewrite(row, of: tables[row.table], into: &edits, writing: true)
        }
        for row in irrevocable {
            try writer.rewrite(row, of: tables[row.table], into: &edits, writing: false)
        }
        guard !irrevocable.isEmpty else { return try record(edits, of: part) }
        try recordEdits(edits, of: part)

        // What the journal holds now covers both kinds; the second kind is written only here.
        var refused: Set<Int> = []
        for record in edits.records where !record.isTransactional {
            if try !writer.write(record, tables: tables, into: &edits) {
                refused.insert(record.sequence)
                edits.references -= record.references
            }
        }
        if !refused.isEmpty {
            edits.records.removeAll { refused.contains($0.sequence) }
            for index in edits.records.indices {
                edits.records[index].sequence = part.firstSequence + index
            }
            try recordEdits(edits, of: part)
        }
        try recordKept(edits.kept)
    }

    // MARK: Journal

    private func recordEdits(_ edits: CellEdits, of part: CellPart) throws(MonikerError) {
        try ports.journal.recordCells(
            edits.records, findings: edits.findings, references: edits.references,
            part: part.number, of: id)
    }

    /// Writes down which old names outlive their time, before the commit: a crash after it must not
    /// take them.
    private func recordKept(_ kept: Set<MediaPath>) throws(MonikerError) {
        guard !kept.isEmpty else { return }
        let sequences = plan.moves.filter { kept.contains($0.old) && $0.keepReason == nil }
            .map(\.sequence)
        guard !sequences.isEmpty else { return }
        try ports.journal.recordKeepReason(.opaque, moves: sequences, of: id)
    }
}
