public import Model
public import Rewriting

/// A row that the database's prefilter let through.
public struct ScannedRow: Sendable {
    /// One value of the row that may hold references.
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
    public var table: TableSchema
    /// The row.
    public var key: RowKey
    /// The values to look at.
    public var cells: [Cell]
}

/// One pass over every cell of a site that may hold references.
public struct ReferenceScan {
    private let database: any SiteDatabase
    /// What is read of each table.
    let scans: [TableScan]
    /// The tables that are looked through.
    public let tables: [TableSchema]

    /// Prepares a pass for what a rewriter would find.
    public init(
        database: any SiteDatabase, tablePrefix: String, policy: any CellPolicy,
        rewriter: Rewriter
    ) throws(MonikerError) {
        self.database = database
        tables = policy.scannedTables(of: try database.tables(withPrefix: tablePrefix))
        scans = tables.compactMap { TableScan($0, policy: policy, prefilter: rewriter.prefilter) }
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
        for (index, scan) in scans.enumerated() {
            progress(Progress(phase: .scanning, done: index, total: scans.count))
            try database.forEachRow(of: scan.query()) { (values) throws(MonikerError) -> Bool in
                if let row = scan.row(values) { try body(row) }
                return true
            }
        }
        progress(Progress(phase: .scanning, done: scans.count, total: scans.count))
    }
}
