import Model
import Rewriting

/// What of a table a scan reads, and how its rows become values to look at.
struct TableScan {
    let table: TableSchema
    /// The columns that are read.
    private let columns: [String]
    private let positions: [String: Int]
    /// The columns that may hold references; those of the key come last.
    private let scanned: [ColumnSchema]
    private let writableCount: Int
    private let keyColumns: [String]
    private let context: [String]
    private let policy: any CellPolicy
    private let prefilter: Prefilter

    /// Prepares a table; nil where no column of it may hold a reference.
    init?(_ table: TableSchema, policy: any CellPolicy, prefilter: Prefilter) {
        let writable = policy.scannedColumns(of: table)
        let keyText = table.columns.filter {
            table.primaryKey.contains($0.name) && $0.kind == .text
        }
        scanned = writable + keyText
        guard !scanned.isEmpty else { return nil }
        self.table = table
        self.policy = policy
        self.prefilter = prefilter
        writableCount = writable.count
        keyColumns =
            table.primaryKey.isEmpty
            ? table.columns.filter { !$0.isGenerated }.map(\.name) : table.primaryKey
        context = policy.contextColumns(of: table)
        var columns: [String] = []
        var positions: [String: Int] = [:]
        for name in keyColumns + context + scanned.map(\.name) where positions[name] == nil {
            positions[name] = columns.count
            columns.append(name)
        }
        self.columns = columns
        self.positions = positions
    }

    /// Asks for the rows that the prefilter lets through, in key order.
    ///
    /// - Parameters:
    ///   - keys: the rows to look at, by their integer key; nil for all.
    ///   - limit: the most rows; nil for all.
    func query(keys: (after: Int64, through: Int64)? = nil, limit: Int? = nil) -> RowQuery {
        // Column by column, so that what decides most values decides the next one's.
        var filter = RowFilter.or(
            scanned.flatMap { column in
                prefilter.alternatives.map { alternative in
                    .and(
                        alternative.groups.map { .containsAny(columns: [column.name], terms: $0) })
                }
            })
        if let keys, let column = table.integerKey {
            filter = .and([
                .within(column: column, after: keys.after, through: keys.through), filter,
            ])
        }
        return RowQuery(
            table: table.name, columns: columns, filter: filter, order: table.primaryKey,
            limit: limit)
    }

    /// The values of a row to look at; nil where none of them is.
    func row(_ values: [SQLValue]) -> ScannedRow? {
        let position = { (name: String) in positions[name] ?? 0 }
        let contextValues = context.map { values[position($0)] }
        var cells: [ScannedRow.Cell] = []
        for (index, column) in scanned.enumerated() {
            let value = values[position(column.name)]
            guard let bytes = value.bytes, !bytes.isEmpty else { continue }
            let isWritable = index < writableCount
            let role =
                isWritable
                ? policy.role(table: table, column: column.name, context: contextValues)
                : .ordinary
            guard let role else { continue }
            let isText = if case .text = value { true } else { false }
            cells.append(
                ScannedRow.Cell(
                    column: column, role: role, isWritable: isWritable, isText: isText,
                    bytes: bytes))
        }
        guard !cells.isEmpty else { return nil }
        return ScannedRow(table: table, key: key(values), cells: cells)
    }

    private func key(_ values: [SQLValue]) -> RowKey {
        RowKey(
            parts: keyColumns.map {
                RowKey.Part(column: $0, value: values[positions[$0] ?? 0])
            }, isPrimary: !table.primaryKey.isEmpty)
    }

    /// The integer key of a row, as its query returned it.
    func integerKey(_ values: [SQLValue]) -> Int64? {
        table.integerKey.flatMap { values[positions[$0] ?? 0].integer }
    }
}
