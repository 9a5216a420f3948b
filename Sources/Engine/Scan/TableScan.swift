import Model
import Rewriting

/// What of a table a scan reads.
struct TableScan {
    let layout: RowLayout
    /// The rows that the prefilter lets through.
    private let filter: RowFilter

    var table: TableSchema { layout.table }

    /// Prepares a table; nil where no column of it may hold a reference.
    ///
    /// - Parameter matchesPatterns: whether the database knows regular expressions.
    init?(
        _ table: TableSchema, policy: any CellPolicy, prefilter: Prefilter, matchesPatterns: Bool
    ) {
        guard let layout = RowLayout(table, policy: policy) else { return nil }
        self.layout = layout
        // Column by column, so that what decides most values decides the next one's.
        filter = .or(
            layout.scanned.map { column in
                .and([
                    .isAtLeast(column: column.name, bytes: prefilter.shortest),
                    .or(
                        matchesPatterns
                            ? prefilter.expressions.map { $0.filter(of: column.name) }
                            : prefilter.alternatives.map { $0.filter(of: column.name) }),
                ])
            })
    }

    /// Asks for the rows that the prefilter lets through, in key order.
    ///
    /// - Parameters:
    ///   - keys: the rows to look at, by their integer key; nil for all.
    ///   - limit: the most rows; nil for all.
    ///   - longest: the most bytes of a value to read; nil for all.
    func query(
        keys: (after: Int64, through: Int64)? = nil, limit: Int? = nil, longest: Int? = nil
    ) -> RowQuery {
        var filter = filter
        if let keys, let column = table.integerKey {
            filter = .and([
                .within(column: column, after: keys.after, through: keys.through), filter,
            ])
        }
        var query = RowQuery(
            table: table.name, columns: layout.columns, filter: filter, order: table.primaryKey,
            limit: limit)
        query.leavingOut = longest.map {
            LongValues(columns: layout.scanned.map(\.name), bytes: $0)
        }
        return query
    }

    /// Rows that are asked for by their keys in one query.
    private static let rowsInQuery = 200

    /// Asks for rows by their primary keys, some at a time.
    func queries(for rows: [RowKey]) -> [RowQuery] {
        stride(from: 0, to: rows.count, by: Self.rowsInQuery).map { start in
            layout.query(for: Array(rows[start..<min(start + Self.rowsInQuery, rows.count)]))
        }
    }

    /// The values of a row to look at; nil where none of them is.
    func row(_ values: [SQLValue]) -> ScannedRow? {
        let cells = layout.cells(of: values)
        guard !cells.isEmpty else { return nil }
        return ScannedRow(table: table, key: layout.key(of: values), cells: cells)
    }

    /// The row whose values were not all read, as its query returned it; nil for any other.
    func unreadRow(_ values: [SQLValue]) -> ScannedRow? {
        guard values.count > layout.columns.count, values.last == .integer(1) else { return nil }
        return ScannedRow(
            table: table, key: layout.key(of: values), cells: layout.writableCells(of: values))
    }

    /// The integer key of a row, as its query returned it.
    func integerKey(_ values: [SQLValue]) -> Int64? {
        guard table.integerKey != nil else { return nil }
        return layout.key(of: values).parts.first?.value.integer
    }
}

extension Prefilter.Alternative {
    /// The alternative as a condition on a column.
    fileprivate func filter(of column: String) -> RowFilter {
        .and(groups.map { .containsAny(columns: [column], terms: $0) })
    }
}

extension ByteExpression {
    /// The expression as a condition on a column.
    fileprivate func filter(of column: String) -> RowFilter {
        var parts: [RowFilter] = pattern.map { [.matches(column: column, pattern: $0)] } ?? []
        if !terms.isEmpty { parts.append(.containsAny(columns: [column], terms: terms)) }
        return .and(parts)
    }
}
