import Hashing
import Model
import Rewriting

/// A cell with references, rewritten as it was read, outside of any transaction.
struct RewrittenCell: Sendable {
    var column: ColumnSchema
    var role: ValueRole
    var isText: Bool
    /// The value as it was read; empty where it is long.
    var bytes: [UInt8]
    var before: ContentDigest
    var reading: CellReading
}

/// A row with at least one cell to be rewritten.
struct RewrittenRow: Sendable {
    /// The table, as an index into those of the scan.
    var table: Int
    var key: RowKey
    /// The cells to be rewritten.
    var cells: [RewrittenCell]

    /// Whether a value of it is long: such a row is read again when it is written, alone, because
    /// memory should not hold more than one.
    var isLong = false

    /// Whether nobody has looked into its long values yet.
    var isUnread = false

    /// Takes out the cells that hold what the change set itself has written into them: the new names
    /// are in it, and a new name may be an old one as well.
    mutating func leaveCells(asWrittenIn texts: [CellAddress: ContentDigest], in table: TableSchema)
    {
        cells.removeAll { cell in
            let address = CellAddress(table: table.name, key: key, column: cell.column.name)
            return texts[address] == cell.before
        }
    }

    /// How many bytes its values take, about.
    var bytes: Int { isLong ? 1 << 40 : cells.reduce(0) { $0 + 2 * $1.bytes.count } }
}

/// What rewriting some rows of a table came to.
struct RewrittenBatch: Sendable {
    /// The rows to be written.
    var rows: [RewrittenRow] = []
    /// Values, or parts of them, that cannot be rewritten.
    var opaque: [FindingRecord] = []
    /// The old paths that such values go on naming.
    var kept: Set<MediaPath> = []
    /// URLs on other hosts, by host.
    var foreign: [String: Int] = [:]
    /// How much of the scan's work the batch is, in the units of `ScanTask.weight`.
    var weight = 0

    /// Looks into the cells of a row.
    mutating func add(_ row: ScannedRow, table: Int, rewriter: Rewriter) {
        var cells: [RewrittenCell] = []
        let isLong = row.cells.contains { $0.bytes.count >= Self.longValue }
        for cell in row.cells {
            let reading = CellReading(
                cell.bytes, role: cell.role, rewriter: rewriter, column: cell.column,
                isWritable: cell.isWritable)
            foreign.merge(reading.foreign, uniquingKeysWith: +)
            for part in reading.opaque where !part.paths.isEmpty {
                kept.formUnion(part.paths)
                opaque.append(
                    FindingRecord(
                        kind: .opaque, reason: part.reason,
                        address: CellAddress(
                            table: row.table.name, key: row.key, column: cell.column.name)))
            }
            guard reading.isChange else { continue }
            cells.append(
                RewrittenCell(
                    column: cell.column, role: cell.role, isText: cell.isText,
                    bytes: isLong ? [] : cell.bytes, before: SHA256.digest(of: cell.bytes),
                    reading: isLong ? CellReading() : reading))
        }
        guard !cells.isEmpty else { return }
        rows.append(RewrittenRow(table: table, key: row.key, cells: cells, isLong: isLong))
    }

    /// Adds a row whose long values were not read: whatever is in them is found when it is written.
    mutating func add(unread row: ScannedRow, table: Int) {
        let cells = row.cells.map {
            RewrittenCell(
                column: $0.column, role: $0.role, isText: $0.isText, bytes: [],
                before: SHA256.digest(of: []), reading: CellReading())
        }
        rows.append(
            RewrittenRow(table: table, key: row.key, cells: cells, isLong: true, isUnread: true))
    }

    /// Values from here on are long.
    static let longValue = 2 << 20
}
