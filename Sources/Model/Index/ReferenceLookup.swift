/// Where a scan has to look.
public struct ScanCandidates: Sendable {
    /// The rows to look at, for each table that needs no full scan; tables not named here do.
    public var rows: [String: [RowKey]]

    /// Creates candidates.
    public init(rows: [String: [RowKey]]) { self.rows = rows }
}

/// Port: an index that knows which rows may name a path.
public protocol ReferenceLookup: AnyObject {
    /// Where a scan for some paths has to look at this moment; nil where everywhere.
    ///
    /// The rows are, for each table named, all in which a rewriter of the paths would find anything.
    ///
    /// - Parameter tables: the tables that are scanned.
    func candidates(
        for paths: [MediaPath], in tables: [TableSchema]
    ) throws(MonikerError) -> ScanCandidates?
}
