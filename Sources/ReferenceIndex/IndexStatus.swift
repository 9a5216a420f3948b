public import Model
import Rewriting

/// What `moniker index status` tells.
public struct IndexStatus: Hashable, Sendable {
    /// A table that may hold references.
    public struct Table: Hashable, Sendable {
        /// Its name.
        public var table: String
        /// Whether the index answers for it; otherwise it is scanned.
        public var indexed: Bool
        /// Why it is scanned: `no-primary-key`, `no-transactions`, `foreign-keys`,
        /// `unsuitable-key`, `trigger-refused`, `not-tracked`, `changed`; nil where it is indexed.
        public var reason: String?
    }

    /// `on`, `off`, or `stale`: on, but not usable until it has been made again.
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
    /// The tables that may hold references, by name.
    public var tables: [Table]
}

extension ReferenceIndex {
    /// Notes that are counted; more are said to be this many.
    private static let mostCounted = 1_000_000

    /// What there is; changes nothing.
    public func status() throws(MonikerError) -> IndexStatus {
        let layouts = try self.layouts()
        let noted = try tracking.notedChanges(
            of: layouts.map(\.layout.table), limit: Self.mostCounted, prefix: notesPrefix)
        var status = IndexStatus(
            state: "off", rows: 0, names: 0, always: 0, pending: noted?.changes.count ?? 0,
            bytes: 0, tables: [])
        guard isOn else {
            if noted != nil { status.state = "stale" }
            return status
        }
        let states = try tracking.trackingStates(
            of: layouts.map(\.tracked), prefix: notesPrefix)
        let (epoch, fingerprint, sources) = try inStore {
            (try $0.state("epoch"), try $0.state("census"), try $0.sources())
        }
        (status.rows, status.names, status.always) = try inStore { try $0.counts() }
        status.bytes = try inStore { try $0.size() }
        let isUsable = noted?.epoch == epoch && fingerprint == self.fingerprint
        status.state = isUsable ? "on" : "stale"
        status.tables = layouts.map { watched in
            var table = IndexStatus.Table(table: watched.name, indexed: false, reason: nil)
            switch states[watched.name] {
            case .tracked(let fingerprint):
                table.indexed = isUsable && sources[watched.name]?.fingerprint == fingerprint
                if !table.indexed { table.reason = UntrackedReason.changed.rawValue }
            case .untracked(let reason): table.reason = reason.rawValue
            case nil: table.reason = UntrackedReason.notTracked.rawValue
            }
            return table
        }
        return status
    }
}
