public import Model

/// Rows that are asked for together, whatever they name.
public protocol RowGroups: Sendable {
    /// The name of a row's group; nil for a row that belongs to none.
    ///
    /// - Parameter row: the values of the layout's columns, in their order.
    func group(of row: [SQLValue], in layout: RowLayout) -> [UInt8]?

    /// What rows that were grouped in another way cannot be compared with.
    var fingerprint: String { get }
}
