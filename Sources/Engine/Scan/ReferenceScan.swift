public import Model
public import Rewriting

/// A row that the database's prefilter let through.
public struct ScannedRow {
    /// One value of the row that may hold references.
    public struct Cell {
        /// The column.
        public var column: ColumnSchema
        /// How the value is to be read.
        public var role: ValueRole
        /// Whether it may be written; a part of the primary key may not.
        public var isWritable: Bool
        /// The value's bytes.
        public var bytes: [UInt8]
    }

    /// The table.
    public var table: TableSchema
    /// The row.
    public var key: RowKey
    /// The values to look at.
    public var cells: [Cell]
}

/// One pass over every cell of a site that may hold references.
public struct ReferenceScan {
    private let database: any SiteDatabase
    private let policy: any CellPolicy
    private let terms: [[UInt8]]
    /// The tables that are looked through.
    public let tables: [TableSchema]

    /// Prepares a pass for what a rewriter would find.
    public init(
        database: any SiteDatabase, tablePrefix: String, policy: any CellPolicy,
        rewriter: Rewriter
    ) throws(MonikerError) {
        self.database = database
        self.policy = policy
        terms = rewriter.prefilterTerms
        tables = policy.scannedTables(of: try database.tables(withPrefix: tablePrefix))
    }

    /// Hands each row that may hold a reference to `body`, table by table in key order.
    ///
    /// `body` must not use the database. Memory holds one row.
    ///
    /// - Complexity: one prefiltered scan of each table.
    public func forEachRow(
        progress: (Progress) -> Void,
        _ body: (ScannedRow) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        for (index, table) in tables.enumerated() {
            progress(Progress(phase: .scanning, done: index, total: tables.count))
            try scan(table, body)
        }
        progress(Progress(phase: .scanning, done: tables.count, total: tables.count))
    }

    /// Hands each row of one table that may hold a reference to `body`.
    func forEachRow(
        of table: TableSchema, _ body: (ScannedRow) throws(MonikerError) -> Void
    ) throws(MonikerError) { try scan(table, body) }

    private func scan(
        _ table: TableSchema, _ body: (ScannedRow) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        let writable = policy.scannedColumns(of: table)
        let keyText = table.columns.filter {
            table.primaryKey.contains($0.name) && $0.kind == .text
        }
        let scanned = writable + keyText
        guard !scanned.isEmpty else { return }
        let keyColumns =
            table.primaryKey.isEmpty
            ? table.columns.filter { !$0.isGenerated }.map(\.name) : table.primaryKey
        let context = policy.contextColumns(of: table)

        var columns: [String] = []
        var positions: [String: Int] = [:]
        for name in keyColumns + context + scanned.map(\.name) where positions[name] == nil {
            positions[name] = columns.count
            columns.append(name)
        }
        let position = { (name: String) in positions[name] ?? 0 }

        let query = RowQuery(
            table: table.name, columns: columns,
            filter: .containsAny(columns: scanned.map(\.name), terms: terms),
            order: table.primaryKey)
        try database.forEachRow(of: query) { (row) throws(MonikerError) -> Bool in
            let contextValues = context.map { row[position($0)] }
            var cells: [ScannedRow.Cell] = []
            for (index, column) in scanned.enumerated() {
                guard let bytes = row[position(column.name)].bytes, !bytes.isEmpty else { continue }
                let isWritable = index < writable.count
                let role =
                    isWritable
                    ? policy.role(table: table, column: column.name, context: contextValues)
                    : .ordinary
                guard let role else { continue }
                cells.append(
                    ScannedRow.Cell(
                        column: column, role: role, isWritable: isWritable, bytes: bytes))
            }
            guard !cells.isEmpty else { return true }
            let key = RowKey(
                parts: keyColumns.map {
                    RowKey.Part(column: $0, value: row[position($0)])
                }, isPrimary: !table.primaryKey.isEmpty)
            try body(ScannedRow(table: table, key: key, cells: cells))
            return true
        }
    }
}
