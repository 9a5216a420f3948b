import Hashing
import Model

/// Writes assignments inside one open transaction.
struct AssignmentWriter {
    let transaction: any SiteTransaction
    let tables: [String: TableSchema]
    /// The assignments that the database has refused in an earlier attempt.
    let refused: RefusedAssignments
    /// The keys that rows get in tables that cannot roll back.
    let keys: NextKeys

    /// An assignment that is to be written once the journal knows of it.
    struct Deferred {
        var assignment: CellAssignment
        var table: TableSchema
        var edit: CellEditRecord
    }

    /// Writes a group, or leaves it and says why.
    ///
    /// - Returns: what is left to be written, because its table cannot roll back.
    func write(
        _ group: AssignmentPart.Group, firstSequence: Int, into edits: inout CellEdits
    ) throws(MonikerError) -> [Deferred] {
        var rows: [(assignment: CellAssignment, table: TableSchema)] = []
        for assignment in group {
            guard let table = tables[assignment.table] else {
                note(group, "row-gone", in: &edits)
                return []
            }
            if let reason = refused.reason(of: assignment.sequence) {
                note(group, reason, in: &edits)
                return []
            }
            switch try check(assignment, in: table) {
            case .isFree: rows.append((assignment, table))
            case .isThere: break
            case .isTaken(let reason):
                note(group, reason, in: &edits)
                return []
            }
        }
        var deferred: [Deferred] = []
        for (assignment, table) in rows {
            let sequence = firstSequence + edits.records.count
            guard table.isTransactional else {
                let edit = assignment.edit(
                    sequence: sequence, key: try key(for: assignment, in: table),
                    isTransactional: false)
                deferred.append(Deferred(assignment: assignment, table: table, edit: edit))
                edits.records.append(edit)
                continue
            }
            guard let key = try write(assignment, in: table) else {
                note(
                    CollectionOfOne(assignment), "changed-meanwhile", in: &edits)
                continue
            }
            edits.records.append(
                assignment.edit(sequence: sequence, key: key, isTransactional: true))
        }
        return deferred
    }

    /// Writes what was recorded before.
    ///
    /// - Returns: false where somebody was faster; that is noted as a conflict.
    func write(_ deferred: Deferred, into edits: inout CellEdits) throws(MonikerError) -> Bool {
        var assignment = deferred.assignment
        if case .insert(let table, let column, _) = assignment.action, let row = deferred.edit.row {
            assignment.action = .insert(table: table, column: column, row: row)
        }
        if try write(assignment, in: deferred.table) != nil { return true }
        note(CollectionOfOne(assignment), "changed-meanwhile", in: &edits)
        return false
    }

    // MARK: Looking

    private enum Place {
        case isFree
        case isThere
        case isTaken(String)
    }

    /// Locks the row, or the gap where it is to be, and looks whether it is as expected.
    private func check(
        _ assignment: CellAssignment, in table: TableSchema
    ) throws(MonikerError) -> Place {
        switch assignment.action {
        case .set(let address, let before, let after):
            guard
                let value = try transaction.lockRow(
                    table: table, key: address.key, columns: [address.column])?.first
            else { return .isTaken("row-gone") }
            if value.bytes == before.bytes { return .isFree }
            return value.bytes == after.bytes ? .isThere : .isTaken("changed-meanwhile")
        case .insert(_, let column, let row):
            let others = row.columns { $0 != column && !table.primaryKey.contains($0) }
            guard !others.isEmpty else { return .isFree }
            let twin = try transaction.lockRow(
                table: table, key: RowKey(parts: others, isPrimary: false), columns: [column])
            return twin == nil ? .isFree : .isTaken("changed-meanwhile")
        case .delete(_, let row):
            let found = try transaction.lockRow(table: table, key: row, columns: [])
            return found == nil ? .isTaken("changed-meanwhile") : .isFree
        }
    }

    // MARK: Writing

