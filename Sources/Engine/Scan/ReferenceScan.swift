public import Model
public import Rewriting

/// A row that the database's prefilter let through.
public struct ScannedRow: Sendable {
    /// One value of the row that may hold references.
    public typealias Cell = RowLayout.Cell

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
    /// Where an index says to look, for the tables that it answers for; nil for everywhere.
    let candidates: ScanCandidates?

    /// Prepares a pass for what a rewriter would find.
    ///
    /// - Parameters:
    ///   - index: what knows which rows name a path; nil for none.
    ///   - paths: the old paths of the rewriter's map, for the index.
    public init(
        database: any SiteDatabase, tablePrefix: String, policy: any CellPolicy,
        rewriter: Rewriter, index: (any ReferenceLookup)? = nil, paths: [MediaPath] = []
    ) throws(MonikerError) {
        self.database = database
        tables = policy.scannedTables(of: try database.tables(withPrefix: tablePrefix))
        scans = tables.compactMap {
            TableScan(
                $0, policy: policy, prefilter: rewriter.prefilter,
                matchesPatterns: database.matchesPatterns)
        }
        candidates = try index?.candidates(for: paths, in: tables)
    }

    /// Hands each row that may hold a reference to `body`, table by table in key order.
    ///
    /// `body` must not use the database. Memory holds one row.
    ///
    /// - Complexity: one prefiltered scan of each table, or the rows that an index names.
    public func forEachRow(
        progress: (Progress) -> Void,
        _ body: (ScannedRow) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        for (index, scan) in scans.enumerated() {
            progress(Progress(phase: .scanning, done: index, total: scans.count))
            let rows = candidates?.rows[scan.table.name]
            for query in rows.map(scan.queries) ?? [scan.query()] {
                try database.forEachRow(of: query) { (values) throws(MonikerError) -> Bool in
                    if let row = scan.row(values) { try body(row) }
                    return true
                }
            }
        }
        progress(Progress(phase: .scanning, done: scans.count, total: scans.count))
    }
}
