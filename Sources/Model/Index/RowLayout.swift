/// How the rows of a table are read when references are looked for: which columns, what in them is
/// the key, what the context and what may hold references.
public struct RowLayout: Sendable {
    /// One value of a row that may hold references.
    public struct Cell: Sendable {
        /// The column.
        public var column: ColumnSchema
        /// How the value is to be read.
        public var role: ValueRole
        /// Whether it may be written; a part of the primary key may not.
        public var isWritable: Bool
        /// Whether the database holds it as text, not as binary data.
        public var isText: Bool
        /// The value's bytes.
        public var bytes: [UInt8]
    }

    /// The table.
    public let table: TableSchema
    /// The columns to read, in this order.
    public let columns: [String]
    /// The columns that may hold references; the last of them may be parts of the primary key.
    public let scanned: [ColumnSchema]
    private let writableCount: Int
    private let policy: any CellPolicy
    private let keyColumns: [String]
    private let keyPositions: [Int]
    private let contextPositions: [Int]
    private let scannedPositions: [Int]

    /// Lays out a table; nil where no column of it may hold references.
    public init?(_ table: TableSchema, policy: any CellPolicy) {
        self.table = table
        self.policy = policy
        let writable = policy.scannedColumns(of: table)
        writableCount = writable.count
        scanned =
            writable
            + table.columns.filter { table.primaryKey.contains($0.name) && $0.kind == .text }
        guard !scanned.isEmpty else { return nil }
        keyColumns =
            table.primaryKey.isEmpty
            ? table.columns.filter { !$0.isGenerated }.map(\.name) : table.primaryKey
        let context = policy.contextColumns(of: table)
        var names: [String] = []
        var positions: [String: Int] = [:]
        for name in keyColumns + context + scanned.map(\.name) where positions[name] == nil {
            positions[name] = names.count
            names.append(name)
        }
        columns = names
        keyPositions = keyColumns.compactMap { positions[$0] }
        contextPositions = context.compactMap { positions[$0] }
        scannedPositions = scanned.compactMap { positions[$0.name] }
    }

    /// The columns whose change can change what is found in a row: the key, the context and what
    /// may hold references.
    public var watchedColumns: [String] { columns }

    /// The key of a row that was read in the order of `columns`.
    public func key(of row: [SQLValue]) -> RowKey {
        RowKey(
            parts: zip(keyColumns, keyPositions).map { RowKey.Part(column: $0, value: row[$1]) },
            isPrimary: !table.primaryKey.isEmpty)
    }

    /// The values of a row that are to be looked at.
    public func cells(of row: [SQLValue]) -> [Cell] {
        let context = contextPositions.map { row[$0] }
        var cells: [Cell] = []
        for (index, column) in scanned.enumerated() {
            let value = row[scannedPositions[index]]
            guard let bytes = value.bytes, !bytes.isEmpty else { continue }
            let isText = if case .text = value { true } else { false }
            let isWritable = index < writableCount
            let role =
                isWritable
                ? policy.role(table: table, column: column.name, context: context) : .ordinary
            guard let role else { continue }
            cells.append(
                Cell(
                    column: column, role: role, isWritable: isWritable, isText: isText,
                    bytes: bytes))
        }
        return cells
    }

    /// The places of a row that may be written, whatever is in them.
    public func writableCells(of row: [SQLValue]) -> [Cell] {
        let context = contextPositions.map { row[$0] }
        return scanned.prefix(writableCount).compactMap { column in
            policy.role(table: table, column: column.name, context: context).map { role in
                Cell(column: column, role: role, isWritable: true, isText: true, bytes: [])
            }
        }
    }

    /// Rows by their keys, which must be primary, in key order.
    public func query(for keys: [RowKey]) -> RowQuery {
        let filter: RowFilter
        if let column = table.primaryKey.first, table.primaryKey.count == 1 {
            filter = .isAny(column: column, keys.compactMap { $0.parts.first?.value })
        } else {
            filter = .or(
                keys.map { key in
                    .and(key.parts.map { .equals(column: $0.column, $0.value) })
                })
        }
        return RowQuery(
            table: table.name, columns: columns, filter: filter, order: table.primaryKey)
    }
}
