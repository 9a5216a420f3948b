import Hashing
import Model
import Rewriting

/// How much one database transaction may write.
///
/// Its locks are held for as long as the writing takes, and others wait for them.
public struct PartLimit: Hashable, Sendable {
    /// The most rows.
    public var rows: Int
    /// The most bytes of values, before and after, but for a row that has more by itself.
    public var bytes: Int

    /// Creates a limit.
    public init(rows: Int, bytes: Int) {
        self.rows = rows
        self.bytes = bytes
    }

    /// What a server writes in well under 200 ms.
    public static let standard = PartLimit(rows: 250, bytes: 4 << 20)
}

/// The rows that one database transaction of a change set writes.
struct CellPart {
    /// Its number in the change set, from 1.
    private(set) var number = 1
    /// The number of the first of its edits in the change set.
    private(set) var firstSequence = 0
    /// The references that the change set has rewritten before it.
    private(set) var earlierReferences = 0
    /// The rows, as they were read.
    private(set) var rows: [RewrittenRow] = []
    private var bytes = 0
    /// What was found and is left as it is, and what that keeps alive.
    var findings: [FindingRecord] = []
    var kept: Set<MediaPath> = []

    /// Makes it the next part after others.
    mutating func follow(_ totals: CellTotals) {
        number = totals.parts + 1
        firstSequence = totals.cells
        earlierReferences = totals.references
    }

    /// Whether another row would be too much.
    func isFull(_ limit: PartLimit, adding row: RewrittenRow) -> Bool {
        !rows.isEmpty
            && (rows.count >= limit.rows || bytes >= limit.bytes || row.bytes > limit.bytes - bytes)
    }

    mutating func add(_ row: RewrittenRow) {
        rows.append(row)
        bytes += row.bytes
    }

    /// Gives back the memory of the values; what has to be known to read them again stays.
    mutating func forgetValues() {
        for row in rows.indices {
            for cell in rows[row].cells.indices {
                rows[row].cells[cell].bytes = []
                rows[row].cells[cell].reading = CellReading()
            }
        }
    }

    /// Edits without anything yet, that go on from those of the parts before.
    func noEdits() -> CellEdits {
        CellEdits(findings: findings, references: earlierReferences, kept: kept)
    }

    /// What the marker says once this part is committed.
    func decision(isLast: Bool) -> MarkerDecision { isLast ? .commit : .part(number) }

    /// What the marker says before.
    var previous: MarkerDecision? { number == 1 ? nil : .part(number - 1) }
}

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
        var restoration = restoration
        try restoration?.prepare(Set(part.rows.flatMap { $0.cells.map(\.before) }))
        for row in part.rows {
            let table = tables[row.table]
            for cell in row.cells {
                let address = CellAddress(
                    table: table.name, key: row.key, column: cell.column.name)
                let reading =
                    try restoration?.restore(cell.bytes, digest: cell.before, at: address)
                    ?? cell.reading
                let value = reading.result(of: cell.bytes)
                // A part has cells of few columns.
                let known = columns.firstIndex {
                    $0.number == row.table && $0.name == cell.column.name
                }
                let index = known ?? columns.count
                if known == nil {
                    columns.append(
                        Column(
                            number: row.table, table: table, name: cell.column.name, swaps: []))
                }
                columns[index].swaps.append(
                    CellSwap(
                        key: row.key, expected: cell.before,
                        value: cell.isText ? .text(value) : .blob(value)))
                edits.references += reading.references
                edits.records.append(
                    CellEditRecord(
                        sequence: part.firstSequence + edits.records.count, address: address,
                        isTransactional: true, before: cell.before,
                        after: reading.digest(of: value),
                        splices: [RecordedSplice](reading.splices, of: cell.bytes),
                        paths: reading.paths, references: reading.references))
            }
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
}
