/// What identifies a row: column names and their values.
///
/// For a table with a primary key these are the key's columns. For a table without one they are
/// all columns that are not generated, as they were before the change: the row's before-image.
public struct RowKey: Hashable, Sendable {
    /// A column and its value.
    public struct Part: Hashable, Sendable {
        /// The column's name.
        public var column: String
        /// Its value.
        public var value: SQLValue

        /// Creates a part of a key.
        public init(column: String, value: SQLValue) {
            self.column = column
            self.value = value
        }
    }

    /// The parts, in the table's key order.
    public var parts: [Part]
    /// Whether the parts are the primary key; otherwise they are the row's whole before-image.
    public var isPrimary: Bool

    /// Creates a key.
    public init(parts: [Part], isPrimary: Bool) {
        self.parts = parts
        self.isPrimary = isPrimary
    }
}

/// Where a value is stored.
public struct CellAddress: Hashable, Sendable {
    /// The table's name.
    public var table: String
    /// The row.
    public var key: RowKey
    /// The column's name.
    public var column: String

    /// Creates an address.
    public init(table: String, key: RowKey, column: String) {
        self.table = table
        self.key = key
        self.column = column
    }

    /// Whether this address, as it was recorded, can be that of a cell that was found with the
    /// content that was recorded.
    ///
    /// A row without a primary key is known by its content alone: its address is its content, in
    /// columns, too, that have been written since.
    public func isKnownAs(_ found: CellAddress) -> Bool {
        table == found.table && column == found.column
            && (!found.key.isPrimary || key == found.key)
    }
}
