import Foundation
import Hashing
import Model
import SiteDatabase
import Synchronization
import Testing

/// A database engine that the port's suite runs on.
enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case mariadb
    case sqlite

    var testDescription: String { rawValue }

    static var available: [Engine] { MariaDBServer.isInstalled ? allCases : [.sqlite] }
}

/// An empty database of its own for one test, with the engine's own client as an oracle.
final class Fixture {
    let engine: Engine
    let name: String
    private static let counter = Mutex(0)

    init(_ engine: Engine) throws {
        self.engine = engine
        let number = Self.counter.withLock { (count: inout Int) -> Int in
            count += 1
            return count
        }
        switch engine {
        case .mariadb:
            name = "site\(number)"
            _ = try MariaDBServer.shared?.sql("CREATE DATABASE \(name)")
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "moniker-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            name = folder.appendingPathComponent("site.sqlite").path
            try sql("PRAGMA user_version = 1;")
        }
    }

    deinit {
        if engine == .sqlite {
            try? FileManager.default.removeItem(
                at: URL(fileURLWithPath: name).deletingLastPathComponent())
        } else {
            _ = try? MariaDBServer.shared?.sql("DROP DATABASE \(name)")
        }
    }

    /// Runs SQL with the engine's own client.
    @discardableResult
    func sql(_ statements: String) throws -> String {
        switch engine {
        case .mariadb:
            guard let server = MariaDBServer.shared else { throw ClientFailure(text: "no server") }
            return try server.sql(statements, database: name)
        case .sqlite:
            let (code, output, errors) = try run(
                "sqlite3", ["-batch", "-bail", "-separator", "\t", name],
                input: ".nullvalue NULL\n" + statements)
            if code != 0 { throw ClientFailure(text: errors) }
            return output.hasSuffix("\n") ? String(output.dropLast()) : output
        }
    }

    /// The options of a connection as root.
    func options(lockWaitSeconds: UInt32 = 1) -> MariaDBOptions {
        MariaDBOptions(
            socket: MariaDBServer.shared?.socket, user: "root", database: name,
            lockWaitSeconds: lockWaitSeconds)
    }

    /// Opens a connection.
    func open(lockWaitSeconds: UInt32 = 1) throws -> any SiteDatabase {
        switch engine {
        case .mariadb: try MariaDBDatabase(options(lockWaitSeconds: lockWaitSeconds))
        case .sqlite:
            try SQLiteDatabase(
                path: name,
                SQLiteDatabase.Options(lockWaitSeconds: min(Double(lockWaitSeconds), 0.2)))
        }
    }
}

extension SiteDatabase {
    /// All rows of a query.
    func rows(_ query: RowQuery) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try forEachRow(of: query) { (row) throws(MonikerError) in
            rows.append(row)
            return true
        }
        return rows
    }

    /// The table of a name.
    func table(_ name: String) throws -> TableSchema {
        let found = try tables(withPrefix: name).first { $0.name == name }
        guard let found else { throw ClientFailure(text: "no table \(name)") }
        return found
    }

    /// The keys of all rows of a table, as upper layers make them.
    func keys(of table: TableSchema) throws -> [RowKey] {
        let columns =
            table.primaryKey.isEmpty
            ? table.columns.filter { !$0.isGenerated }.map(\.name) : table.primaryKey
        return try rows(RowQuery(table: table.name, columns: columns)).map { values in
            RowKey(
                parts: zip(columns, values).map { RowKey.Part(column: $0, value: $1) },
                isPrimary: !table.primaryKey.isEmpty)
        }
    }

    /// One compare-and-swap in a transaction of its own.
    func swap(
        _ table: TableSchema, _ key: RowKey, _ column: String, from old: [UInt8],
        to value: SQLValue
    ) throws -> Bool {
        var swapped = false
        try transaction { (transaction) throws(MonikerError) in
            swapped = try transaction.compareAndSwap(
                table: table, key: key, column: column, expected: .of(old), value: value)
        }
        return swapped
    }
}

extension RowKey {
    /// A primary key of one column.
    static func primary(_ column: String, _ value: SQLValue) -> RowKey {
        RowKey(parts: [Part(column: column, value: value)], isPrimary: true)
    }
}

extension [UInt8] {
    init(_ text: String) { self = Array(text.utf8) }

    /// As SQL's HEX() writes it.
    var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

extension ContentDigest {
    /// The digest of some bytes.
    static func of(_ bytes: [UInt8]) -> ContentDigest { SHA256.digest(of: bytes) }
}

/// What a call threw, by its code; nil when it threw nothing.
func code(_ body: () throws -> Void) -> ErrorCode? {
    failure(body)?.code
}

/// What a call threw; nil when it threw nothing.
func failure(_ body: () throws -> Void) -> MonikerError? {
    do {
        try body()
        return nil
    } catch let error as MonikerError {
        return error
    } catch {
        return MonikerError(ErrorCode("not-a-moniker-error"), "\(error)")
    }
}
