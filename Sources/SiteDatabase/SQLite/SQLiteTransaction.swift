internal import GRDB
internal import Hashing
import Model

/// An open transaction on an SQLite connection, which holds the database's write lock.
final class SQLiteTransaction: SiteTransaction {
    private let database: Database
    private var hasEnded = false
    /// The first failure of a statement; with it, the transaction cannot be committed.
    private(set) var failure: MonikerError?

    init(_ database: Database) { self.database = database }

    /// Refuses every later call.
    func end() { hasEnded = true }

    /// Remembers a failure: with it, the transaction cannot be committed.
    func fail(_ error: MonikerError) { failure = failure ?? error }

    /// Runs a step unless an earlier one failed, and remembers its failure.
    func step<Value>(
        _ action: String, _ body: (Database) throws(SQLiteFailure) -> Value
    ) throws(MonikerError) -> Value {
        precondition(!hasEnded, "a transaction is used inside its body only")
        if let failure { throw failure }
        do throws(SQLiteFailure) {
            return try body(database)
        } catch {
            let failed = error.error(during: action)
            failure = failed
            throw failed
        }
    }

    func writeMarker(
        _ decision: MarkerDecision, after previous: MarkerDecision?, of id: JournalID,
        prefix: String
    ) throws(MonikerError) {
        let isWritten = try step("Writing a marker to table '\(prefix)moniker_tx'") {
            (database) throws(SQLiteFailure) -> Bool in
            let table = quotedSQLiteIdentifier(prefix + "moniker_tx")
            guard let previous else {
                try SQLiteStatement(
                    database, "INSERT INTO \(table) (id, decision) VALUES (?, ?)",
                    [.string(id.description), .string(decision.text)]
                ).run()
                return true
            }
            return try SQLiteStatement(
                database, "UPDATE \(table) SET decision = ? WHERE id = ? AND decision = ?",
                [.string(decision.text), .string(id.description), .string(previous.text)]
            ).run() == 1
        }
        guard isWritten else {
            let error = MonikerError(
                .duplicateKey,
                "The marker of \(id) no longer says '\(previous?.text ?? "")': another process has gone on with this change set, or has ended it",
                details: ["journal": "\(id)"])
            failure = error
            throw error
        }
    }

    func lockRow(
        table: TableSchema, key: RowKey, columns: [String]
    ) throws(MonikerError) -> [SQLValue]? {
        let condition = SQLiteCondition.key(key)
        let names = columns.map(quotedSQLiteIdentifier).joined(separator: ", ")
        return try step("Reading a row of table '\(table.name)'") {
            (database) throws(SQLiteFailure) in
            let row = try SQLiteStatement(
                database,
                """
                SELECT \(names.isEmpty ? "1" : names) FROM \(quotedSQLiteIdentifier(table.name)) \
                WHERE \(condition.sql) LIMIT 1
                """, condition.values
            ).nextRow()
            return row.map { columns.isEmpty ? [] : $0 }
        }
    }

    func compareAndSwap(
        table: TableSchema, key: RowKey, column: String, expected: ContentDigest,
        value: SQLValue
    ) throws(MonikerError) -> Bool {
        try step("Writing column '\(column)' of table '\(table.name)'") {
            (database) throws(SQLiteFailure) in
            let name = quotedSQLiteIdentifier(table.name)
            let cell = quotedSQLiteIdentifier(column)
            let condition = SQLiteCondition.key(key)
            let found = try SQLiteStatement(
                database, "SELECT \(cell) FROM \(name) WHERE \(condition.sql) LIMIT 1",
                condition.values
            ).digestOfNextRow()
            guard found == expected else { return false }
            let pins = try SQLitePins(of: table, in: database)
            try pins.lift(in: database)
            let changed = try SQLiteStatement(
                database, "UPDATE \(name) SET \(cell) = ? WHERE \(try Self.one(table, condition))",
                [.null] + condition.values
            ).run(binding: value, at: 1)
            try pins.restore(in: database)
            return changed == 1
        }
    }

    /// A condition that one row meets, also where several equal the key.
    static func one(
        _ table: TableSchema, _ condition: SQLiteCondition
    ) throws(SQLiteFailure) -> String {
        // A table without a primary key always has a row id; its three names can be columns, too.
        let taken = Set(table.columns.map { $0.name.lowercased() })
        guard table.primaryKey.isEmpty else { return condition.sql }
        guard let id = ["rowid", "_rowid_", "oid"].first(where: { !taken.contains($0) }) else {
            throw SQLiteFailure(
                code: ResultCode.SQLITE_MISUSE.rawValue,
                message: "columns hide all names of the row id")
        }
        let name = quotedSQLiteIdentifier(table.name)
        return "\(id) = (SELECT \(id) FROM \(name) WHERE \(condition.sql) LIMIT 1)"
    }
}

/// The triggers by which the plugin imitates `ON UPDATE CURRENT_TIMESTAMP`.
///
/// SQLite cannot pin such a column in the UPDATE itself, since the trigger runs afterwards; the
/// triggers are dropped for the length of the statement, inside the same transaction.
struct SQLitePins {
    private let triggers: [(name: String, definition: String)]

    /// Finds a table's triggers.
    init(of table: TableSchema, in database: Database) throws(SQLiteFailure) {
        var found: [(name: String, definition: String)] = []
        if table.columns.contains(where: \.updatesItself) {
            let statement = try SQLiteStatement(
                database,
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
                [.string(table.name)])
            let names = table.columns.map { Self.triggerName(table: table.name, column: $0.name) }
            while let row = try statement.nextRow() {
                guard names.contains(row[0].plainText) else { continue }
                found.append((row[0].plainText, row[1].plainText))
            }
        }
        triggers = found
    }

    /// What the plugin calls the trigger of a column.
    static func triggerName(table: String, column: String) -> String {
        "__\(table)_\(column)_on_update__"
    }

    /// Drops the triggers.
    func lift(in database: Database) throws(SQLiteFailure) {
        for trigger in triggers {
            let name = quotedSQLiteIdentifier(trigger.name)
            try SQLiteStatement(database, "DROP TRIGGER \(name)", []).run()
        }
    }

    /// Makes the triggers again, word for word.
    func restore(in database: Database) throws(SQLiteFailure) {
        for trigger in triggers {
            try SQLiteStatement(database, trigger.definition, []).run()
        }
    }
}
