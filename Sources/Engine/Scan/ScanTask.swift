import Model
import Rewriting

/// A stretch of a table to be looked through.
struct ScanTask: Sendable {
    /// The table, as an index into those of the scan.
    var table: Int
    var scan: TableScan
    /// What of the table.
    var stretch: Stretch
    /// How much of the whole work it is.
    var weight: Int

    /// A part of a table.
    enum Stretch: Sendable {
        /// All of it, in one query.
        case whole
        /// The rows with these integer keys, in pages.
        case keys(ClosedRange<Int64>)
        /// Rows that an index has named.
        case rows([RowKey])
    }

    /// The most rows of a page.
    private static let pageRows = 1000
    /// The bytes of values after which a page ends early.
    private static let pageBytes = 1 << 20
    /// How many bytes of a table are worth a stretch of their own.
    private static let stretchBytes = 32 << 20

    /// The stretches of all tables, table by table in key order.
    static func all(
        of scan: ReferenceScan, in database: any SiteDatabase
    ) throws(MonikerError) -> [ScanTask] {
        var tasks: [ScanTask] = []
        for (index, table) in scan.tables.enumerated() {
            guard let tableScan = scan.scans.first(where: { $0.table.name == table.name }) else {
                continue
            }
            if let rows = scan.candidates?.rows[table.name] {
                if rows.isEmpty { continue }
                tasks.append(
                    ScanTask(
                        table: index, scan: tableScan, stretch: .rows(rows),
                        weight: max(1, rows.count >> 3)))
                continue
            }
            let weight = max(1, table.approximateBytes >> 16)
            // The smallest number has none before it for a page to begin behind.
            guard let keys = try database.keyRange(of: table), keys.lowerBound > .min else {
                tasks.append(
                    ScanTask(table: index, scan: tableScan, stretch: .whole, weight: weight))
                continue
            }
            let count = max(1, min(64, table.approximateBytes / stretchBytes))
            // Halves, because the whole width may be more than a number holds.
            let half = keys.upperBound / 2 - keys.lowerBound / 2
            let width = max(1, half / Int64(count) * 2 + 2)
            var first = keys.lowerBound
            while true {
                let end = first.addingReportingOverflow(width - 1)
                let last = end.overflow ? keys.upperBound : min(end.partialValue, keys.upperBound)
                tasks.append(
                    ScanTask(
                        table: index, scan: tableScan, stretch: .keys(first...last),
                        weight: max(1, weight / count)))
                guard last < keys.upperBound else { break }
                first = last + 1
            }
        }
        return tasks
    }

    /// Hands the rewritten rows to `body`, page by page, until it returns false.
    ///
    /// - Parameter leavesLong: whether long values are left to whoever writes the rows, because this
    ///   connection would keep as much memory as the longest.
    ///
    /// `body` may use the database: no statement is open then. Memory holds one page; of a table
    /// without an integer key, all rows that have references.
    func forEachBatch(
        from database: any SiteDatabase, rewriter: Rewriter, leavesLong: Bool = false,
        _ body: (RewrittenBatch) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        switch stretch {
        case .whole: try forEachBatch(of: [scan.query()], from: database, rewriter, body)
        case .rows(let rows):
            try forEachBatch(of: scan.queries(for: rows), from: database, rewriter, body)
        case .keys(let keys):
            try forEachPage(
                of: keys, from: database, rewriter,
                longest: leavesLong ? RewrittenBatch.longValue : nil, body)
        }
    }

    private func forEachBatch(
        of queries: [RowQuery], from database: any SiteDatabase, _ rewriter: Rewriter,
        _ body: (RewrittenBatch) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        for (index, query) in queries.enumerated() {
            var batch = RewrittenBatch()
            try database.forEachRow(of: query) { (values) throws(MonikerError) -> Bool in
                if let row = scan.row(values) { batch.add(row, table: table, rewriter: rewriter) }
                return true
            }
            if index == queries.count - 1 { batch.weight = weight }
            guard try body(batch) else { return }
        }
    }

    private func forEachPage(
        of keys: ClosedRange<Int64>, from database: any SiteDatabase, _ rewriter: Rewriter,
        longest: Int?, _ body: (RewrittenBatch) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        var batch = RewrittenBatch()
        var after = keys.lowerBound - 1
        var limit = Self.pageRows
        while true {
            var count = 0
            var bytes = 0
            let query = scan.query(keys: (after, keys.upperBound), limit: limit, longest: longest)
            try database.forEachRow(of: query) { (values) throws(MonikerError) -> Bool in
                count += 1
                after = scan.integerKey(values) ?? keys.upperBound
                if let row = scan.unreadRow(values) {
                    batch.add(unread: row, table: table)
                    return true
                }
                guard let row = scan.row(values) else { return true }
                bytes += row.cells.reduce(0) { $0 + $1.bytes.count }
                batch.add(row, table: table, rewriter: rewriter)
                return bytes < Self.pageBytes
            }
            let isOver = count < limit && bytes < Self.pageBytes
            // Rows that were asked for and not taken have been sent all the same: as many as this
            // page's would fill the next one.
            limit = max(1, min(Self.pageRows, count * Self.pageBytes / max(1, bytes)))
            if isOver { batch.weight = weight }
            guard try body(batch), !isOver else { return }
            batch = RewrittenBatch()
        }
    }
}
