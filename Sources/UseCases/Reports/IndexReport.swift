import ReferenceIndex

/// What `index on`, `index off` and `index status` print.
public struct IndexReport: Hashable, Sendable, Encodable {
    /// A table that may hold references.
    public struct Table: Hashable, Sendable, Encodable {
        /// Its name.
        public var table: String
        /// Whether the index answers for it; otherwise it is scanned.
        public var indexed: Bool
        /// Why it is scanned: `no-primary-key`, `no-transactions`, `foreign-keys`,
        /// `unsuitable-key`, `trigger-refused`, `not-tracked`, `changed`; nil where it is indexed.
        public var reason: String?
    }

    /// `on`, `off`, or `stale`: there, but not usable until it has been made again.
    public var state: String
    /// Rows that can name a file.
    public var rows: Int
    /// Names of files, in all rows.
    public var names: Int
    /// Rows that are always looked at, because they can name any file.
    public var always: Int
    /// Notes of changes that have not been taken in yet.
    public var pending: Int
    /// The size of the index in the home, in bytes.
    public var bytes: Int64
    /// The tables that may hold references, by name; empty where there is no index.
    public var tables: [Table]

    init(_ status: IndexStatus) {
        state = status.state
        rows = status.rows
        names = status.names
        always = status.always
        pending = status.pending
        bytes = status.bytes
        tables = status.tables.map {
            Table(table: $0.table, indexed: $0.indexed, reason: $0.reason)
        }
    }
}
