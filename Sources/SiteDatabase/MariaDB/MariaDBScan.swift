import Model

/// One prepared statement for the pages of a scan: queries that differ in the range of their keys
/// and in their limit only.
struct MariaDBScan {
    /// What all pages have in common.
    struct Shape: Hashable {
        /// The query without range and limit.
        let query: RowQuery
        /// The column with the integer keys.
        let key: String
    }

    let shape: Shape
    let statement: MariaDBStatement
    /// The values of the filter's placeholders.
    let filter: [MariaDBParameter]

    /// The values of all placeholders for a page.
    func parameters(after: Int64, through: Int64, limit: Int) -> [MariaDBParameter] {
        [.integer(after), .integer(through)] + filter + [.integer(Int64(limit))]
    }
}

/// A query that asks for a page of a scan.
struct MariaDBPage {
    let shape: MariaDBScan.Shape
    let after: Int64
    let through: Int64
    let limit: Int

    /// Finds the page that a query asks for; nil where it asks for something else.
    init?(_ query: RowQuery) {
        guard let limit = query.limit, case .and(let parts) = query.filter, parts.count == 2,
            case .within(let key, let after, let through) = parts[0]
        else { return nil }
        var common = query
        common.filter = parts[1]
        common.limit = nil
        shape = MariaDBScan.Shape(query: common, key: key)
        self.after = after
        self.through = through
        self.limit = limit
    }
}
