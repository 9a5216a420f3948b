import Hashing
import Model

/// Some of a change set's assignments: what one database transaction writes.
struct AssignmentPart {
    /// Assignments that are written together or not at all: one text of one attachment, or what the
    /// content of one post shows.
    typealias Group = ArraySlice<CellAssignment>

    /// Its number in the change set, from 1.
    private(set) var number = 1
    /// The number of the first of its edits in the change set.
    private(set) var firstSequence = 0
    /// The references that the change set has rewritten before it.
    private(set) var earlierReferences = 0
    let groups: [Group]

    init(_ groups: [Group]) { self.groups = groups }

    /// Makes it the next part after others.
    mutating func follow(_ totals: CellTotals) {
        number = totals.parts + 1
        firstSequence = totals.cells
        earlierReferences = totals.references
    }

    /// What the marker says once this part is committed.
    func decision(isLast: Bool) -> MarkerDecision { isLast ? .commit : .part(number) }

    /// What the marker says before.
    var previous: MarkerDecision? { number == 1 ? nil : .part(number - 1) }

    /// Cuts assignments into parts; one without any where there are none.
    static func parts(
        of assignments: ArraySlice<CellAssignment>, limit: PartLimit
    ) -> [AssignmentPart] {
        var parts: [AssignmentPart] = []
        var groups: [Group] = []
        var rows = 0
        var bytes = 0
        for group in self.groups(of: assignments) {
            let size = group.reduce(0) {
                $0 + ($1.before?.bytes?.count ?? 0) + ($1.after?.bytes?.count ?? 0)
            }
            if !groups.isEmpty, rows + group.count > limit.rows || size > limit.bytes - bytes {
                parts.append(AssignmentPart(groups))
                (groups, rows, bytes) = ([], 0, 0)
            }
            groups.append(group)
            rows += group.count
            bytes += min(size, limit.bytes)
        }
        return parts + [AssignmentPart(groups)]
    }

    private static func groups(of assignments: ArraySlice<CellAssignment>) -> [Group] {
        var groups: [Group] = []
        var start = assignments.startIndex
        for index in assignments.indices {
            let next = assignments.index(after: index)
            if next < assignments.endIndex,
                assignments[next].isSameText(as: assignments[index])
            {
                continue
            }
            groups.append(assignments[start..<next])
            start = next
        }
        return groups
    }
}

extension CellAssignment {
    /// The record of carrying it out.
    ///
    /// - Parameter key: of the row.
    func edit(sequence: Int, key: RowKey, isTransactional: Bool) -> CellEditRecord {
        let old = before?.bytes ?? []
        let new = after?.bytes ?? []
        var kind = CellEditRecord.Kind.set
        var row: RowKey?
        switch action {
        case .set: break
        case .insert(_, _, let columns):
            kind = .insert
            let others = columns.columns { key[$0] == nil }
            row = RowKey(parts: key.parts + others, isPrimary: false)
        case .delete(_, let columns):
            kind = .delete
            row = columns
        }
        return CellEditRecord(
            sequence: sequence,
            address: CellAddress(table: table, key: key, column: column),
            isTransactional: isTransactional, before: SHA256.digest(of: old),
            after: SHA256.digest(of: new),
            splices: [RecordedSplice(offset: 0, old: old, new: new)], paths: paths, references: 0,
            kind: kind, assignment: self.sequence, row: row)
    }
}
