import Hashing
import Model

extension Engine {
    /// The old paths whose new names are in values that a rollback could not take back, because
    /// somebody edited them since.
    func pathsLeftRewritten(by id: JournalID) throws(MonikerError) -> Set<MediaPath> {
        let edits = try ports.journal.cellEdits(of: id).filter { !$0.isTransactional }
        guard !edits.isEmpty else { return [] }
        let tables = try ports.database.tables(withPrefix: scope.tablePrefix)
        var paths: Set<MediaPath> = []
        try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
            for edit in edits {
                guard let table = tables.first(where: { $0.name == edit.address.table }),
                    let bytes = try transaction.lockRow(
                        table: table, key: edit.address.key, columns: [edit.address.column])?
                        .first?.bytes
                else { continue }
                if SHA256.digest(of: bytes) != edit.before { paths.formUnion(edit.paths) }
            }
        }
        return paths
    }

    /// Takes back what a change set that is rolled back left in tables that cannot roll back (P8).
    func takeBackNonTransactionalCells(of id: JournalID) throws(MonikerError) {
        let edits = try ports.journal.cellEdits(of: id)
        guard edits.contains(where: { !$0.isTransactional }) else { return }
        try restoreNonTransactionalCells(
            edits, tables: try ports.database.tables(withPrefix: scope.tablePrefix))
    }

    /// Takes back what a rolled-back transaction left in tables that cannot roll back (P8).
    ///
    /// A cell that somebody changed since is left to them: it names files under names that work
    /// either way until recovery has looked at it.
    func restoreNonTransactionalCells(
        _ edits: [CellEditRecord], tables: [TableSchema]
    ) throws(MonikerError) {
        let leftovers = edits.filter { !$0.isTransactional }.reversed()
        guard !leftovers.isEmpty else { return }
        try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
            for edit in leftovers {
                guard let table = tables.first(where: { $0.name == edit.address.table }) else {
                    continue
                }
                let key = edit.address.key
                if let row = edit.row {
                    try restore(row, of: edit, in: table, transaction)
                    continue
                }
                let values = try transaction.lockRow(
                    table: table, key: key, columns: [edit.address.column])
                guard let value = values?.first, let bytes = value.bytes,
                    SHA256.digest(of: bytes) == edit.after
                else { continue }
                _ = try transaction.compareAndSwap(
                    table: table, key: key, column: edit.address.column, expected: edit.after,
                    value: value.replacing(
                        bytes: edit.splices.value(withDigest: edit.before, before: bytes)))
            }
        }
    }
}

extension Engine {
    /// Takes back that a row was added or deleted.
    private func restore(
        _ row: RowKey, of edit: CellEditRecord, in table: TableSchema,
        _ transaction: any SiteTransaction
    ) throws(MonikerError) {
        guard edit.kind == .delete else {
            _ = try transaction.deleteRow(table: table, row)
            return
        }
        let standing = try transaction.lockRow(table: table, key: edit.address.key, columns: [])
        if standing == nil { _ = try transaction.insertRow(table: table, row) }
    }
}

extension SQLValue {
    /// The same kind of value with other bytes: text stays text, binary stays binary.
    func replacing(bytes: [UInt8]) -> SQLValue {
        if case .blob = self { .blob(bytes) } else { .text(bytes) }
    }
}
