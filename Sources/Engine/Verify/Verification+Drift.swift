import Hashing
import Model

extension Verification {
    /// How many rows are asked for at once.
    private static let rowsAtOnce = 200

    /// F10: how many of the values that were rewritten are no longer what the journal left.
    ///
    /// Newest first, because only the last edit of a value says what it is today. Rows without a
    /// primary key are known by their content alone and are left out.
    ///
    /// - Complexity: memory for one change set at a time, and a number for each recorded value.
    mutating func checkDrift() throws(MonikerError) {
        var seen: Set<Int> = []
        let tables = try ports.database.tables(withPrefix: engine.scope.tablePrefix)
        for record in records.reversed() where !lost.contains(record.id) {
            let fresh = try ports.journal.cellEdits(of: record.id).reversed().filter {
                $0.address.key.isPrimary && seen.insert($0.address.hashValue).inserted
            }
            // A row that was deleted is not looked for.
            let groups = Dictionary(grouping: fresh.filter { $0.kind != .delete }) {
                Place(table: $0.address.table, column: $0.address.column)
            }
            for (place, edits) in groups {
                guard let table = tables.first(where: { $0.name == place.table }),
                    table.columns.contains(where: { $0.name == place.column })
                else {
                    noteDrift(edits.count, "\(place.table) is gone")
                    continue
                }
                for start in stride(from: 0, to: edits.count, by: Self.rowsAtOnce) {
                    try compare(
                        Array(edits[start..<min(start + Self.rowsAtOnce, edits.count)]),
                        of: place, in: table, record)
                }
            }
        }
    }

    private struct Place: Hashable {
        var table: String
        var column: String
    }

    private mutating func compare(
        _ edits: [CellEditRecord], of place: Place, in table: TableSchema,
        _ record: ChangeSetRecord
    ) throws(MonikerError) {
        let filters = edits.map { edit in
            RowFilter.and(
                edit.address.key.parts.map { .equals(column: $0.column, $0.value) })
        }
        var columns = table.primaryKey
        if !columns.contains(place.column) { columns.append(place.column) }
        let position = columns.firstIndex(of: place.column) ?? 0
        var expected: [RowKey: ContentDigest] = [:]
        for edit in edits { expected[edit.address.key] = edit.after }
        var changed = 0
        try ports.database.forEachRow(
            of: RowQuery(table: place.table, columns: columns, filter: .or(filters))
        ) { (row) throws(MonikerError) -> Bool in
            let key = RowKey(
                parts: table.primaryKey.enumerated().map {
                    RowKey.Part(column: $0.element, value: row[$0.offset])
                }, isPrimary: true)
            guard let digest = expected.removeValue(forKey: key) else { return true }
            if SHA256.digest(of: row[position].bytes ?? []) != digest { changed += 1 }
            return true
        }
        noteDrift(
            changed + expected.count,
            "a value of \(place.table).\(place.column) has been changed or removed since \(record.id), by somebody else"
        )
    }

    private mutating func noteDrift(_ count: Int, _ example: String) {
        note(.drift, example, count: count)
    }
}
