import Model

/// A scan that looks only where an index says, and everywhere in tables that the index does not
/// answer for.
struct IndexedScan {
    let scan: ReferenceScan
    private let database: any SiteDatabase
    private let policy: any CellPolicy
    private let candidates: ScanCandidates?

    /// Rows that are asked for by their keys in one query.
    private static let rowsInQuery = 200

    /// Prepares a scan for what a rewriter of these paths would find.
    ///
    /// - Parameter index: nil for a scan of everything.
    init(
        _ scan: ReferenceScan, database: any SiteDatabase, policy: any CellPolicy,
        index: (any ReferenceLookup)?, paths: [MediaPath]
    ) throws(MonikerError) {
        self.scan = scan
        self.database = database
        self.policy = policy
        candidates = try index?.candidates(for: paths, in: scan.tables)
    }

    /// Hands each row that may hold a reference to `body`, table by table in key order.
    ///
    /// `body` must not use the database. Memory holds one row.
    ///
    /// - Complexity: the rows that the index names, and one scan of each table that it does not
    ///   answer for.
    func forEachRow(
        progress: (Progress) -> Void, _ body: (ScannedRow) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        guard let candidates else { return try scan.forEachRow(progress: progress, body) }
        for (index, table) in scan.tables.enumerated() {
            progress(Progress(phase: .scanning, done: index, total: scan.tables.count))
            if let keys = candidates.rows[table.name] {
                try read(keys, of: table, body)
            } else {
                try scan.forEachRow(of: table, body)
            }
        }
        progress(
            Progress(phase: .scanning, done: scan.tables.count, total: scan.tables.count))
    }

    private func read(
        _ keys: [RowKey], of table: TableSchema,
        _ body: (ScannedRow) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        guard !keys.isEmpty, let layout = RowLayout(table, policy: policy) else { return }
        var start = 0
        while start < keys.count {
            let part = keys[start..<min(start + Self.rowsInQuery, keys.count)]
            start += part.count
            try database.forEachRow(of: layout.query(for: Array(part))) {
                (row) throws(MonikerError) -> Bool in
                let cells = layout.cells(of: row)
                guard !cells.isEmpty else { return true }
                try body(
                    ScannedRow(
                        table: table, key: layout.key(of: row),
                        cells: cells.map {
                            ScannedRow.Cell(
                                column: $0.column, role: $0.role, isWritable: $0.isWritable,
                                bytes: $0.bytes)
                        }))
                return true
            }
        }
    }
}
