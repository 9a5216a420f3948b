import Foundation
import GRDB
import Model

/// Writes what rows can name, inside one transaction of the store.
struct IndexWriter {
    private let findRow: Statement
    private let insertRow: Statement
    private let removeRow: Statement
    private let findNames: Statement
    private let insertName: Statement
    private let removeName: Statement
    private let database: Database

    init(_ database: Database) throws {
        self.database = database
        findRow = try database.cachedStatement(
            sql: "SELECT id FROM known_row WHERE source = ? AND row_key = ?")
        insertRow = try database.cachedStatement(
            sql: "INSERT INTO known_row (source, row_key) VALUES (?, ?)")
        removeRow = try database.cachedStatement(sql: "DELETE FROM known_row WHERE id = ?")
        insertName = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO name (key, known_row) VALUES (?, ?)")
        findNames = try database.cachedStatement(sql: "SELECT key FROM name WHERE known_row = ?")
        removeName = try database.cachedStatement(
            sql: "DELETE FROM name WHERE key = ? AND known_row = ?")
    }

    /// Begins a table anew.
    ///
    /// - Returns: its number.
    func beginSource(_ name: String) throws -> Int64 {
        try forgetSource(name)
        try database.execute(
            sql: """
                INSERT INTO source (name, fingerprint, last_key, sampled) VALUES (?, '', 0, 0)
                """, arguments: [name])
        return database.lastInsertedRowID
    }

    /// Forgets a table.
    func forgetSource(_ name: String) throws {
        guard
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM source WHERE name = ?", arguments: [name])
        else { return }
        try database.execute(
            sql: """
                DELETE FROM name WHERE known_row IN (SELECT id FROM known_row WHERE source = ?)
                """, arguments: [id])
        try database.execute(sql: "DELETE FROM known_row WHERE source = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM source WHERE id = ?", arguments: [id])
    }

    /// Writes down that a table has been read to its end.
    func finishSource(_ id: Int64, fingerprint: String, lastKey: Int64) throws {
        try database.execute(
            sql: "UPDATE source SET fingerprint = ?, last_key = ? WHERE id = ?",
            arguments: [fingerprint, lastKey, id])
    }

    /// Sets what a row can name; what it named before and still does is left alone, because each
    /// number of a row is on another page of the file.
    ///
    /// - Parameter isNew: whether it is known that the row is not in the index.
    func set(_ names: Set<Int64>, of key: [UInt8], in source: Int64, isNew: Bool) throws {
        let data = Data(key)
        if !isNew, let id = try Int64.fetchOne(findRow, arguments: [source, data]) {
            let known = try Int64.fetchSet(findNames, arguments: [id])
            for name in known.subtracting(names) {
                try removeName.execute(arguments: [name, id])
            }
            guard names.isEmpty else {
                return try insert(names.subtracting(known), row: id)
            }
            return try removeRow.execute(arguments: [id])
        }
        guard !names.isEmpty else { return }
        try insertRow.execute(arguments: [source, data])
        try insert(names, row: database.lastInsertedRowID)
    }

    private func insert(_ names: Set<Int64>, row: Int64) throws {
        for name in names { try insertName.execute(arguments: [name, row]) }
    }

    /// Raises the greatest key of a table.
    func raise(lastKey: Int64, of source: Int64) throws {
        try database.execute(
            sql: "UPDATE source SET last_key = max(last_key, ?) WHERE id = ?",
            arguments: [lastKey, source])
    }
}
