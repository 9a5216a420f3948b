/// Which cells of a site may hold references, and how each is to be read.
///
/// WordPress knows; the engine only asks.
public protocol CellPolicy: Sendable {
    /// The tables to look through, out of all tables with the site's prefix.
    func scannedTables(of tables: [TableSchema]) -> [TableSchema]

    /// The columns of a table that may hold references and may be written: text, JSON and binary
    /// ones that are not generated, not part of the primary key, and not identifiers such as
    /// `guid`, `post_name` and `meta_key`.
    func scannedColumns(of table: TableSchema) -> [ColumnSchema]

    /// The columns that `role` wants to see besides the primary key (`post_id`, `meta_key`, …).
    func contextColumns(of table: TableSchema) -> [String]

    /// How a cell is to be read; nil where it must not be touched.
    ///
    /// - Parameter context: the values of `contextColumns(of:)`, in that order.
    func role(table: TableSchema, column: String, context: [SQLValue]) -> ValueRole?
}