    /// Writes an assignment and returns the row's key; nil where somebody was faster.
    private func write(
        _ assignment: CellAssignment, in table: TableSchema
    ) throws(MonikerError) -> RowKey? {
        do throws(MonikerError) {
            switch assignment.action {
            case .set(let address, let before, let after):
                let isWritten = try transaction.compareAndSwap(
                    table: table, key: address.key, column: address.column,
                    expected: SHA256.digest(of: before.bytes ?? []), value: after)
                return isWritten ? address.key : nil
            case .insert(_, _, let row):
                return try transaction.insertRow(
                    table: table, try withFreeKey(row, in: table))
            case .delete(let address, let row):
                return try transaction.deleteRow(table: table, row) ? address.key : nil
            }
        } catch {
            if error.code == .duplicateKey || error.code == .notStorable {
                refused.add(assignment.sequence, error.code.rawValue)
            }
            throw error
        }
    }

    /// A row without its old key, where another row has that by now.
    private func withFreeKey(
        _ row: RowKey, in table: TableSchema
    ) throws(MonikerError) -> RowKey {
        let key = row.columns(where: table.primaryKey.contains)
        guard !key.isEmpty, table.isTransactional,
            try transaction.lockRow(
                table: table, key: RowKey(parts: key, isPrimary: true), columns: []) != nil
        else { return row }
        return RowKey(parts: row.columns { !table.primaryKey.contains($0) }, isPrimary: false)
    }

    /// The key that a row in a table that cannot roll back has or gets.
    private func key(
        for assignment: CellAssignment, in table: TableSchema
    ) throws(MonikerError) -> RowKey {
        switch assignment.action {
        case .set(let address, _, _), .delete(let address, _): return address.key
        case .insert(_, _, let row):
            let key = row.columns(where: table.primaryKey.contains)
            if !key.isEmpty,
                try transaction.lockRow(
                    table: table, key: RowKey(parts: key, isPrimary: true), columns: []) == nil
            {
                return RowKey(parts: key, isPrimary: true)
            }
            return try keys.next(in: table)
        }
    }

    // MARK: Noting

    private func note(
        _ assignments: some Sequence<CellAssignment>, _ reason: String,
        in edits: inout CellEdits
    ) {
        for assignment in assignments {
            edits.findings.append(assignment.finding(reason))
        }
    }
}

extension CellAssignment {
    /// That it was left.
    func finding(_ reason: String) -> FindingRecord {
        let key: RowKey =
            switch action {
            case .set(let address, _, _), .delete(let address, _): address.key
            case .insert(_, let column, let row):
                RowKey(parts: row.columns { $0 != column }, isPrimary: false)
            }
        return FindingRecord(
            kind: .conflict, reason: reason, attachment: attachment,
            address: CellAddress(table: table, key: key, column: column),
            detail: field.rawValue, assignment: sequence)
    }
}

/// The assignments that the database refuses, over the attempts of one transaction.
final class RefusedAssignments {
    private var reasons: [Int: String] = [:]
    /// Whether one has been refused since the last `acknowledge()`.
    private(set) var hasNew = false

    func add(_ sequence: Int, _ reason: String) {
        reasons[sequence] = reason
        hasNew = true
    }

    func reason(of sequence: Int) -> String? { reasons[sequence] }

    func acknowledge() { hasNew = false }
}

/// Keys for new rows of tables that cannot roll back: known before the row is there, because the
/// journal has to know what would take it back.
final class NextKeys {
    private var last: [String: Int64] = [:]

    /// Looks up where the keys of the tables end.
    init(
        for assignments: some Sequence<CellAssignment>, in tables: [String: TableSchema],
        of database: any SiteDatabase
    ) throws(MonikerError) {
        for assignment in assignments {
            guard case .insert = assignment.action, let table = tables[assignment.table],
                !table.isTransactional, last[table.name] == nil
            else { continue }
            last[table.name] = try database.keyRange(of: table)?.upperBound ?? 0
        }
    }

    /// A key that no row had when the keys were looked up.
    func next(in table: TableSchema) throws(MonikerError) -> RowKey {
        guard let column = table.integerKey, let key = last[table.name], key < .max else {
            throw MonikerError(
                .databaseFailed,
                "table '\(table.name)' has no transactions and no key that counts, so a row that is added could not be taken back"
            )
        }
        last[table.name] = key + 1
        return RowKey(
            parts: [RowKey.Part(column: column, value: .integer(key + 1))], isPrimary: true)
    }
}
