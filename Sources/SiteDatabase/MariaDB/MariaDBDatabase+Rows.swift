public import Model

extension MariaDBDatabase {
    /// MariaDB brings PCRE; MySQL's regular expressions refuse bytes that are not UTF-8.
    public var matchesPatterns: Bool { !isMySQL }

    /// Hands each row to `body` as it arrives; memory holds one row.
    ///
    /// Stopping early reads and drops the rest of the result, so give a query a `limit` where one
    /// is known. A statement takes at most 65,535 values; a longer list is `database-failed`. The
    /// pages of a scan are one prepared statement.
    public func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        let action = "Reading table '\(query.table)'"
        guard let page = MariaDBPage(query) else {
            let filter = try conditions(on: query.table).filter(query.filter)
            let limit = query.limit.map { " LIMIT \($0)" } ?? ""
            let sql = Self.selection(of: query, where: filter.sql) + limit
            return try forEachRow(
                of: try prepared(action, sql, filter.parameters), action, body)
        }
        let scan = try scan(page.shape, action)
        // Only what ends well can be run again.
        lastScan = nil
        try execute(
            scan.statement, action,
            scan.parameters(after: page.after, through: page.through, limit: page.limit))
        try forEachRow(of: scan.statement, action, body)
        do throws(MariaDBFailure) {
            try scan.statement.reset()
        } catch { throw report(error, during: action) }
        lastScan = scan
    }

    private func forEachRow(
        of statement: MariaDBStatement, _ action: String,
        _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        while let row = try nextRow(action, of: statement) {
            if try !body(row) { return }
        }
    }

    /// The statement of a scan: the last one's, where it goes on.
    private func scan(
        _ shape: MariaDBScan.Shape, _ action: String
    ) throws(MonikerError) -> MariaDBScan {
        if let lastScan, lastScan.shape == shape { return lastScan }
        let filter = try conditions(on: shape.query.table).filter(shape.query.filter)
        let key = quotedIdentifier(shape.key)
        let range = "(\(key) > ? AND \(key) <= ?)"
        let sql = Self.selection(of: shape.query, where: "\(range) AND \(filter.sql)")
        return MariaDBScan(
            shape: shape, statement: try prepare(action, sql + " LIMIT ?"),
            filter: filter.parameters)
    }

    /// A statement that reads rows, up to its limit.
    private static func selection(of query: RowQuery, where condition: String) -> String {
        var sql = "SELECT \(selection(of: query).joined(separator: ", "))"
        sql += " FROM \(quotedIdentifier(query.table)) WHERE \(condition)"
        if !query.order.isEmpty {
            sql += " ORDER BY " + query.order.map(quotedIdentifier).joined(separator: ", ")
        }
        return sql
    }

    /// What a query reads of each row.
    private static func selection(of query: RowQuery) -> [String] {
        guard let long = query.leavingOut else { return query.columns.map(quotedIdentifier) }
        let isLong = { (column: String) in
            "OCTET_LENGTH(\(quotedIdentifier(column))) > \(long.bytes)"
        }
        let columns = query.columns.map { column in
            let name = quotedIdentifier(column)
            return long.columns.contains(column) ? "IF(\(isLong(column)), NULL, \(name))" : name
        }
        let anyIsLong = long.columns.map(isLong).joined(separator: " OR ")
        return columns + ["IF(\(anyIsLong.isEmpty ? "0" : anyIsLong), 1, 0)"]
    }

    /// The smallest and the largest key of a table.
    public func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        guard let key = table.integerKey.map(quotedIdentifier) else { return nil }
        let row = try query(
            "Reading the keys of table '\(table.name)'",
            "SELECT MIN(\(key)), MAX(\(key)) FROM \(quotedIdentifier(table.name))"
        ).first
        guard let first = row?.first?.integer, let last = row?.last?.integer else { return nil }
        return first...last
    }
}
