import Hashing
import Model
import Rewriting

/// Rewrites rows inside one open transaction.
struct CellWriter {
    let transaction: any SiteTransaction
    let rewriter: Rewriter
    /// The cells that a unique key has refused in an earlier attempt.
    let refused: RefusedCells
    /// What a revert puts back byte for byte; nil for anything else.
    let restoration: CellRestoration?
    /// The number of the first edit in the change set.
    let firstSequence: Int

    /// Locks a row, rewrites its cells as they are now and records the edits.
    ///
    /// - Parameter writing: false to record only, for tables that cannot roll back.
    func rewrite(
        _ row: RewrittenRow, of table: TableSchema, into edits: inout CellEdits, writing: Bool
    ) throws(MonikerError) {
        guard
            var values = try transaction.lockRow(
                table: table, key: row.key, columns: row.cells.map(\.column.name))
        else { return }
        var key = row.key
        for (index, cell) in row.cells.enumerated() {
            // Taken out, so that a long value is freed before the next one is needed.
            let isText = if case .text = values[index] { true } else { false }
            guard var bytes = values[index].bytes else { continue }
            values[index] = .null
            let address = CellAddress(table: table.name, key: key, column: cell.column.name)
            let before = SHA256.digest(of: bytes)
            var reading: CellReading
            if let restored = try restoration?.restore(bytes, digest: before, at: address) {
                reading = restored
            } else {
                reading = CellReading(
                    bytes, role: cell.role, rewriter: rewriter, column: cell.column)
                for opaque in reading.opaque where !opaque.paths.isEmpty {
                    edits.kept.formUnion(opaque.paths)
                }
                if row.isUnread { note(reading, at: address, in: &edits) }
            }
            guard reading.isChange else { continue }
            let splices = RecordedSplices(reading.splices, of: bytes)
            if let restored = reading.restored {
                bytes = restored
                reading.restored = nil
            } else {
                bytes.apply(reading.splices)
            }
            let result = bytes
            bytes = []
            let after = SHA256.digest(of: result)
            let changed: SQLValue = isText ? .text(result) : .blob(result)
            if writing {
                guard
                    try swap(
                        table: table, key: key, column: cell.column.name, expected: before,
                        value: changed, paths: reading.paths, edits: &edits)
                else { continue }
            }
            edits.records.append(
                CellEditRecord(
                    sequence: firstSequence + edits.records.count, address: address,
                    isTransactional: table.isTransactional, before: before,
                    after: after, splices: splices, paths: reading.paths,
                    references: reading.references))
            edits.references += reading.references
            key.replace(column: cell.column.name, with: changed)
        }
    }

    /// What the pass notes of values that it has read.
    private func note(
        _ reading: CellReading, at address: CellAddress, in edits: inout CellEdits
    ) {
        for opaque in reading.opaque where !opaque.paths.isEmpty {
            edits.findings.append(
                FindingRecord(kind: .opaque, reason: opaque.reason, address: address))
        }
        for (host, count) in reading.foreign.sorted(by: { $0.key < $1.key }) {
            edits.findings.append(FindingRecord(kind: .foreign, reason: host, count: count))
        }
    }

    /// Writes an edit that was recorded before.
    ///
    /// - Returns: false where the cell has been changed meanwhile; that is noted as a conflict.
    func write(
        _ edit: CellEditRecord, tables: [TableSchema], into edits: inout CellEdits
    ) throws(MonikerError) -> Bool {
        guard let table = tables.first(where: { $0.name == edit.address.table }) else {
            return false
        }
        let values = try transaction.lockRow(
            table: table, key: edit.address.key, columns: [edit.address.column])
        guard let value = values?.first, let bytes = value.bytes,
            SHA256.digest(of: bytes) == edit.before
        else {
            noteConflict(edit.address, reason: "changed-meanwhile", edit.paths, in: &edits)
            return false
        }
        return try swap(
            table: table, key: edit.address.key, column: edit.address.column,
            expected: edit.before,
            value: value.replacing(bytes: edit.splices.forward.applied(to: bytes)),
            paths: edit.paths, edits: &edits)
    }

    /// Compare-and-swap of one cell; a refusal is a conflict that keeps the old names alive.
    private func swap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value: SQLValue, paths: [MediaPath], edits: inout CellEdits
    ) throws(MonikerError) -> Bool {
        let address = CellAddress(table: table.name, key: key, column: column)
        guard !refused.contains(address) else {
            noteConflict(address, reason: "duplicate-key", paths, in: &edits)
            return false
        }
        do {
            if try transaction.compareAndSwap(
                table: table, key: key, column: column, expected: expected, value: value)
            {
                return true
            }
            noteConflict(address, reason: "changed-meanwhile", paths, in: &edits)
        } catch  where error.code == .duplicateKey {
            refused.add(address)
            throw error
        }
        return false
    }

    private func noteConflict(
        _ address: CellAddress, reason: String, _ paths: [MediaPath], in edits: inout CellEdits
    ) {
        edits.kept.formUnion(paths)
        edits.findings.append(
            FindingRecord(kind: .conflict, reason: reason, address: address))
    }
}

/// The cells that a unique key refuses, over the attempts of one transaction.
final class RefusedCells {
    private var cells: Set<CellAddress> = []
    /// Whether a cell has been refused since the last `acknowledge()`.
    private(set) var hasNew = false

    func add(_ cell: CellAddress) {
        cells.insert(cell)
        hasNew = true
    }

    func contains(_ cell: CellAddress) -> Bool { cells.contains(cell) }

    func acknowledge() { hasNew = false }
}

extension RowKey {
    /// Keeps a whole before-image in step with a column that has just been written.
    fileprivate mutating func replace(column: String, with value: SQLValue) {
        guard !isPrimary else { return }
        for index in parts.indices where parts[index].column == column {
            parts[index].value = value
        }
    }
}
