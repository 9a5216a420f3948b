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
