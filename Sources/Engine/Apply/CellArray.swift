import Hashing
import Model
import Rewriting

/// The values of a part, ready to be written all at once.
struct CellArray {
    /// The cells of one column.
    struct Column {
        /// The table, as rows name it.
        var number: Int
        var table: TableSchema
        var name: String
        var swaps: [CellSwap]
    }

    private(set) var columns: [Column] = []
    private(set) var edits: CellEdits

    /// Makes the values of a part; nil where it has to be written row by row: without a primary key
    /// there is no telling which of equal rows was written, without transactions no taking back what
    /// was written beside a refusal, and long values have to be read again.
    init?(
        _ part: CellPart, tables: [TableSchema], restoration: CellRestoration?
    ) throws(MonikerError) {
        for row in part.rows {
            guard tables[row.table].integerKey != nil, tables[row.table].isTransactional,
                !row.isLong
            else { return nil }
        }
        edits = part.noEdits()
        var changes = part.rows.flatMap { row in
            row.cells.map { Change($0, of: row, in: tables[row.table]) }
        }
        if let restoration { try Self.restore(&changes, by: restoration) }
        for change in changes {
            append(change, in: tables[change.table], after: part.firstSequence)
        }
    }

    /// Writes everything; false where a cell holds something else by now.
    func write(in transaction: any SiteTransaction) throws(MonikerError) -> Bool {
        for column in columns {
            guard
                try transaction.compareAndSwap(
                    table: column.table, column: column.name, column.swaps)
            else { return false }
        }
        return true
    }

    // MARK: Changes

    /// A cell with the value that it gets.
    private struct Change {
        /// The table, as rows name it.
        let table: Int
        let address: CellAddress
        let cell: RewrittenCell
        private(set) var reading: CellReading
        private(set) var value: [UInt8]
        private(set) var digest: ContentDigest

        init(_ cell: RewrittenCell, of row: RewrittenRow, in table: TableSchema) {
            self.table = row.table
            self.cell = cell
            address = CellAddress(table: table.name, key: row.key, column: cell.column.name)
            reading = cell.reading
            value = reading.result(of: cell.bytes)
            digest = reading.digest(of: value)
        }

        /// Takes another value than the one that the pass made.
        mutating func take(_ restored: CellReading) {
            reading = restored
            value = restored.result(of: cell.bytes)
            digest = restored.digest(of: value)
        }
    }

    /// Puts back byte for byte what rewriting alone would leave otherwise than it was.
    private static func restore(
        _ changes: inout [Change], by restoration: CellRestoration
    ) throws(MonikerError) {
        let areRestored = try restoration.areRestored(
            changes.map { ($0.address, $0.cell.before) }, by: changes.map(\.digest))
        let others = changes.indices.filter { !areRestored[$0] }
        guard !others.isEmpty else { return }
        var restoration = restoration
        try restoration.prepare(others.map { (changes[$0].address, changes[$0].cell.before) })
        for index in others {
            let change = changes[index]
            if let restored = try restoration.restore(
                change.cell.bytes, digest: change.cell.before, at: change.address)
            {
                changes[index].take(restored)
            }
        }
    }

    private mutating func append(
        _ change: Change, in table: TableSchema, after firstSequence: Int
    ) {
        // A part has cells of few columns.
        let known = columns.firstIndex {
            $0.number == change.table && $0.name == change.address.column
        }
        let index = known ?? columns.count
        if known == nil {
            columns.append(
                Column(
                    number: change.table, table: table, name: change.address.column, swaps: []))
        }
        let (cell, reading) = (change.cell, change.reading)
        columns[index].swaps.append(
            CellSwap(
                key: change.address.key, expected: cell.before,
                value: cell.isText ? .text(change.value) : .blob(change.value)))
        edits.references += reading.references
        edits.records.append(
            CellEditRecord(
                sequence: firstSequence + edits.records.count, address: change.address,
                isTransactional: true, before: cell.before, after: change.digest,
                splices: RecordedSplices(reading.splices, of: cell.bytes),
                paths: reading.paths, references: reading.references))
    }
}
